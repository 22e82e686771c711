import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Attempt, MakeApiError } from "../../src/index.js";
import { type Answering, failureOf, json, listed, scripted, SPEC } from "./support.js";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const busy =
  (status: number, retryAfter?: number): Answering =>
  () =>
    json({}, { status, headers: retryAfter ? { "Retry-After": `${retryAfter}` } : {} });

/** Lists until it is answered; resolves with the waits, and the time at which each was over. */
async function waitsOf(answers: Answering[], retryDelay: (ms: number) => number) {
  const start = performance.now();
  const times: number[] = [];
  const attempts: Attempt[] = [];
  const { make } = scripted(
    answers.map((it) => (sent) => (times.push(performance.now() - start), it(sent))),
    { retryDelay, onAttempt: (attempt) => void attempts.push(attempt) },
  );
  const settled = make.apiTokens.list().catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  const told = attempts.map((it) => it.retryInMs).filter((it) => it !== undefined);
  return { told, times, result: await settled };
}

test("retryDelay is given the client's own wait, and its answer is waited and told", async () => {
  const retryDelay = vi.fn((ms: number) => ms / 2);
  const { told, times } = await waitsOf([busy(503), busy(429, 20), () => listed()], retryDelay);
  expect(retryDelay.mock.calls).toEqual([[250], [20_000]]);
  expect(told).toEqual([125, 10_000]);
  expect(times).toEqual([0, 125, 10_125]);
});

test("retryDelay may skip every wait, also one that Retry-After asks for", async () => {
  const { times } = await waitsOf([busy(503, 60), busy(500), () => listed()], () => 0);
  expect(times.map(Math.round)).toEqual([0, 0, 0]);
});

test.each<[string, () => unknown]>([
  ["returns NaN", () => NaN],
  ["returns a negative number", () => -1],
  ["returns Infinity", () => Infinity],
  ["returns a text", () => "0"],
  ["returns nothing", () => undefined],
  ["returns a promise", async () => 0],
  [
    "throws",
    () => {
      throw new Error("no delay");
    },
  ],
])("the client's own wait holds where retryDelay %s", async (_, retryDelay) => {
  const { told, times } = await waitsOf([busy(503), () => listed()], retryDelay as () => number);
  expect([told, times]).toEqual([[250], [0, 250]]);
});

test("retryDelay is not asked where there is no wait", async () => {
  const retryDelay = vi.fn(() => 0);
  // It does not fit into totalTimeout.
  const late = await waitsOf([busy(503, 3600)], retryDelay);
  expect(late.result).toBeInstanceOf(MakeApiError);
  expect(late.result).toMatchObject({ attempts: 1, retryAfterMs: 3_600_000 });
  const { make } = scripted([busy(503)], { retryDelay });
  await failureOf(make.apiTokens.create(SPEC));
  await failureOf(make.apiTokens.list({ retries: 0 }));
  expect(retryDelay).not.toHaveBeenCalled();
});

test("a retryDelay beyond totalTimeout ends the call", async () => {
  const { times, result } = await waitsOf([busy(503)], () => 90_001);
  expect([times, result]).toMatchObject([[0], { status: 503, attempts: 1 }]);
});
