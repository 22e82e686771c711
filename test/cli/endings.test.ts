import { existsSync } from "node:fs";
import { open, readFile, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test, type TestContext } from "vitest";
import { createMakeClient } from "../../src/index.js";
import type { Fault, FaultOptions } from "../../src/testing/index.js";
import {
  type CommandLine,
  KEEP,
  KEEP_AND_WAIT,
  startCommandLine,
  type Started,
  until,
  useCommandFolder,
  writeHook,
} from "./command-line.js";

useCommandFolder();

const ROTATE = ["rotate", "--own", "--json", "--store"];
const CREATE = ["create", "--label", "ci", "--scope", "user:read", "--store", KEEP];
const RATE: Fault = { status: 429, headers: { "Retry-After": "20" } };

/** How far a command is, when something happens to it. */
interface Stage {
  readonly args?: readonly string[];
  /** What the zone does with the request that is waited for. */
  readonly fault?: Fault;
  readonly options?: FaultOptions & { readonly method: string };
  readonly env?: NodeJS.ProcessEnv;
}
const LISTING: Stage = { fault: "stall-headers", options: { method: "GET" } };
const CREATING: Stage = { fault: "stall-headers", options: { method: "POST", done: true } };
const STORING: Stage = {};

/** Starts a command, and waits until it is there; without a fault, until the store has the secret. */
async function reach({ onTestFinished }: TestContext, stage: Stage) {
  const it = await startCommandLine(onTestFinished);
  const { args = [...ROTATE, KEEP_AND_WAIT], fault, options, env } = stage;
  if (fault) it.zone.fail(fault, options);
  const started = it.start(args, { env: { NOW: `${it.vault}.now`, ...env } });
  const isThere = () => it.methods().endsWith(`${options?.method}`);
  await until(() => (fault ? isThere() : existsSync(`${it.vault}.begun`)));
  return { it, started };
}

const go = ({ vault }: CommandLine) => writeFile(`${vault}.go`, "");

/** As a terminal does at Ctrl-C: to the command and to whatever is in its group. */
const signal = ({ child }: Started, name: NodeJS.Signals) => process.kill(-(child.pid ?? 0), name);

describe.concurrent.each<NodeJS.Signals>(["SIGINT", "SIGTERM"])("%s", (name) => {
  test("ends a rotation before its create, with nothing changed", async (context) => {
    const { it, started } = await reach(context, LISTING);
    signal(started, name);
    const { code, stderr, lastLine } = await started.ended;
    expect([code, lastLine]).toEqual([1, "Nothing has changed."]);
    expect([stderr, it.methods()]).toEqual([expect.stringMatching(`ended by ${name}`), "GET"]);
  });

  test("lets a rotation that has a successor finish, however often it comes", async (context) => {
    const { it, started } = await reach(context, STORING);
    for (const each of [name, "SIGINT", "SIGTERM", "SIGHUP"] as const) signal(started, each);
    await go(it);
    const { code, stderr } = await started.ended;
    expect([code, stderr.match(/nothing more is begun/g)?.length]).toEqual([0, 1]);
    expect(it.alive()).toHaveLength(1);
  });

  test("lets a create that is sent finish, and its store begin", async (context) => {
    const stage: Stage = { args: CREATE, fault: "drip", options: { method: "POST" } };
    const { it, started } = await reach(context, stage);
    signal(started, name);
    expect(await started.ended).toMatchObject({ code: 0 });
    expect(await it.held()).toBe(it.zone.tokens[1]?.token);
  });

  test.for([
    [1, CREATE, "POST"],
    [3, ["delete", "2020-03-27T05:53:27.368Z"], "DELETE"],
  ] as const)("ends the wait before another attempt with %d", async (row, context) => {
    const [code, args, method] = row;
    const { it, started } = await reach(context, { args, fault: RATE, options: { method } });
    // Until the answer has come, of which there is no other sign.
    await setTimeout(300);
    signal(started, name);
    expect(await started.ended).toMatchObject({ code });
    expect(it.methods()).toBe(method);
  });

  test("changes no exit code of a command that is done", async ({ onTestFinished }) => {
    const started = (await startCommandLine(onTestFinished)).start(["list"]);
    await new Promise((resolve) => started.child.stdout?.once("data", resolve));
    while (started.child.exitCode === null && started.child.kill(name)) await setTimeout(1);
    expect(await started.ended).toMatchObject({ code: 0 });
  });
});

test.concurrent("SIGHUP changes nothing, as after nohup", async (context) => {
  const { started } = await reach(context, {
    args: [...ROTATE, KEEP],
    fault: "drip",
    options: { method: "GET" },
  });
  signal(started, "SIGHUP");
  expect(await started.ended).toMatchObject({ code: 0 });
});

test.concurrent(
  "a reader and a terminal that go away leave no rotation half done",
  async (context) => {
    const { it, started } = await reach(context, STORING);
    started.child.stdout?.destroy();
    started.child.stderr?.destroy();
    signal(started, "SIGHUP");
    await go(it);
    expect([(await started.ended).code, it.alive().length]).toEqual([0, 1]);
  },
);

