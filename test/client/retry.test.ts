import { readFileSync } from "node:fs";
import type { MakeApiError } from "make-api-tokens";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Answering, answering, hanging, rejecting, succeeding, throwing } from "./answers.js";
import { type CallName, CALLS, CREATED, MADE, NAMES } from "./fixtures.js";
import { failureOf, type Options, scripted } from "./support.js";

const NOW = "2026-01-02T03:04:05.000Z";
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const answer = (status: number, retryAfter?: string): Answering =>
  answering(status, retryAfter === undefined ? {} : { "Retry-After": retryAfter });
const broken = (code: string) => rejecting(Object.assign(new Error("broken"), { code }));
const refused = broken("ECONNREFUSED");
const reset = broken("ECONNRESET");
const endOf = (end: string | number): Answering =>
  end === "refused" ? refused : end === "reset" ? reset : answer(Number(end));
const random = (value: number) => vi.spyOn(Math, "random").mockReturnValue(value);

/** One call to its end, however long it waits, and when it sent what. */
async function run(name: CallName, answers: readonly Answering[], options: Options = {}) {
  vi.setSystemTime(NOW);
  const sentAt: number[] = [];
  const start = performance.now();
  const { make, attempts } = scripted(
    answers.map((it) => (sent) => {
      sentAt.push(performance.now() - start);
      return it(sent);
    }),
    { totalTimeout: 600_000, retryDelay: undefined, ...options },
  );
  const settled = CALLS[name](make).then(
    (value) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error: error as MakeApiError }),
  );
  await vi.runAllTimersAsync();
  const waits = attempts.map((it) => it.retryInMs);
  return { ...(await settled), attempts, waits, sentAt };
}

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
/** Cells in backticks, and whether a list or delete, and a create, is sent again after them. */
const ROW = /^\| *((?:`[\w-]+`(?:, )?)+) *\| *(yes|no) *\| *(yes|no) *\|$/gm;
const table = new Map(
  [...README.matchAll(ROW)].flatMap(([, cells = "", others, create]) =>
    cells.split(/[`, ]+/).flatMap((it) => (it ? [[it, { others, create }] as const] : [])),
  ),
);
const statuses = [200, 204, ...Array.from({ length: 300 }, (_, i) => i + 300)];
const ENDS = new Map<string, Answering>([
  ...statuses.map((it) => [String(it), answer(it)] as const),
  ["not-sent", refused],
  ["network", reset],
  ["timeout", hanging],
  ["a certificate", broken("CERT_HAS_EXPIRED")],
  ["an answer that is no Response", () => ({}) as Response],
]);

test("the README's table says what is sent again and each of its rows is one of these ends", () => {
  expect(table.size).toBeGreaterThan(5);
  expect([...table.keys()].filter((it) => !ENDS.has(it))).toEqual([]);
});

test.each(NAMES)("the README's table says what is sent again for a %s", async (name) => {
  for (const [end, answer] of ENDS) {
    const { sentAt } = await run(name, [answer], { retries: 1 });
    const { others, create } = table.get(end) ?? {};
    const isSentAgain = (name === "create" ? create : others) === "yes";
    expect([end, sentAt.length]).toEqual([end, isSentAgain ? 2 : 1]);
  }
});

test.each([
  [0, 503, [0, 0, 0, 0, 0, 0]],
  [0.5, 503, [250, 500, 1000, 2000, 4000, 4000]],
  [0.5, 408, [250, 500, 1000, 2000, 4000, 4000]],
  [0.5, "reset", [250, 500, 1000, 2000, 4000, 4000]],
  [0.999, 503, [499.5, 999, 1998, 3996, 7992, 7992]],
  [0, 429, [2000, 4000, 4000, 4000, 4000, 4000]],
  [0.5, 429, [3000, 6000, 6000, 6000, 6000, 6000]],
])("the wait, by the random number %d, after %s grows", async (value, end, waits) => {
  random(value);
  const { sentAt, waits: told } = await run("list", [endOf(end)], { retries: 6 });
  expect(told).toEqual([...waits.map((ms) => expect.closeTo(ms)), undefined]);
  for (const [index, ms] of waits.entries()) {
    const waited = (sentAt[index + 1] ?? NaN) - (sentAt[index] ?? NaN);
    expect(Math.abs(waited - ms)).toBeLessThanOrEqual(1);
  }
  expect(sentAt).toHaveLength(7);
});

test("retryDelay is asked before each wait, and the client waits what it returns", async () => {
  random(0.5);
  const retryDelay = vi.fn((ms: number) => ms / 10);
  const answers = [answer(503), answer(429), answer(503, "60"), succeeding];
  const { sentAt, waits } = await run("list", answers, { retries: 3, retryDelay });
  expect(retryDelay.mock.calls).toEqual([[250], [6000], [60_000]]);
  expect(waits).toEqual([25, 600, 6000, undefined]);
  expect(sentAt).toEqual([0, 25, 625, 6625]);
});

test("retryDelay is not asked where there will be no wait", async () => {
  const retryDelay = vi.fn(() => 0);
  await run("list", [answer(400)], { retryDelay });
  await run("create", [answer(503)], { retryDelay });
  await run("list", [answer(503)], { retryDelay, retries: 0 });
  const { error, sentAt } = await run("list", [answer(429, "3600")], { retryDelay });
  expect(error).toMatchObject({ status: 429, retryAfterMs: 3_600_000 });
  expect(sentAt).toEqual([0]);
  expect(retryDelay).not.toHaveBeenCalled();
});

test.each<[string, () => unknown]>([
  ...[NaN, Infinity, -1, "0", Promise.resolve(0)].map(
    (it) => [String(it), () => it] as [string, () => unknown],
  ),
  ["an error", throwing(new Error("no delay"))],
])("retryDelay that gives %s leaves the client's own wait", async (_, retryDelay) => {
  random(0.5);
  const { waits, value } = await run("list", [answer(503), succeeding], {
    retryDelay: retryDelay as () => number,
  });
  expect(waits).toEqual([250, undefined]);
  expect(value).toHaveLength(1);
});

test.each([
  ["7", 7000],
  ["007", 7000],
  ["Fri, 02 Jan 2026 03:04:15 GMT", 10_000],
  ["Friday, 02-Jan-26 03:04:15 GMT", 10_000],
])("Retry-After %s is the least wait", async (value, ms) => {
  for (const [status, chance] of [
    [503, 0],
    [503, 0.999],
    [429, 0],
  ] as const) {
    random(chance);
    const { sentAt } = await run("list", [answer(status, value), succeeding]);
    expect(sentAt).toEqual([0, ms]);
  }
});

test("Retry-After is read without the white space that Node's fetch leaves around it", async () => {
  for (const value of ["7 ", "\t7\t"]) {
    const headers = { get: (name: string) => (/^retry-after$/i.test(name) ? value : null) };
    const spaced = () => ({ status: 503, headers, body: null }) as unknown as Response;
    expect((await run("list", [spaced, succeeding])).waits).toEqual([7000, undefined]);
  }
});

test.each([
  ["Fri, 02 Jan 2026 01:00:00 GMT", "Fri, 02 Jan 2026 01:00:30 GMT", 30_000],
  ["Fri, 02 Jan 2026 05:00:00 GMT", "Friday, 02-Jan-26 05:00:30 GMT", 30_000],
  ["Fri, 02 Jan 2026 05:00:00 GMT", "Fri, 02 Jan 2026 04:00:00 GMT", undefined],
  ["-5", "Fri, 02 Jan 2026 03:04:15 GMT", 10_000],
  ["Fri, 02 Jan 2026 01:00:00 GMT", "8", 8000],
])("Retry-After by the answer's own Date %s: %s is %s", async (date, value, ms) => {
  const busy = answering(429, { Date: date, "Retry-After": value });
  expect((await run("list", [busy], { retries: 0 })).error?.retryAfterMs).toBe(ms);
});

test("Retry-After does not shorten a longer backoff", async () => {
  random(0.5);
  const { waits } = await run("list", [answer(503, "1")], { retries: 4 });
  expect(waits).toEqual([1000, 1000, 1000, 2000, undefined]);
});

test.each([
  "0|-5|1.5|soon|1e3|120, 120|0x10|+5|5s|5 5|Infinity|NaN|now|2026-01-02T03:04:15Z",
  "Fri, 02 Jan 2026 03:04:05 GMT|Thu, 01 Jan 2026 03:04:15 GMT|Friday, 02-Jan-26 03:04:04 GMT",
  "Fri, 02 Jan 2026 25:04:15 GMT|Fri, 32 Jan 2026 03:04:15 GMT|Fri Jan 2 2026|Jan 2 2027 GMT",
])("Retry-After is ignored where it is past, negative or unreadable: %s", async (values) => {
  random(0);
  for (const value of ["", ...values.split("|")]) {
    const { waits, error } = await run("list", [answer(503, value)], { retries: 1 });
    expect([value, ...waits]).toEqual([value, 0, undefined]);
    expect(error).toMatchObject({ status: 503, retryAfterMs: undefined });
  }
});

test.each(["10", "99999999999", "9".repeat(400), "Fri, 31 Dec 9999 23:59:59 GMT"])(
  "Retry-After beyond totalTimeout ends the call: %s",
  async (value) => {
    const { error, sentAt } = await run("list", [answer(429, value)], { totalTimeout: 10_000 });
    expect(error).toMatchObject({ name: "MakeApiError", status: 429, attempts: 1 });
    expect(error?.retryAfterMs).toBeGreaterThanOrEqual(10_000);
    expect(sentAt).toEqual([0]);
    random(0);
    const answers = [answer(503, "6"), answer(503, value)];
    const late = await run("delete", answers, { totalTimeout: 16_000 });
    expect(late).toMatchObject({ sentAt: [0, 6000], error: { status: 503, attempts: 2 } });
  },
);

const ENDINGS: readonly [outcome: string, ...attempts: string[]][] = [
  ["not-sent", "create refused refused refused"],
  ["rejected", "create 429 refused 429", "create 429 400", "create refused 401"],
  ["rejected", "delete 429 404", "delete refused 404"],
  [
    "unknown",
    "create refused reset",
    "create refused 500",
    "create 429 302",
    "list 503 refused refused",
  ],
  [
    "unknown",
    "list reset 429 429",
    "list reset 404",
    "delete reset 401",
    "delete refused refused reset",
  ],
];
const cases = ENDINGS.flatMap(([outcome, ...all]) => all.map((it) => [it, outcome] as const));

test.each(cases)("once an attempt is unknown, the call is: %s is %s", async (all, outcome) => {
  const [name, ...ends] = all.split(" ");
  const answers = ends.map(endOf);
  const { error, sentAt } = await run(name as CallName, answers, { retryDelay: () => 0 });
  expect(error).toMatchObject({ outcome, attempts: answers.length });
  expect(sentAt).toHaveLength(answers.length);
});

test("a create that was refused for now is a success where the last attempt succeeds", async () => {
  for (const first of [refused, answer(429)]) {
    const { value, sentAt } = await run("create", [first, succeeding]);
    expect([value, sentAt.length]).toEqual([MADE, 2]);
  }
});

const common = { operation: "GET /users/me/api-tokens", zone: "make.example" };
const durationMs = expect.any(Number);

test("onAttempt gets what came of every attempt, and the wait that follows", async () => {
  random(0.5);
  const busy = answering(503, { "x-request-id": "req-7" });
  expect((await run("list", [busy, reset, succeeding])).attempts).toEqual([
    { ...common, attempt: 1, status: 503, requestId: "req-7", durationMs, retryInMs: 250 },
    { ...common, attempt: 2, error: "ECONNRESET", durationMs, retryInMs: 500 },
    { ...common, attempt: 3, status: 200, durationMs },
  ]);
});

test("onAttempt gets a short code and how long it took where there was no answer", async () => {
  const { attempts } = await run("list", [hanging], { timeout: 1000, retries: 0 });
  expect(attempts).toEqual([{ ...common, attempt: 1, error: "timeout", durationMs: 1000 }]);
});

test.each<[string, () => void]>([
  ["throws", throwing(new Error("no log"))],
  ["rejects with, as an async function", () => Promise.reject(new Error("no log"))],
])("onAttempt is not obeyed in what it %s", async (_, onAttempt) => {
  const { value } = await run("delete", [answer(503), succeeding], { onAttempt });
  expect(value).toBe(CREATED);
  const { make } = scripted([answer(400)], { onAttempt });
  expect(await failureOf(make.apiTokens.list())).toMatchObject({ status: 400 });
});
