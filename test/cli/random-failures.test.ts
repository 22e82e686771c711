import { readFile, writeFile } from "node:fs/promises";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Fault } from "../../src/testing/index.js";
import { createMakeClient } from "../../src/index.js";
import { KEEP, startCommandLine, useCommandFolder } from "./command-line.js";

useCommandFolder();

/** More of them find more: `FAULT_RUNS=200 npx vitest run … test/cli/random-failures.test.ts`. */
const RUNS = Number(process.env["FAULT_RUNS"] ?? 6);
/** A busy machine needs ten times as long as one that is not. */
const LIMIT_MS = RUNS * 10_000;

const FAULTS: Fault[] = [
  ...(["reset", "close", "truncate", "garbage", "cut-json"] as const),
  ...(["empty", "html", "wrong-shape", "redirect"] as const),
  { status: 403 },
  { status: 500 },
  { status: 503 },
];

/** A refusal does nothing. */
const isRefused = (fault: Fault): boolean => Object(fault).status === 403;

/** A store that says something says the truth. */
const STORES = [KEEP, KEEP, `${KEEP}; exit 1`, "exit 1", "exit 75", "kill -9 $$", "nowhere"];

const rotation = fc.record({
  store: fc.constantFrom(...STORES),
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

test(
  "in no order of failures does the vault hold a dead token, and the exit code is true",
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rotation, { minLength: 1, maxLength: 3 }), async (rotations) => {
        const { zone, vault, run } = await startCommandLine();
        const { apiTokens } = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
        const first = await apiTokens.create({ label: "ci", scope: ["user:read"] });
        await writeFile(vault, first.token);
        const alive = () => zone.tokens.map(({ token }) => token);
        const held = async () => (await readFile(vault, "utf8")) || "nothing";

        for (const { store, faults } of rotations) {
          const [before, heldBefore] = [alive(), await held()];
          const old = zone.tokens.find(({ token }) => token === heldBefore);
          for (const { fault, ...options } of faults) {
            zone.fail(fault, { ...options, done: options.done && !isRefused(fault) });
          }
          const args = ["rotate", "--created", old?.created ?? "", "--store", store];
          const { code, lastLine } = await run(args);

          expect(alive()).toContain(await held());
          if (code === 0) expect(alive()).not.toContain(heldBefore);
          else if (code === 1) expect([alive(), await held()]).toEqual([before, heldBefore]);
          else expect([code, lastLine]).toEqual([3, expect.stringMatching(/^Alive: /)]);
        }
      }),
      // A failure prints its seed.
      { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true },
    );
  },
  LIMIT_MS + 10_000,
);
