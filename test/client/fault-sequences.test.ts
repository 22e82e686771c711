import fc from "fast-check";
import { type CreatedApiToken, MakeError } from "make-api-tokens";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { GIVEN_UP, RETRIES, SEALED, startFaulty, stopTime } from "./faulty-client.js";
import type { Mishap, Step, Taken } from "./faulty-client.js";

beforeAll(stopTime);
afterAll(() => {
  vi.useRealTimers();
});

/** More of them find more: `RANDOM_RUNS=10000`. All are run, or the test fails. */
const RUNS = Number(process.env["RANDOM_RUNS"] ?? 25);
/** A busy machine needs ten times as long as one that is not. */
const LIMIT_MS = RUNS * 5000;

const mishapOf = (
  may: NonNullable<Mishap["may"]>,
  isDone: fc.Arbitrary<boolean>,
  faults: readonly Mishap["fault"][],
): fc.Arbitrary<Mishap> =>
  fc.record({ fault: fc.constantFrom(...faults), done: isDone, may: fc.constant(may) });
const statuses = (...all: number[]) => all.map((status) => ({ status }));
const after = (status: number, value: string) => ({ status, headers: { "Retry-After": value } });

const mishap = fc.oneof(
  // Whether the work was done cannot be known after these.
  mishapOf("repeatable", fc.boolean(), [
    ...(["reset", "close", "stall-headers", "stall-body", "drip", "truncate"] as const),
    ...(["reset-body", "garbage"] as const),
    ...[...statuses(408, 500, 502, 503, 504), after(503, "7")],
    { status: 500, body: "x".repeat(2 ** 20 + 1) },
  ]),
  mishapOf("none", fc.boolean(), [
    ...(["cut-json", "html", "wrong-shape", "huge", "redirect"] as const),
    ...[...statuses(302, 501, 521), after(503, "3600")],
  ]),
  // A delete takes this for a success, so it is one.
  mishapOf("none", fc.constant(true), ["empty", { status: 204 }]),
  // These say that no work was done, which is what was done.
  mishapOf("none", fc.constant(false), [...statuses(400, 401, 403, 409), after(429, "3600")]),
  mishapOf("all", fc.constant(false), ["refused", { status: 429 }, after(429, "2")]),
);

const step: fc.Arbitrary<Step> = fc.record({
  call: fc.constantFrom("list", "create", "delete", "rotate", "rotate", "rotate own"),
  mishaps: fc.array(fc.option(mishap, { nil: undefined }), { maxLength: 9 }),
  abortAt: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 5 })),
  target: fc.nat(),
  isStored: fc.boolean(),
});

const isAlive = ({ after }: Taken, it: { token: string } | undefined) =>
  after.some(({ token }) => token === it?.token);

/** What each call may have changed, whether it succeeded or failed. The zone's tokens are the judge. */
function expectNoTokenLost(taken: Taken): void {
  const { call, before, after, picked, value, error, stored } = taken;
  const { outcome, successor } = Object(error) as MakeError;
  const appeared = after.filter((it) => !before.includes(it));
  const gone = before.filter((it) => !after.includes(it));
  if (error !== undefined && error !== SEALED && error !== GIVEN_UP) {
    expect(error).toBeInstanceOf(MakeError);
  }
  expect(gone.filter((it) => it !== picked)).toEqual([]);
  expect(appeared.length).toBeLessThanOrEqual(1);

  // A token that was created is returned, named, or said to be unknown.
  const isUnknown = outcome === "unknown" || (error === GIVEN_UP && call === "create");
  if (appeared[0] && !isUnknown) {
    const returned = (value as CreatedApiToken | undefined)?.created;
    expect([successor, returned]).toContain(appeared[0].created);
  }
  if (call === "list" || call === "delete") expect(appeared).toEqual([]);
  if (call === "list" || call === "create") expect(gone).toEqual([]);
  if (call === "create" && value) expect(value).toEqual(appeared[0]);
  if (call === "delete") {
    if (!error) expect(isAlive(taken, picked)).toBe(false);
    else if (outcome !== "unknown" && error !== GIVEN_UP) expect(gone).toEqual([]);
  }
  if (call.startsWith("rotate")) {
    if (stored || gone.length > 0) expect(stored && isAlive(taken, stored)).toBe(true);
    if (!error) expect([value, isAlive(taken, picked)]).toEqual([stored, false]);
    if (error === SEALED || error === GIVEN_UP) expect(appeared).toEqual([]);
  }
}

/** No more is sent than the policy allows. */
function expectPolicy({ call, sent }: Taken): void {
  const groups: Taken["sent"][] = [];
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

test(
  "no order of faults leaks a secret, loses a token, or asks for more than the policy",
  () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        await using client = await startFaulty();
        for (const step of steps) {
          const taken = await client.take(step);
          expectNoTokenLost(taken);
          expectPolicy(taken);
        }
      }),
      // A failure prints its seed.
      { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true },
    ),
  LIMIT_MS + 10_000,
);
