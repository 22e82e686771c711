import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { open, readFile, writeFile } from "node:fs/promises";
import { describe, expect, test, type TestContext } from "vitest";
import { createMakeClient } from "../../src/index.js";
import {
  type CommandLine,
  inFolder,
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
const isStored = ({ vault }: CommandLine) => existsSync(`${vault}.begun`);
const go = ({ vault }: CommandLine) => writeFile(`${vault}.go`, "");

/** A rotation whose store has the secret, and waits. */
async function startRotation({ onTestFinished }: TestContext, env: NodeJS.ProcessEnv = {}) {
  const it = await startCommandLine(onTestFinished);
  const started = it.start([...ROTATE, KEEP_AND_WAIT], { env });
  await until(() => isStored(it));
  return { it, started };
}

/** As a terminal does at Ctrl-C: to the command and to whatever is in its group. */
const signal = ({ child }: Started, name: NodeJS.Signals) => process.kill(-(child.pid ?? 0), name);

describe.concurrent.each<NodeJS.Signals>(["SIGINT", "SIGTERM"])("%s", (name) => {
  test("ends a rotation before its create, with nothing changed", async ({ onTestFinished }) => {
    const it = await startCommandLine(onTestFinished);
    it.zone.fail("stall-headers", { method: "GET" });
    const started = it.start([...ROTATE, KEEP]);
    await until(() => it.methods() === "GET");
    signal(started, name);
    const { code, stderr, lastLine } = await started.ended;
    expect([code, lastLine]).toEqual([1, "Nothing has changed."]);
    expect(stderr).toMatch(`ended by ${name}`);
    expect(it.methods()).toBe("GET");
  });

  test("lets a rotation that has a successor finish, however often it comes", async (context) => {
    const { it, started } = await startRotation(context);
    for (const each of [name, "SIGINT", "SIGTERM", "SIGHUP"] as const) signal(started, each);
    await go(it);
    const { code, stderr, lastLine } = await started.ended;
    expect([code, lastLine]).toEqual([0, expect.stringMatching(/^Done: /)]);
    expect(stderr.match(/nothing more is begun/g)).toHaveLength(1);
    expect(it.alive()).toHaveLength(1);
  });

  test("lets a create that is sent finish, and its store begin", async ({ onTestFinished }) => {
    const it = await startCommandLine(onTestFinished);
    it.zone.fail("drip", { method: "POST" });
    const started = it.start(CREATE);
    await until(() => it.methods() === "POST");
    signal(started, name);
    expect(await started.ended).toMatchObject({ code: 0 });
    expect(await it.held()).toBe(it.zone.tokens[1]?.token);
  });

  test.each([
    [1, CREATE, "POST"],
    [3, ["delete", "2020-03-27T05:53:27.368Z"], "DELETE"],
  ])("ends the wait before another attempt with %d: %j", async (code, args, method) => {
    const it = await startCommandLine();
    it.zone.fail({ status: 429, headers: { "Retry-After": "20" } }, { method });
    const started = it.start(args);
    await until(() => it.methods() === method);
    const ended = await Promise.race([started.ended, signalLater(started, name)]);
    expect(ended).toMatchObject({ code });
    expect(it.methods()).toBe(method);
  });
});

/** Once the answer has come, of which no other sign is to be seen. */
async function signalLater(started: Started, name: NodeJS.Signals) {
  await new Promise((resolve) => setTimeout(resolve, 300));
  signal(started, name);
  return started.ended;
}

test.concurrent("SIGHUP changes nothing, as after nohup", async ({ onTestFinished }) => {
  const it = await startCommandLine(onTestFinished);
  it.zone.fail("drip", { method: "GET" });
  const started = it.start([...ROTATE, KEEP]);
  await until(() => it.methods() === "GET");
  signal(started, "SIGHUP");
  expect(await started.ended).toMatchObject({ code: 0 });
});

test.concurrent(
  "a reader and a terminal that go away leave no rotation half done",
  async (context) => {
    const { it, started } = await startRotation(context);
    started.child.stdout?.destroy();
    started.child.stderr?.destroy();
    signal(started, "SIGHUP");
    await go(it);
    const code = await new Promise((resolve) => started.child.on("exit", resolve));
    expect([code, it.alive().length]).toEqual([0, 1]);
  },
);

/** What others do in the same process, once a file is there. */
const OTHERS: [what: string, code: string][] = [
  ["an exception", 'throw new Error("of others")'],
  ["a falsy exception", "throw undefined"],
  ["a rejection", 'Promise.reject(new Error("of others"))'],
  ["an exit with 0", "process.exit(0)"],
  ["an exit with 1", "process.exitCode = 1; process.exit()"],
];

describe.concurrent.each(OTHERS)("%s of others", (_, code) => {
  const hook = (file: string) =>
    writeHook(`import { existsSync } from "node:fs";
      const timer = setInterval(() => { if (existsSync(${JSON.stringify(file)})) { ${code} } }, 10);`);

  test("before the create is sent ends with 1", async ({ onTestFinished }) => {
    const it = await startCommandLine(onTestFinished);
    it.zone.fail("stall-headers", { method: "GET" });
    const { ended } = it.start([...ROTATE, KEEP], { env: await hook(`${it.vault}.now`) });
    await until(() => it.methods() === "GET");
    await writeFile(`${it.vault}.now`, "");
    expect(await ended).toMatchObject({ code: 1, lastLine: "Nothing has changed." });
  });

  test("while the create is sent ends with 3", async ({ onTestFinished }) => {
    const it = await startCommandLine(onTestFinished);
    it.zone.fail("stall-headers", { method: "POST", done: true });
    const { ended } = it.start([...ROTATE, KEEP], { env: await hook(`${it.vault}.now`) });
    await until(() => it.alive().length > 1);
    await writeFile(`${it.vault}.now`, "");
    const { code, lastLine } = await ended;
    const line = `^Alive: the token created ${it.alive()[0]}, and perhaps a successor`;
    expect([code, lastLine]).toEqual([3, expect.stringMatching(line)]);
  });

  test("while the store runs ends with 3, and names both tokens", async (context) => {
    const file = inFolder(`now-${context.task.id}`);
    const { it, started } = await startRotation(context, await hook(file));
    await writeFile(file, "");
    const { code, stdout, lastLine } = await started.ended;
    await go(it);
    expect([code, lastLine]).toEqual([3, expect.stringMatching(it.alive().join(" and "))]);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 3, alive: it.alive(), message: lastLine });
  });
});

