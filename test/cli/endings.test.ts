import { existsSync } from "node:fs";
import { open, readFile, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Fault } from "../../src/testing/index.js";
import * as commandLine from "./command-line.js";

const { KEEP, KEEP_AND_WAIT, startCommandLine, until, writeHook } = commandLine;
commandLine.useCommandFolder();

const ROTATE = ["rotate", "--own", "--json", "--store"];
const CREATE = ["create", "--label", "ci", "--scope", "user:read", "--store", KEEP];
const RATE: Fault = { status: 429, headers: { "Retry-After": "20" } };

/** How far a command is: a request with that method meets that fault, or the store has the secret. */
const STAGES: Record<string, [args: string[], method?: string, fault?: Fault]> = {
  "that lists": [[...ROTATE, KEEP], "GET", "stall-headers"],
  "whose create is sent": [[...ROTATE, KEEP], "POST", "stall-headers"],
  "whose create is sent, and answered": [CREATE, "POST", "drip"],
  "that waits to create again": [CREATE, "POST", RATE],
  "that waits to create a successor again": [[...ROTATE, KEEP], "POST", RATE],
  "whose store runs": [[...ROTATE, KEEP_AND_WAIT]],
  "that waits to delete again": [[...ROTATE, KEEP], "DELETE", RATE],
};

/** What others do in the same process. */
const OTHERS = [
  'throw new Error("of others")',
  'Promise.reject(new Error("of others"))',
  "process.exitCode = 1; process.exit()",
];
const NOTHING = /^Nothing has changed\.$/;
const NEW = /There may be a new/;
const MANY: NodeJS.Signals[] = ["SIGHUP", "SIGTERM", "SIGINT", "SIGHUP", "SIGTERM"];

/** What happens, to a command at which stage, and how that ends. */
type Row = [happens: NodeJS.Signals[] | string, stage: string, code: number, last: RegExp];
const ENDS: Row[] = [
  [["SIGINT"], "that lists", 1, NOTHING],
  [["SIGINT"], "whose create is sent, and answered", 0, /^Done: /],
  [["SIGINT"], "that waits to create again", 1, NOTHING],
  [["SIGINT"], "that waits to create a successor again", 1, NOTHING],
  [MANY, "whose store runs", 0, /^Done: /],
  ["process.exit(0)", "that waits to delete again", 3, /^The store .* NEW\. .* OLD", with the new/],
  ...OTHERS.flatMap((code): Row[] => [
    [code, "that lists", 1, NOTHING],
    [code, "whose create is sent", 3, /OLD is alive. There may be a new/],
    [code, "whose store runs", 3, /OLD is alive, and the one created NEW may be/],
  ]),
];
test.concurrent.for(ENDS)("%s, to a command %s, ends with %d", async (row, context) => {
  const [happens, stage, code, last] = row;
  const [args = [], method = "", fault] = STAGES[stage] ?? [];
  const it = await startCommandLine(context.onTestFinished);
  if (fault) it.zone.fail(fault, { method, done: stage === "whose create is sent" });
  const hook = `import { existsSync } from "node:fs";
    setInterval(() => { if (existsSync("${it.vault}.now")) { ${happens} } }, 10);`;
  const env = typeof happens === "string" ? await writeHook(hook) : {};
  const { child, ended } = it.start(args, { env });
  await until(() => (fault ? it.methods().endsWith(method) : existsSync(`${it.vault}.begun`)));
  // The answer has come: there is no other sign of it.
  if (fault === RATE) await setTimeout(300);

  // As a terminal does at Ctrl-C: to the command and to whatever is in its group.
  if (typeof happens === "string") await writeFile(`${it.vault}.now`, "");
  else for (const signal of happens) process.kill(-(child.pid ?? 0), signal);
  if (code === 0) await writeFile(`${it.vault}.go`, "");
  const { stdout, stderr, ...end } = await ended;
  await writeFile(`${it.vault}.go`, "");
  const [old = "", added = "none"] = it.alive();
  const lastLine = end.lastLine?.replace(old, "OLD").replace(added, "NEW");
  expect([end.code, lastLine]).toEqual([code, expect.stringMatching(last)]);
  expect(/nothing more is begun/.test(stderr)).toBe(typeof happens !== "string");
  if (code === 0) expect(it.zone.tokens.at(-1)?.token).toBe(await it.held());
  if (args.includes("--json") && code)
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: code, message: end.lastLine });
});

/** The loop has nothing to wait for where the answer to the create never comes. */
const EMPTY = `const { setTimeout: later, fetch: send } = globalThis;
  globalThis.setTimeout = (...args) => later(...args).unref();
  globalThis.fetch = async (url, init) => {
    const response = await send(url, init);
    return init.method === "POST" ? new Promise(() => void response.text()) : response;
  };`;
/** The create is in flight at a signal, and is then refused for now. */
const REFUSED = `globalThis.fetch = async () => {
  process.kill(process.pid, "SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 100));
  return new Response("{}", { status: 429, headers: { "Retry-After": "20" } });
};`;
test.each([
  [1, "a signal before it is refused", REFUSED, NOTHING],
  [1, "no global fetch", "delete globalThis.fetch", NOTHING],
  [3, "a fetch that throws", "globalThis.fetch = () => { throw new TypeError(); }", NEW],
  [3, "an event loop that runs empty", EMPTY, NEW],
])("ends with %d: a create with %s", async (code, _, hook, last) => {
  const ended = await (await startCommandLine()).run(CREATE, { env: await writeHook(hook) });
  expect([ended.code, ended.lastLine]).toEqual([code, expect.stringMatching(last)]);
});

test.runIf(existsSync("/dev/full")).each<[number, string[], RegExp]>([
  [1, ["list"], NOTHING],
  [3, CREATE, /^Done: /],
  [3, [...ROTATE, KEEP], /^Done: .* is deleted\.$/],
])("standard output on a full disk ends with %d: %j", async (code, args, last) => {
  const it = await startCommandLine();
  await using full = await open("/dev/full", "w");
  const ended = await it.run(args, { stdio: ["ignore", full.fd, "pipe"] });
  expect([ended.code, ended.lastLine]).toEqual([code, expect.stringMatching(last)]);
  expect(ended.stderr).toContain("ENOSPC");
});

test("standard output that takes a part of it ends with 1, and a reader that has left with 0", async () => {
  const it = await startCommandLine();
  await it.apiTokens.create({ label: "x".repeat(9000), scope: [] });
  const list = `make-api-tokens list --base-url "$ZONE"`;
  const ended = await it.shell(`ulimit -f 4; ${list} > "$VAULT"`);
  expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching("EFBIG")]);
  expect((await readFile(it.vault)).length).toBeGreaterThan(4000);
  for (const end of [`| true; exit "\${PIPESTATUS[0]}"`, "2>&- >&-"])
    expect(await it.shell(`${list} ${end}`)).toMatchObject({ code: 0 });
});

test("standard error says what is waited for", async () => {
  const it = await startCommandLine();
  it.zone.fail({ status: 503 });
  const { code, stderr } = await it.run([...ROTATE, KEEP]);
  const lines = /^GET \S+: 503, again in \d+ s\nwaiting for the store .*\nDone: .*\n$/;
  expect([code, stderr]).toEqual([0, expect.stringMatching(lines)]);
});
