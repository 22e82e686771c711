import { setTimeout } from "node:timers/promises";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createMakeClient } from "../../src/index.js";
import type { Fault } from "../../src/testing/index.js";
import { KEEP, startCommandLine, useCommandFolder, writeHook } from "./command-line.js";

useCommandFolder();

/** More of them find more: `FAULT_RUNS=200 npx vitest run … test/cli/random-endings.test.ts`. */
const RUNS = Number(process.env["FAULT_RUNS"] ?? 12);
/** A busy machine needs ten times as long as one that is not. */
const LIMIT_MS = RUNS * 10_000;

const FAULTS: Fault[] = [
  ...(["reset", "close", "truncate", "garbage", "cut-json"] as const),
  ...(["empty", "html", "wrong-shape", "redirect", "drip"] as const),
  ...[401, 403, 404, 408, 500, 503].map((status) => ({ status })),
];

/** A refusal does nothing. */
const isRefused = (fault: Fault): boolean => [401, 403, 404].includes(Object(fault).status);

/** A store that says something says the truth. */
const STORES = [KEEP, KEEP, `${KEEP}; exit 1`, "exit 1", "exit 75", "kill -9 $$", "nowhere"];
const COMMANDS = ["rotate --own", "rotate --created", "rotate --label", "create", "delete"];

/** What happens meanwhile: nothing, a signal, or what others do at one in the same process. */
const EVENTS: [signal: NodeJS.Signals | 0, code?: string][] = [
  [0],
  ["SIGINT"],
  ["SIGTERM"],
  ["SIGHUP"],
  ["SIGUSR2", "throw 1"],
  ["SIGUSR2", "process.exit(0)"],
];

const run = fc.record({
  command: fc.constantFrom(...COMMANDS),
  store: fc.constantFrom(...STORES),
  event: fc.constantFrom(...EVENTS),
  /** How many requests the zone has seen when it happens, and how long ago. */
  after: fc.record({ requests: fc.nat(5), ms: fc.nat(20) }),
  faults: fc.array(
    fc.record({
      fault: fc.constantFrom(...FAULTS),
      method: fc.constantFrom("GET", "POST", "DELETE"),
      times: fc.integer({ min: 1, max: 3 }),
      done: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
});

function argumentsOf(command: string, created: string, store: string): string[] {
  if (command === "delete") return ["delete", created];
  const which = { "rotate --created": [created], "rotate --label": ["ci"] }[command] ?? [];
  const words =
    command === "create"
      ? ["create", "--label", "new", "--scope", "user:read"]
      : command.split(" ");
  return [...words, ...which, "--store", store];
}

test(
  "no exit code lies: the zone's own list of living tokens is the judge",
  async () => {
    const property = fc.asyncProperty(run, async ({ command, store, event, after, faults }) => {
      const it = await startCommandLine();
      const { zone } = it;
      const { apiTokens } = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
      const other = await apiTokens.create({ label: "ci", scope: ["user:read"] });
      const before = it.alive();
      const old = command === "rotate --own" ? before[0] : other.created;
      for (const { fault, ...options } of faults)
        zone.fail(fault, { ...options, done: options.done && !isRefused(fault) });
      const sent = zone.requests.length;

      const [signal, code = ""] = event;
      const env = await writeHook(`process.on("SIGUSR2", () => { ${code} });`);
      const { child, ended } = it.start(argumentsOf(command, other.created, store), { env });
      const isOver = ended.then(() => true);
      while (zone.requests.length < sent + after.requests || zone.requests.length === sent)
        if (await Promise.race([isOver, setTimeout(2, false)])) break;
      await setTimeout(after.ms);
      child.kill(signal);
      const { code: exitCode, stdout, stderr, lastLine } = await ended;

      const alive = it.alive();
      const added = zone.tokens.filter(({ created }) => !before.includes(created));
      const held = await it.held();
      expect([0, 1, 3]).toContain(exitCode);
      if (exitCode === 0) {
        expect(alive.includes(`${old}`)).toBe(command === "create");
        expect(added.map(({ token }) => token)).toEqual(command === "delete" ? [] : [held]);
      } else if (exitCode === 1) {
        expect([alive, held]).toEqual([before, ""]);
      } else {
        expect(lastLine).toMatch(/^Alive/);
        for (const { created } of added)
          expect(lastLine).toMatch(
            new RegExp(`${created}|perhaps a successor|a token with that label`),
          );
        if (command !== "create") expect(lastLine).toContain(old);
      }
      if (held) expect(zone.tokens.map(({ token }) => token)).toContain(held);
      for (const { token } of zone.tokens) expect(stdout + stderr).not.toContain(token);
    });
    // A failure prints its seed.
    const limits = { interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true };
    await fc.assert(property, { numRuns: RUNS, ...limits });
  },
  LIMIT_MS + 10_000,
);
