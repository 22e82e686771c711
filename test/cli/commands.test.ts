import { beforeEach, expect, test } from "vitest";
import type { Fault } from "../../src/testing/index.js";
import { type CommandLine, KEEP, startCommandLine, useCommandFolder } from "./command-line.js";

useCommandFolder();
let it: CommandLine;
let other: string;
beforeEach(async () => {
  it = await startCommandLine();
  other = (await create("ci")).created;
});

const create = (label: string) => it.apiTokens.create({ label, scope: ["user:read"] });
const CREATE = "create --label new --scope user:read --scope user:write --store".split(" ");

test("list prints a line for each token, or what the client returns as JSON", async () => {
  const [own, ci] = await it.apiTokens.list();
  const lines = `${own?.created}\t${own?.token}\tfake zone\tuser:read user:write
${other}\t${ci?.token}\tci\tuser:read\n`;
  expect(await it.run(["list"])).toMatchObject({ code: 0, stdout: lines, stderr: "" });
  const { stdout, stderr } = await it.run(["list", "--json"]);
  expect([JSON.parse(stdout), stderr]).toEqual([[own, ci], ""]);
});

test("list shows no secret, even where the zone does, and no label steers the terminal", async () => {
  const { token } = await create("ci");
  const label = `${it.zone.token} a\x1b[2Jb\u202ec\u200bd\u009b31me\tf\ng\u{e0041}`;
  it.zone.fail({ body: { apiTokens: [{ token, created: "now", label, scope: [] }] } });
  const { stdout } = await it.run(["list"]);
  expect(stdout).toMatch(/^now\t\[redacted\]\t\[redacted\] a[\x20-\x7e]+g\t\n$/);
});

test("create gives the store the secret, and prints the timestamp, as delete does", async () => {
  const { code, stdout, lastLine } = await it.run([...CREATE, KEEP]);
  const created = it.zone.tokens[2];
  expect(created).toMatchObject({ label: "new", scope: ["user:read", "user:write"] });
  expect([code, stdout]).toEqual([0, `${created?.created}\n`]);
  expect(lastLine).toBe(`Done: the store holds the token created ${created?.created}.`);
  expect(await it.held()).toBe(created?.token);
  const deleted = await it.run(["delete", `${created?.created}`]);
  expect(deleted).toMatchObject({ code: 0, stdout });
  expect(it.alive()).toHaveLength(2);
});

test.each([
  ["--own", 0],
  ["--label ci", 1],
  ["--created OTHER", 1],
])(
  "rotate %s survives that the deletion of the old token is not answered",
  async (which, index) => {
    const [old, label] = [it.alive()[index], it.zone.tokens[index]?.label];
    it.zone.fail("reset", { method: "DELETE", done: true });
    const args = which.replace("OTHER", other.replace("Z", "+00:00")).split(" ");
    const { code, stdout, lastLine } = await it.run(["rotate", ...args, "--store", KEEP, "--json"]);
    const { created: successor } = it.zone.tokens[1] ?? {};
    const alive = [successor];
    expect(JSON.parse(stdout)).toEqual({ exitCode: 0, message: lastLine, old, successor, alive });
    expect([code, lastLine]).toEqual([0, expect.stringMatching(`^Done: .*${old} is deleted.$`)]);
    expect(it.zone.tokens.slice(1)).toMatchObject([{ label, token: await it.held() }]);
  },
);

test.each([
  ["exactly one token has to match, and 0 do", "none"],
  ["exactly one token has to match, and 2 do", "ci"],
])("rotate creates nothing where %s", async (words, label) => {
  await create("ci");
  const ended = await it.run(["rotate", "--label", label, "--store", KEEP]);
  expect(ended).toMatchObject({ code: 1, stdout: "", lastLine: "Nothing has changed." });
  expect([ended.stderr, it.alive().length]).toEqual([expect.stringContaining(words), 3]);
});

const ROTATE = ["rotate", "--label", "ci", "--json", "--store"];
const DENIED: Fault = { status: 403 };
const NOTHING = "^Nothing has changed.$";

/** A command, a fault, the exit code, and what the last line says. */
const ENDS: [code: number, args: string[], method: string, fault: Fault, last: string][] = [
  [1, ["list", "--json"], "GET", "html", NOTHING],
  [1, [...CREATE, "exit 75"], "POST", "drip", NOTHING],
  [3, [...CREATE, KEEP], "POST", "cut-json", '^There may be a new .* that label, .* list"'],
  [3, [...CREATE, "exit 75"], "GET", DENIED, 'NEW may be alive, .*the same .*delete NEW"'],
  [3, [...CREATE, "exit 75"], "DELETE", DENIED, 'NEW may be alive, .*the same .*delete NEW"'],
  [3, [...CREATE, "exit 1"], "PUT", "html", 'NEW may be alive, .*the same .*delete NEW"'],
  [1, ["delete", "2020-03-27T05:53:27.368Z"], "PUT", "html", NOTHING],
  [3, ["delete", "OTHER"], "DELETE", { status: 408 }, "OTHER may be alive. Run the same"],
  [1, [...ROTATE, KEEP], "POST", DENIED, NOTHING],
  [3, [...ROTATE, KEEP], "POST", "html", "OTHER is alive. There may be a new"],
  [3, [...ROTATE, "exit 75"], "DELETE", DENIED, "OTHER is alive, and .* NEW may be"],
  [3, [...ROTATE, KEEP], "DELETE", DENIED, '^The store holds .* NEW.*delete OTHER".$'],
];
test.each(ENDS)("ends with %d: %j, where a %s is answered with %j", async (...row) => {
  const [code, args, method, fault, last] = row;
  it.zone.fail(fault, { method, times: Infinity, done: fault === "cut-json" });
  const before = it.alive();
  const ended = await it.run(args.map((arg) => arg.replace("OTHER", other)));
  const added = `${it.alive().find((created) => !before.includes(created))}`;
  const lastLine = ended.lastLine?.replaceAll(other, "OTHER").replaceAll(added, "NEW");
  expect([ended.code, lastLine]).toEqual([code, expect.stringMatching(last)]);
  if (code === 1) expect(it.alive()).toEqual(before);
  if (!args.includes("--json")) return expect(ended.stdout).toBe("");
  const { alive, ...json } = JSON.parse(ended.stdout);
  expect(json).toMatchObject({ exitCode: code, message: ended.lastLine });
  if (fault !== "html") expect(json.error).toMatchObject({ name: expect.stringMatching(/^Make/) });
  expect(json.error.message).toBe(ended.stderr.split("\n").at(-3));
  if (method !== "GET") expect(alive).toEqual(it.alive().slice(1));
});

test.each([
  ["--label", "ci", KEEP],
  ["--created", "OTHER", "true"],
])("rotate %s leaves one token after its remedy", async (option, value, first) => {
  const args = ["rotate", option, value.replace("OTHER", other), "--store"];
  const { code, lastLine = "" } = await it.run([...args, `${first}; exit 1`]);
  expect([code, lastLine]).toEqual([3, expect.stringMatching("Run the same command again")]);
  const [, , successor = ""] = it.alive();
  const instead = /with (--created) (\S+) for --label/.exec(lastLine)?.slice(1) ?? args.slice(1, 3);
  const again = await it.run(["rotate", ...instead, "--store", KEEP]);
  expect(again).toMatchObject({ code: 0, stdout: `${it.alive().at(-1)}\n` });
  expect(await it.run(["delete", successor])).toMatchObject({ code: 0 });
  expect(it.zone.tokens.slice(1).map(({ token }) => token)).toEqual([await it.held()]);
});
