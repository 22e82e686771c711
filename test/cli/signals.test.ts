import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test, type TestContext } from "vitest";
import {
  type CommandLine,
  type Ended,
  startCommandLine,
  type Started,
  useCommandFolder,
} from "./command-line.js";

useCommandFolder();

/** Says that it has the secret, and ends when it is told to. */
const WAITING_STORE =
  'cat > "$VAULT"; : > "$VAULT.begun"; until [ -e "$VAULT.go" ]; do sleep 0.02; done';
const ROTATE = ["rotate", "--own", "--store", WAITING_STORE];

const methods = ({ zone }: CommandLine) => zone.requests.map(({ method }) => method);
const until = async (holds: () => boolean) => {
  while (!holds()) await setTimeout(10);
};
const isStored = ({ vault }: CommandLine) => existsSync(`${vault}.begun`);

/** A rotation whose store has the secret, and waits. */
async function startRotation({ onTestFinished }: TestContext) {
  const it = await startCommandLine(onTestFinished);
  const started = it.start(ROTATE);
  await until(() => isStored(it));
  return { it, started };
}

/** As a terminal does at Ctrl-C: to the command and to whatever is in its group. */
const signal = ({ child }: Started, name: NodeJS.Signals = "SIGINT") =>
  process.kill(-(child.pid ?? 0), name);

/** As somebody does who does not want to wait. */
async function signalUntilEnded(started: Started): Promise<Ended> {
  for (;;) {
    signal(started);
    const ended = await Promise.race([started.ended, setTimeout(300)]);
    if (ended) return ended;
  }
}

describe.concurrent.each<NodeJS.Signals>(["SIGINT", "SIGTERM", "SIGHUP"])("%s", (name) => {
  test("ends a rotation before its create, with nothing changed", async ({ onTestFinished }) => {
    const it = await startCommandLine(onTestFinished);
    it.zone.fail("stall-headers", { method: "GET" });
    const started = it.start(ROTATE);
    await until(() => methods(it).length > 0);
    signal(started, name);
    const { code, stderr, lastLine } = await started.ended;
    expect([code, lastLine]).toEqual([1, "Nothing has changed."]);
    expect(stderr).toContain(`ended by ${name}`);
    expect(methods(it)).toEqual(["GET"]);
  });

  test("lets the store and the rotation finish once there is a successor", async (context) => {
    const { it, started } = await startRotation(context);
    signal(started, name);
    await setTimeout(50);
    await writeFile(`${it.vault}.go`, "");
    const { code, lastLine } = await started.ended;
    expect([code, lastLine]).toEqual([0, expect.stringMatching(/^Done: /)]);
    expect(it.zone.tokens).toHaveLength(1);
  });
});

test.concurrent(
  "A second signal ends the store, and both tokens are said to be alive",
  async (context) => {
    const { it, started } = await startRotation(context);
    const { code, lastLine } = await signalUntilEnded(started);
    expect([code, it.zone.tokens.length]).toEqual([3, 2]);
    for (const { created } of it.zone.tokens) expect(lastLine).toContain(created);
  },
);

test.concurrent(
  "A second signal ends a create that is not answered, which may have happened",
  async (context) => {
    const it = await startCommandLine(context.onTestFinished);
    it.zone.fail("stall-headers", { method: "POST", done: true });
    const args = ["create", "--label", "ci", "--scope", "user:read", "--store", "cat"];
    const started = it.start(args);
    await until(() => methods(it).length > 0);
    const { code, lastLine } = await signalUntilEnded(started);
    expect([code, lastLine]).toEqual([3, expect.stringMatching(/nobody holds/)]);
  },
);

test.concurrent(
  "A reader and a terminal that go away leave no rotation half done",
  async (context) => {
    const { it, started } = await startRotation(context);
    started.child.stdout?.destroy();
    started.child.stderr?.destroy();
    signal(started, "SIGHUP");
    await writeFile(`${it.vault}.go`, "");
    const code = await new Promise((resolve) => started.child.on("exit", resolve));
    expect([code, it.zone.tokens.length]).toEqual([0, 1]);
  },
);
