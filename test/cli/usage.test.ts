import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { HELP, readArguments } from "../../src/cli/usage.js";
import { startCommandLine, useCommandFolder } from "./command-line.js";

useCommandFolder();

const SECRET = "7615989d-d213-48dc-b625-27133ae3f1a8";
const STORE = ["--store", "cat"];
const CREATE = ["create", "--label", "ci", "--scope", "user:read", ...STORE];

test.each([
  ["-h", HELP],
  ["rotate --help", HELP],
  ["--version", manifest.version],
])("%s prints that alone", async (line, stdout) => {
  const { run } = await startCommandLine();
  const ended = await run(line.split(" "), { env: { MAKE_API_KEY: "" } });
  expect(ended).toMatchObject({ code: 0, stdout: `${stdout}\n`, stderr: "" });
  expect(HELP).toMatch(/"while read -r t" stores\s+nothing/);
});

/** What is wrong, the arguments, and the words that say what to do. */
const WRONG: [what: string, args: string[], remedy: RegExp][] = [
  ["no command", [], /^command: pass list, create, delete, rotate or --help$/],
  ["another command", [SECRET], /^command: pass list/],
  ["an option of another command", ["list", ...STORE], /^usage: make-api-tokens list \[--json\]/],
  ["a word too many", ["list", SECRET], /^usage/],
  ["no value for an option", ["rotate", "--own", "--store"], /--store/],
  ["a scope with a comma", [...CREATE, "--scope", "user:read,user:write"], /repeat it/],
  ["an empty label", ["rotate", "--label", "", ...STORE], /^--label: .*empty/],
  ["a label that is not UTF-8", ["rotate", "--label", "gr\ufffdn", ...STORE], /UTF-8/],
  ["an empty store", ["rotate", "--own", "--store", " "], /^--store: .*empty/],
  ["two tokens to rotate", ["rotate", "--own", "--label", "ci", ...STORE], /^usage/],
  ["a time with a unit", ["rotate", "--own", ...STORE, "--timeout", "10s"], /number of seconds/],
  ["no timestamp", ["delete"], /^created: pass an RFC 3339/],
  ["a secret for a timestamp", ["delete", SECRET], /^created: pass an RFC 3339 date-time/],
  ["a zone and a base URL", ["list", "--zone", "eu1", "--base-url", "x"], /--zone <zone> \|/],
];

describe("wrong usage", () => {
  test.each(WRONG)("is %s, and no value is quoted", (_, args, remedy) => {
    expect(() => readArguments(args)).toThrow(remedy);
    expect(() => readArguments(args)).not.toThrow(SECRET);
  });

  /** Without the zone's address. */
  const ENVIRONMENTS: [what: string, args: string, env: NodeJS.ProcessEnv, remedy: RegExp][] = [
    ["no zone", "list", {}, /^--zone: .*MAKE_ZONE.*--base-url/],
    ["an option that does not exist", `list --${SECRET}`, {}, /Unknown option/],
    ["an unknown zone", `list --zone ${SECRET}`, {}, /^--zone: .*eu1/],
    ["no token", "list --zone eu1", { MAKE_API_KEY: "" }, /MAKE_API_KEY/],
    ["bytes that are not UTF-8", "delete $'\\xff'", {}, /UTF-8/],
  ];
  test.each(ENVIRONMENTS)("ends with 2, and sends nothing: %s", async (_, args, env, remedy) => {
    const { shell, methods } = await startCommandLine();
    const ended = await shell(`make-api-tokens ${args}`, env);
    expect(ended).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(remedy) });
    expect(ended.lastLine).toBe('Wrong usage: see "make-api-tokens --help".');
    expect(ended.stderr).not.toContain(SECRET);
    expect(methods()).toBe("");
  });
});
