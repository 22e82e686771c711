import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createMakeClient } from "../../src/index.js";
import { USAGE } from "../../src/cli/usage.js";
import { type CommandLine, startCommandLine, useCommandFolder } from "./command-line.js";
import manifest from "../../package.json" with { type: "json" };

useCommandFolder();
let it: CommandLine;
beforeEach(async () => {
  it = await startCommandLine();
});

const NAMES = Object.keys(USAGE);

describe("--help", () => {
  test.each([[["--help"]], [["-h"]], ...NAMES.map((name) => [[name, "--help"]])])(
    "%j says how it is used, what it exits with and where the token comes from",
    async (args) => {
      const { code, stdout, stderr } = await it.run(args, { MAKE_API_KEY: "" });
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/^Usage: make-api-tokens /);
      for (const word of ["MAKE_API_KEY", "--zone", "--base-url", "Exit codes:", "Example:"]) {
        expect(stdout).toContain(word);
      }
      expect(stdout).not.toMatch(/.{111}/);
      expect(it.zone.requests).toEqual([]);
    },
  );

  test("names every command, and each of them all of its options", async () => {
    const overall = (await it.run(["--help"])).stdout;
    for (const name of NAMES) {
      expect(overall).toContain(`\n  ${name} `);
      const { stdout } = await it.run([name, "--help"]);
      const options = stdout.match(/(?<=^  )--[a-z-]+/gm) ?? [];
      const [usage = ""] = stdout.split("\n");
      for (const used of usage.match(/--[a-z]+/g) ?? []) expect(options).toContain(used);
    }
  });

  test.each([[["--help"]], ...NAMES.map((name) => [[name, "--help"]])])(
    "%j ends with an example that works",
    async (args) => {
      const { stdout } = await it.run(args);
      const example = stdout
        .split("Example:\n")[1]
        ?.trim()
        .replace("--zone eu1", '--base-url "$ZONE"');
      // The example of `delete` names a token of that time.
      vi.useFakeTimers({ toFake: ["Date"], now: new Date("2020-03-27T05:53:27.368Z") });
      const { baseUrl, token } = it.zone;
      await createMakeClient({ baseUrl, token }).apiTokens.create({ label: "old", scope: [] });
      vi.useRealTimers();
      const { code, stderr } = await it.shell(example ?? "");
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      if (example?.includes("gh secret set")) {
        const kept = it.zone.tokens.find((found) => found.token !== token)?.token ?? "";
        const vault = await readFile(it.vault, "utf8");
        expect(it.zone.tokens.map((found) => found.token)).toContain(vault);
        expect(kept).not.toBe("");
      } else {
        expect(it.zone.requests.length).toBeGreaterThan(1);
      }
    },
  );
});

test("--version prints the version alone", async () => {
  const { code, stdout } = await it.run(["--version"], { MAKE_API_KEY: "" });
  expect([code, stdout]).toEqual([0, `${manifest.version}\n`]);
});

const STORE = ["--store", "cat"];
const CREATED = "2020-03-27T05:53:27.368Z";

describe("wrong usage", () => {
  test.each<[string, string[]]>([
    ["no command", []],
    ["another command", ["revoke"]],
    ["an inherited name for a command", ["constructor"]],
    ["an option that does not exist", ["list", "--token", "x"]],
    ["an option of another command", ["list", ...STORE]],
    ["a word too many", ["list", "all"]],
    ["a value for a flag", ["list", "--json=yes"]],
    ["no value for an option", ["rotate", "--own", "--store"]],
    ["no label", ["create", "--scope", "user:read", ...STORE]],
    ["no scope", ["create", "--label", "ci", ...STORE]],
    ["no store", ["create", "--label", "ci", "--scope", "user:read"]],
    ["a store that is empty", ["rotate", "--own", "--store", " "]],
    ["no token to rotate", ["rotate", ...STORE]],
    ["two tokens to rotate", ["rotate", "--own", "--label", "ci", ...STORE]],
    ["a time without a unit of its own", ["rotate", "--own", ...STORE, "--timeout", "10s"]],
    ["no time", ["rotate", "--own", ...STORE, "--timeout", "0"]],
    ["no timestamp", ["delete"]],
    ["two timestamps", ["delete", CREATED, CREATED]],
    ["a timestamp that is none", ["delete", "yesterday"]],
    ["a timestamp to rotate that is none", ["rotate", "--created", "yesterday", ...STORE]],
    ["a zone and a base URL", ["list", "--zone", "eu1"]],
  ])("%s ends with 2, and sends nothing", async (_, args) => {
    const { code, stdout, lastLine } = await it.run(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(lastLine).toMatch(/^Wrong usage: see "make-api-tokens .*--help"\.$/);
    expect(it.zone.requests).toEqual([]);
  });

  test("no token, a token that is none and an unknown zone end with 2", async () => {
    expect(await it.run(["list"], { MAKE_API_KEY: undefined })).toMatchObject({ code: 2 });
    expect(await it.run(["list"], { MAKE_API_KEY: "Token x" })).toMatchObject({ code: 2 });
    const { code, stderr } = await it.runBare(["list"], { MAKE_ZONE: "mars" });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/eu1/)]);
  });

  test("names the options that there are", async () => {
    const { code, stderr } = await it.run(["list", "--nope"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("--label, --scope, --created")]);
    expect((await it.run(["list", "--own"])).stderr).toContain("list takes no --own, but --json");
  });

  test("quotes no value, which might be a token", async () => {
    const secret = "7615989d-d213-48dc-b625-27133ae3f1a8";
    for (const args of [
      [secret],
      ["list", secret],
      ["delete", secret],
      ["list", "--zone", secret],
    ]) {
      const { code, stderr } = await it.runBare(args);
      expect([code, stderr]).toEqual([2, expect.not.stringContaining(secret)]);
    }
  });
});
