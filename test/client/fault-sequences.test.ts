import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type CreatedApiToken, MakeError } from "../../src/index.js";
import { FaultyClient, GIVEN_UP, RETRIES, SEALED, type Taken } from "./faulty-client.js";
import { step } from "./mishaps.js";
import { shown } from "./support.js";

/** Sockets are real; time is not, so that a wait or a timeout takes none. */
beforeAll(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterAll(() => {
  vi.useRealTimers();
});

/** More of them find more: `RANDOM_RUNS=10000`. All are run, or the test fails. */
const RUNS = Number(process.env["RANDOM_RUNS"] ?? 25);
/** A busy machine needs ten times as long as one that is not. */
const LIMIT_MS = RUNS * 5000;

const appearedIn = ({ before, after }: Taken) => after.filter((it) => !before.includes(it));
const goneIn = ({ before, after }: Taken) => before.filter((it) => !after.includes(it));
const isAlive = ({ after }: Taken, it: { token: string } | undefined) =>
  after.some(({ token }) => token === it?.token);

function expectKnownKindOfError({ error }: Taken): void {
  if (error !== undefined && error !== SEALED && error !== GIVEN_UP)
    expect(error).toBeInstanceOf(MakeError);
}

function expectNoOtherTokenTouched(taken: Taken): void {
  expect(goneIn(taken).filter((it) => it !== taken.picked)).toEqual([]);
  expect(appearedIn(taken).length).toBeLessThanOrEqual(1);
}

/** A token that was created is returned, named, or said to be unknown. */
function expectNoTokenLost(taken: Taken): void {
  const { call, value, error } = taken;
  const { outcome, successor } = (error ?? {}) as MakeError;
  const [appeared] = appearedIn(taken);
  if (!appeared || outcome === "unknown" || (error === GIVEN_UP && call === "create")) return;
  const returned = (value as CreatedApiToken | undefined)?.created;
  expect([successor, returned]).toContain(appeared.created);
}

/** The changes that each call may have made, whether it succeeded or failed. */
const EXPECT_EFFECT: Readonly<Record<Taken["call"], (taken: Taken) => void>> = {
  list(taken) {
    expect([appearedIn(taken), goneIn(taken)]).toEqual([[], []]);
  },
  create(taken) {
    expect(goneIn(taken)).toEqual([]);
    if (taken.value) expect(taken.value).toEqual(appearedIn(taken)[0]);
  },
  delete(taken) {
    const { error, picked } = taken;
    const { outcome } = (error ?? {}) as MakeError;
    expect(appearedIn(taken)).toEqual([]);
    if (!error) expect(isAlive(taken, picked)).toBe(false);
    else if (outcome !== "unknown" && error !== GIVEN_UP) expect(goneIn(taken)).toEqual([]);
  },
  rotate: expectRotation,
  "rotate own": expectRotation,
};

function expectRotation(taken: Taken): void {
  const { value, error, stored, picked } = taken;
  if (goneIn(taken).length > 0) expect(stored && isAlive(taken, stored)).toBe(true);
  if (stored) expect(isAlive(taken, stored)).toBe(true);
  if (!error) expect([value, isAlive(taken, picked)]).toEqual([stored, false]);
  if (error === SEALED || error === GIVEN_UP) expect(appearedIn(taken)).toEqual([]);
}

/** No more is sent than the policy allows. */
function expectPolicy({ call, sent }: Taken): void {
  const groups: Taken["sent"][number][][] = [];
  for (const it of sent) {
    if (groups.at(-1)?.[0]?.method === it.method) groups.at(-1)?.push(it);
    else groups.push([it]);
  }
  expect(groups.length).toBeLessThanOrEqual(call.startsWith("rotate") ? 4 : 1);
  for (const group of groups) {
    expect(group.length).toBeLessThanOrEqual(1 + RETRIES);
    for (const { method, mishap } of group.slice(0, -1)) {
      expect(method === "POST" ? ["all"] : ["all", "repeatable"]).toContain(mishap?.may);
    }
  }
}

function expectNoSecretShown({ error, attempts, known, before, after }: Taken): void {
  const text = shown(error) + JSON.stringify(attempts);
  for (const secret of [...known, ...[...before, ...after].map(({ token }) => token)]) {
    expect(text).not.toContain(secret);
  }
}

test(
  "no order of faults leaks a secret, loses a token, or asks for more than the policy",
  async () => {
    const sequence = fc.array(step, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(sequence, async (steps) => {
        await using client = await FaultyClient.start();
        for (const step of steps) {
          const taken = await client.take(step);
          expectKnownKindOfError(taken);
          expectNoOtherTokenTouched(taken);
          expectNoTokenLost(taken);
          EXPECT_EFFECT[taken.call](taken);
          expectPolicy(taken);
          expectNoSecretShown(taken);
        }
      }),
      // A failure prints its seed.
      { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true },
    );
  },
  LIMIT_MS + 10_000,
);