/** What others do in the same process, as soon as a file is there. */
describe.concurrent.each([
  ["an exception", 'throw new Error("of others")'],
  ["a falsy exception", "throw undefined"],
  ["a rejection", 'Promise.reject(new Error("of others"))'],
  ["an exit with 0", "process.exit(0)"],
  ["an exit with 1", "process.exitCode = 1; process.exit()"],
])("%s of others", (_, code) => {
  test.for<[number, string, Stage, RegExp]>([
    [1, "before the create is sent", LISTING, /^Nothing has changed\.$/],
    [3, "while the create is sent", CREATING, /^Alive: .* OLD, and perhaps a successor/],
    [3, "while the store runs", STORING, /^Alive: the tokens created OLD and NEW/],
  ])("ends with %d %s", async ([exitCode, , stage, last], context) => {
    const hook = `import { existsSync } from "node:fs";
      setInterval(() => { if (existsSync(process.env.NOW)) { ${code} } }, 10);`;
    const { it, started } = await reach(context, { ...stage, env: await writeHook(hook) });
    await writeFile(`${it.vault}.now`, "");
    const ended = await started.ended;
    await go(it);
    const [old = "", added = "none"] = it.alive();
    const lastLine = ended.lastLine?.replace(old, "OLD").replace(added, "NEW");
    expect([ended.code, lastLine]).toEqual([exitCode, expect.stringMatching(last)]);
    expect(JSON.parse(ended.stdout)).toMatchObject({ exitCode, message: ended.lastLine });
  });
});

test.concurrent.for([
  [1, "GET", /^Nothing has changed/],
  [3, "POST", /and perhaps a successor/],
  [3, "DELETE", /which the store holds/],
] as const)("an event loop that runs empty ends with %d where %s waits", async (row, context) => {
  const [code, method, last] = row;
  const hook = `const { setTimeout: later, fetch: send } = globalThis;
    globalThis.setTimeout = (...args) => later(...args).unref();
    globalThis.fetch = async (url, init) => {
      const response = await send(url, init);
      if (init.method !== "${method}") return response;
      await response.text();
      return new Promise(() => {});
    };`;
  const it = await startCommandLine(context.onTestFinished);
  const ended = await it.run([...ROTATE, KEEP], { env: await writeHook(hook) });
  expect([ended.code, ended.lastLine]).toEqual([code, expect.stringMatching(last)]);
});

test.each([
  [1, "no global fetch", "delete globalThis.fetch"],
  [3, "a fetch that throws", "globalThis.fetch = () => { throw new TypeError('of others'); }"],
])("ends with %d: a create with %s", async (code, _, hook) => {
  const it = await startCommandLine();
  expect(await it.run(CREATE, { env: await writeHook(hook) })).toMatchObject({ code });
});

describe("standard output", () => {
  test.runIf(existsSync("/dev/full")).each<[number, string[], RegExp]>([
    [1, ["list"], /^Nothing has changed\. .*ENOSPC/],
    [1, ["--version"], /^Nothing has changed\. .*ENOSPC/],
    [3, CREATE, /^Done: .*ENOSPC/],
    [3, [...ROTATE, KEEP], /^Done: .* is deleted\. .*ENOSPC/],
    [2, ["list", "all"], /^Wrong usage/],
  ])("on a full disk ends with %d: %j", async (code, args, last) => {
    const it = await startCommandLine();
    await using full = await open("/dev/full", "w");
    const ended = await it.run(args, { stdio: ["ignore", full.fd, "pipe"] });
    expect([ended.code, ended.lastLine]).toEqual([code, expect.stringMatching(last)]);
  });

  test("that takes a part of the output ends with 1, and a reader that has left with 0", async () => {
    const it = await startCommandLine();
    const { apiTokens } = createMakeClient({ baseUrl: it.zone.baseUrl, token: it.zone.token });
    await apiTokens.create({ label: "x".repeat(9000), scope: [] });
    const list = `make-api-tokens list --base-url "$ZONE"`;
    const ended = await it.shell(`ulimit -f 4; ${list} > "$VAULT"`);
    expect([ended.code, ended.lastLine]).toEqual([1, expect.stringMatching("EFBIG")]);
    expect((await readFile(it.vault)).length).toBeGreaterThan(4000);
    for (const end of [`| true; exit "\${PIPESTATUS[0]}"`, "2>&- >&-"])
      expect(await it.shell(`${list} ${end}`)).toMatchObject({ code: 0 });
  });
});

test("a person at a terminal sees what is waited for, on plain lines", async ({ skip }) => {
  const it = await startCommandLine();
  if ((await it.shell("script --version")).code) skip();
  it.zone.fail({ status: 503 });
  const command = `make-api-tokens rotate --own --store true --base-url $ZONE`;
  const { code, stdout } = await it.shell(`script -qec '${command}' /dev/null`);
  const lines = ["waiting for GET http", ": 503, again in \\d+ s", "waiting for the store"];
  expect([code, stdout]).toEqual([0, expect.stringMatching(lines.join("[^]*"))]);
  expect(stdout).not.toContain("\x1b");
});
