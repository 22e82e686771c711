import { setTimeout } from "node:timers/promises";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Fault } from "../../src/testing/index.js";
import { KEEP, startCommandLine, useCommandFolder, writeHook } from "./command-line.js";

useCommandFolder();

/** More of them find more: `FAULT_RUNS=200 npx vitest run … test/cli/random-failures.test.ts`. */
const RUNS = Number(process.env["FAULT_RUNS"] ?? 12);

const FAULTS: Fault[] = [
  ...(["reset", "close", "truncate", "garbage", "cut-json"] as const),
  ...(["empty", "html", "wrong-shape", "redirect", "drip"] as const),
  ...[401, 403, 404, 408, 500, 503].map((status) => ({ status })),
];

/** A refusal does nothing, and a success without a body is one. */
const isDone = (fault: Fault, done: boolean): boolean =>
  fault === "empty" || (done && ![401, 403, 404].includes(Object(fault).status));

/** A store that says something says the truth. */
const STORES = [KEEP, KEEP, `${KEEP}; exit 1`, "exit 1", "exit 75", "kill -9 $$", "nowhere"];
const COMMANDS = [
  ...["rotate --own", "rotate --created OTHER", "rotate --label ci", "delete OTHER"],
  "create --label new --scope user:read",
];

/** What happens meanwhile: nothing, a signal, or what others do at one in the same process. */
const EVENTS: [signal: NodeJS.Signals | 0, code?: string][] = [
  [0],
  ["SIGINT"],
  ["SIGTERM"],
  ["SIGHUP"],
  ["SIGUSR2", "throw 1"],
  ["SIGUSR2", "process.exit(0)"],
];

const fault = fc.record({
  fault: fc.constantFrom(...FAULTS),
  method: fc.constantFrom("GET", "POST", "DELETE"),
  times: fc.integer({ min: 1, max: 3 }),
  done: fc.boolean(),
});
const run = fc.record({
  command: fc.constantFrom(...COMMANDS),
  store: fc.constantFrom(...STORES),
  event: fc.constantFrom(...EVENTS),
  /** How many requests the zone has seen when it happens, and how long ago. */
  after: fc.record({ requests: fc.nat(5), ms: fc.nat(20) }),
  faults: fc.array(fault, { maxLength: 2 }),
});

const property = fc.asyncProperty(run, async ({ command, store, event, after, faults }) => {
  const it = await startCommandLine();
  const { zone, apiTokens } = it;
  const { created: other } = await apiTokens.create({ label: "ci", scope: ["user:read"] });
  const before = it.alive();
  const old = `${command === "rotate --own" ? before[0] : other}`;
  for (const { fault, ...options } of faults)
    zone.fail(fault, { ...options, done: isDone(fault, options.done) });

  const [signal, code = ""] = event;
  const env = await writeHook(`process.on("SIGUSR2", () => { ${code} });`);
  const args = command.replace("OTHER", other).split(" ");
  const more = command.startsWith("delete") ? [] : ["--store", store];
  const { child, ended } = it.start([...args, ...more], { env });
  const isOver = ended.then(() => true);
  while (zone.requests.length < 2 + after.requests)
    if (await Promise.race([isOver, setTimeout(2, false)])) break;
  await setTimeout(after.ms);
  child.kill(signal);
  const { code: exitCode, stdout, stderr, lastLine } = await ended;

  const alive = it.alive();
  const held = await it.held();
  const secrets = zone.tokens.map(({ token }) => token);
  const added = zone.tokens.filter(({ created }) => !before.includes(created));
  expect([0, 1, 3]).toContain(exitCode);
  if (exitCode === 0) {
    expect(alive.includes(old)).toBe(command.startsWith("create"));
    expect(added.map(({ token }) => token)).toEqual(command.startsWith("delete") ? [] : [held]);
  } else if (exitCode === 1) {
    expect([alive, held]).toEqual([before, ""]);
  } else {
    for (const { created } of added)
      expect(lastLine).toMatch(new RegExp(`${created}|There may be a new`));
    if (!command.startsWith("create")) expect(lastLine).toContain(old);
  }
  if (held) expect(secrets).toContain(held);
  for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
});

// A failure prints its seed. A busy machine needs ten times as long as one that is not.
test(
  "no exit code lies: the zone's own list of living tokens is the judge",
  () => fc.assert(property, { numRuns: RUNS }),
  RUNS * 10_000,
);