test.each([
  [1, "GET", /^Nothing has changed/],
  [3, "POST", /and perhaps a successor/],
  [3, "DELETE", /which the store holds/],
])("an event loop that runs empty ends with %d where %s waits", async (code, method, last) => {
  const hook = await writeHook(`
    const { setTimeout: later, fetch: send } = globalThis;
    globalThis.setTimeout = (...args) => later(...args).unref();
    globalThis.fetch = async (url, init) => {
      const response = await send(url, init);
      if (init.method !== "${method}") return response;
      await response.text();
      return new Promise(() => {});
    };`);
  const it = await startCommandLine();
  const ended = await it.run([...ROTATE, KEEP], { env: hook });
  expect([ended.code, ended.lastLine]).toEqual([code, expect.stringMatching(last)]);
});

test.each([
  ["no global fetch", "delete globalThis.fetch", 1],
  ["a fetch that throws", "globalThis.fetch = () => { throw new TypeError('of others'); }", 3],
])("%s: a create ends with %3$d", async (_, code, expected) => {
  const it = await startCommandLine();
  expect(await it.run(CREATE, { env: await writeHook(code) })).toMatchObject({ code: expected });
});

describe("standard output", () => {
  const COMMANDS: [code: number, args: string[], last: RegExp][] = [
    [1, ["list"], /^Nothing has changed\. .*ENOSPC/],
    [1, ["list", "--json"], /^Nothing has changed\. .*ENOSPC/],
    [1, ["--help"], /^Nothing has changed\. .*ENOSPC/],
    [1, ["--version"], /^Nothing has changed\. .*ENOSPC/],
    [3, CREATE, /^Done: .*ENOSPC/],
    [3, [...ROTATE, KEEP], /^Done: .* is deleted\. .*ENOSPC/],
    [2, ["list", "all"], /^Wrong usage/],
  ];
  test.runIf(existsSync("/dev/full")).each(COMMANDS)(
    "on a full disk ends with %d: %j",
    async (code, args, last) => {
      const it = await startCommandLine();
      await using full = await open("/dev/full", "w");
      const ended = await it.run(args, { stdio: ["ignore", full.fd, "pipe"] });
      expect([ended.code, ended.lastLine]).toEqual([code, expect.stringMatching(last)]);
    },
  );

  test("that takes a part of the output alone ends with 1", async () => {
    const it = await startCommandLine();
    const { apiTokens } = createMakeClient({ baseUrl: it.zone.baseUrl, token: it.zone.token });
    await apiTokens.create({ label: "x".repeat(9000), scope: [] });
    const list = `make-api-tokens list --base-url "$ZONE"`;
    const ended = await it.shell(`ulimit -f 4; ${list} > "$VAULT"`);
    expect([ended.code, ended.lastLine]).toEqual([1, expect.stringMatching("EFBIG")]);
    expect(await it.shell(`${list} | head -c 5; exit "\${PIPESTATUS[0]}"`)).toMatchObject({
      code: 0,
    });
    expect((await readFile(it.vault)).length).toBeGreaterThan(4000);
  });

  test("and standard error that are closed change no exit code", async () => {
    const it = await startCommandLine();
    const ended = await it.shell(`make-api-tokens list --base-url "$ZONE" 2>&- >&-`);
    expect(ended).toMatchObject({ code: 0 });
    const full = await it.shell(`make-api-tokens list all 2> /dev/full`);
    expect(full).toMatchObject({ code: 2 });
  });
});

test.runIf(spawnSync("script", ["--version"]).status === 0)(
  "a person at a terminal sees what is waited for, on plain lines",
  async () => {
    const it = await startCommandLine();
    it.zone.fail({ status: 503 });
    const command = `make-api-tokens rotate --own --store true --base-url $ZONE`;
    const { code, stdout } = await it.shell(`script -qec '${command}' /dev/null`);
    expect(code).toBe(0);
    for (const line of [/waiting for GET http/, /: 503, again in \d+ s/, /waiting for the store/])
      expect(stdout).toMatch(line);
    expect(stdout).not.toContain("\x1b");
  },
);
