import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type Attempt,
  MakeApiError,
  type MakeClient,
  type MakeClientOptions,
  MakeConnectionError,
} from "../../src/index.js";
import { retryAfterOf } from "../../src/http/retry.js";
import {
  type Answering,
  CREATED,
  created,
  failureOf,
  json,
  listed,
  scripted,
  SPEC,
} from "./support.js";

const NOW = "2026-01-02T03:04:05.000Z";
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const answer =
  (status: number, retryAfter?: string): Answering =>
  () =>
    json(
      { detail: "x", message: "y", code: `SC${status}` },
      { status, headers: retryAfter === undefined ? {} : { "Retry-After": retryAfter } },
    );
const breaks =
  (code: string): Answering =>
  () =>
    Promise.reject(Object.assign(new Error("broken"), { code }));

const CALLS = {
  list: ({ apiTokens }: MakeClient) => apiTokens.list(),
  create: ({ apiTokens }: MakeClient) => apiTokens.create(SPEC),
  delete: ({ apiTokens }: MakeClient) => apiTokens.delete(CREATED),
};

/** One call to its end, however long it waits, and when it sent what. */
async function run(
  name: keyof typeof CALLS,
  answers: Answering[],
  options: Partial<MakeClientOptions> = {},
) {
  vi.setSystemTime(NOW);
  const attempts: Attempt[] = [];
  const sentAt: number[] = [];
  const start = performance.now();
  const { make } = scripted(
    answers.map((it) => (sent) => {
      sentAt.push(performance.now() - start);
      return it(sent);
    }),
    { totalTimeout: 600_000, onAttempt: (attempt) => void attempts.push(attempt), ...options },
  );
  const settled = CALLS[name](make).then(
    (value) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error }),
  );
  await vi.runAllTimersAsync();
  const took = performance.now() - start;
  return { ...(await settled), attempts, sentAt, took, waits: attempts.map((it) => it.retryInMs) };
}
const random = (value: number) => vi.spyOn(Math, "random").mockReturnValue(value);

describe("the wait before an attempt", () => {
  test.each([
    [0, 503, [0, 0, 0, 0, 0, 0]],
    [0.5, 503, [250, 500, 1000, 2000, 4000, 4000]],
    [0.999, 503, [499.5, 999, 1998, 3996, 7992, 7992]],
    [0, 429, [2000, 4000, 4000, 4000, 4000, 4000]],
    [0.5, 429, [3000, 6000, 6000, 6000, 6000, 6000]],
    [0.999, 429, [3998, 7996, 7996, 7996, 7996, 7996]],
  ])(
    "with a random number of %d after %d grows as the policy says",
    async (value, status, waits) => {
      random(value);
      const { attempts, sentAt } = await run("list", [answer(status)], { retries: 6 });
      const planned = attempts.map((it) => it.retryInMs);
      expect(planned.at(-1)).toBeUndefined();
      for (const [index, ms] of waits.entries()) {
        expect(planned[index]).toBeCloseTo(ms);
        const waited = (sentAt[index + 1] ?? NaN) - (sentAt[index] ?? NaN);
        expect(Math.abs(waited - ms)).toBeLessThanOrEqual(1);
      }
      expect(sentAt).toHaveLength(7);
    },
  );

  test.each([408, 500, 502, 504])("after %d is that after 503", async (status) => {
    random(0.5);
    expect((await run("list", [answer(status)])).waits).toEqual([250, 500, undefined]);
  });

  test.each(["ECONNRESET", "ECONNREFUSED"])("after %s is that after 503", async (code) => {
    random(0.5);
    expect((await run("delete", [breaks(code)])).waits).toEqual([250, 500, undefined]);
  });
});

describe("Retry-After", () => {
  const VALID = [
    ["7", 7000],
    ["007", 7000],
    ["Fri, 02 Jan 2026 03:04:15 GMT", 10_000],
    ["Friday, 02-Jan-26 03:04:15 GMT", 10_000],
    ["Fri Jan  2 03:04:15 2026", 10_000],
  ] as const;

  test.each(VALID)("%s is the least wait", async (value, ms) => {
    for (const [status, chance] of [
      [503, 0],
      [503, 0.999],
      [429, 0],
    ] as const) {
      random(chance);
      const { sentAt, value: found } = await run("list", [answer(status, value), () => listed()]);
      expect(found).toEqual([]);
      expect(sentAt).toEqual([0, ms]);
    }
  });

  test.each([
    ["7 ", 7000],
    ["\t7\t", 7000],
    ["Fri, 02 Jan 2026 03:04:15 GMT ", 10_000],
  ])("is read without the white space around it: %j", (value, ms) => {
    vi.setSystemTime(NOW);
    expect(retryAfterOf({ get: (name) => (name === "retry-after" ? value : null) })).toBe(ms);
  });

  test.each([
    ["Fri, 02 Jan 2026 01:00:00 GMT", "Fri, 02 Jan 2026 01:00:30 GMT", 30_000],
    ["Fri Jan  2 05:00:00 2026", "Friday, 02-Jan-26 05:00:30 GMT", 30_000],
    ["Fri, 02 Jan 2026 05:00:00 GMT", "Fri, 02 Jan 2026 04:00:00 GMT", undefined],
    ["2026-01-02T01:00:00Z", "Fri, 02 Jan 2026 03:04:15 GMT", 10_000],
    ["-5", "Fri, 02 Jan 2026 03:04:15 GMT", 10_000],
    ["Fri, 02 Jan 2026 01:00:00 GMT", "8", 8000],
  ])("by the answer's own Date %s is %s", (date, value, ms) => {
    vi.setSystemTime(NOW);
    expect(retryAfterOf(new Headers({ Date: date, "Retry-After": value }))).toBe(ms);
  });

  test.each(["99999999999", "9".repeat(400), "Fri, 31 Dec 9999 23:59:59 GMT"])(
    "beyond totalTimeout ends the call at once, with what it asks for: %s",
    async (value) => {
      const { error, sentAt } = await run("list", [answer(429, value)]);
      expect(sentAt).toEqual([0]);
      expect(error).toMatchObject({ status: 429, retryAfterMs: expect.any(Number) });
      expect((error as MakeApiError).retryAfterMs).toBeGreaterThan(600_000);
    },
  );

  test("does not shorten a longer backoff", async () => {
    random(0.5);
    expect((await run("list", [answer(503, "1")], { retries: 4 })).waits).toEqual([
      1000,
      1000,
      1000,
      2000,
      undefined,
    ]);
  });

  test.each([
    "0|-5|1.5|soon|1e3|120, 120|0x10|+5|5s|5 5|Infinity|NaN|now|2026-01-02T03:04:15Z",
    "Fri, 02 Jan 2026 03:04:05 GMT|Thu, 01 Jan 2026 03:04:15 GMT|Friday, 02-Jan-26 03:04:04 GMT",
    "Fri, 02 Jan 2026 03:04:15 +0000|Fri, 02 Jan 2026 03:04:15 PST|Fri, 02 Jan 2026 03:04:15",
    "Fri, 02 Jan 2026 25:04:15 GMT|Fri, 32 Jan 2026 03:04:15 GMT|Fri, 02 Jan 2026 03:04:15 gmt",
    "Fri, 02 Jan 2026 03:04:15 GMT, 7|Fri Jan 2 2026|Jan 2 2027 GMT|Fri, 02 Jan 2026 GMT",
  ])("is ignored where it is past, negative or unreadable: %s", async (values) => {
    random(0);
    for (const value of ["", ...values.split("|")]) {
      const { waits, error } = await run("list", [answer(503, value)], { retries: 1 });
      expect([value, ...waits]).toEqual([value, 0, undefined]);
      expect(error).toMatchObject({ status: 503, retryAfterMs: undefined });
      expect((await run("list", [answer(429, value), () => listed()])).waits).toEqual([
        2000,
        undefined,
      ]);
      expect(retryAfterOf(new Headers({ "Retry-After": value }))).toBeUndefined();
    }
  });

  test("that does not fit into the rest of totalTimeout fails the call at once", async () => {
    random(0);
    const late = await run("list", [answer(429, "10")], { totalTimeout: 10_000 });
    expect(late).toMatchObject({ took: 0, sentAt: [0], waits: [undefined] });
    expect(late.error).toBeInstanceOf(MakeApiError);
    expect(late.error).toMatchObject({ status: 429, retryAfterMs: 10_000, attempts: 1 });

    const second = await run("delete", [answer(503, "6")], { totalTimeout: 10_000 });
    expect(second).toMatchObject({ took: 6000, sentAt: [0, 6000] });
    expect(second.error).toMatchObject({ status: 503, retryAfterMs: 6000, attempts: 2 });
  });

  test("is told by the error of the last attempt", async () => {
    const { error } = await run("create", [answer(429, "7")], { retries: 0 });
    expect(error).toMatchObject({ status: 429, retryAfterMs: 7000, outcome: "rejected" });
  });
});

describe("the outcome of several attempts", () => {
  beforeEach(() => void random(0));
  const refused = breaks("ECONNREFUSED");
  const reset = breaks("ECONNRESET");

  test.each<[keyof typeof CALLS, string, Answering[], string, number]>([
    ["create", "refused, refused, refused", [refused], "not-sent", 3],
    ["create", "refused, reset", [refused, reset], "unknown", 2],
    ["create", "refused, 500", [refused, answer(500)], "unknown", 2],
    ["create", "429, refused, 429", [answer(429), refused, answer(429)], "rejected", 3],
    ["create", "429, 400", [answer(429), answer(400)], "rejected", 2],
    ["create", "refused, 401", [refused, answer(401)], "rejected", 2],
    ["create", "429, 302", [answer(429), answer(302)], "unknown", 2],
    ["list", "reset, 429, 429", [reset, answer(429)], "unknown", 3],
    ["list", "503, refused, refused", [answer(503), refused], "unknown", 3],
    ["list", "reset, 404", [reset, answer(404)], "unknown", 2],
    ["delete", "reset, 401", [reset, answer(401)], "unknown", 2],
    ["delete", "429, 404", [answer(429), answer(404)], "rejected", 2],
    ["delete", "refused, 404", [refused, answer(404)], "rejected", 2],
    ["delete", "refused, refused, reset", [refused, refused, reset], "unknown", 3],
  ])("of a %s: %s", async (name, _, answers, outcome, count) => {
    const { error, sentAt } = await run(name, answers);
    expect(error).toMatchObject({ outcome, attempts: count });
    expect(sentAt).toHaveLength(count);
  });

  test("is a success where the last attempt succeeds", async () => {
    const token = { token: "x", scope: [], created: CREATED, label: "ci" };
    for (const first of [refused, answer(429)]) {
      const { value, sentAt } = await run("create", [first, () => created(token)]);
      expect(value).toEqual(token);
      expect(sentAt).toHaveLength(2);
    }
    for (const first of [reset, answer(503), answer(408), answer(504)]) {
      const { value } = await run("delete", [first, answer(404)]);
      expect(value).toBe(CREATED);
    }
  });

  test.each([
    [0, 1],
    [1, 2],
    [5, 6],
  ])("with %d retries comes after %d attempts", async (retries, count) => {
    const { error, sentAt } = await run("list", [reset], { retries });
    expect(error).toBeInstanceOf(MakeConnectionError);
    expect(error).toMatchObject({ attempts: count });
    expect(sentAt).toHaveLength(count);
  });
});

describe("onAttempt", () => {
  const common = { operation: "GET /users/me/api-tokens", zone: "make.example" };
  const durationMs = expect.any(Number);

  test("gets what came of every attempt, and the wait that follows", async () => {
    random(0.5);
    const answers = [answer(503), breaks("ECONNRESET"), () => listed()];
    expect((await run("list", answers)).attempts).toEqual([
      { ...common, attempt: 1, status: 503, durationMs, retryInMs: 250 },
      { ...common, attempt: 2, error: "ECONNRESET", durationMs, retryInMs: 500 },
      { ...common, attempt: 3, status: 200, durationMs },
    ]);
  });

  test("gets a short code and how long it took where there was no answer", async () => {
    const hang: Answering = () => new Promise(() => {});
    const { attempts } = await run("list", [hang], { timeout: 1000, retries: 0 });
    expect(attempts).toEqual([{ ...common, attempt: 1, error: "timeout", durationMs: 1000 }]);
  });

  test.each<[string, () => void]>([
    [
      "throws",
      () => {
        throw new Error("no log");
      },
    ],
    ["rejects with", () => Promise.reject(new Error("no log"))],
  ])("is not obeyed in what it %s", async (_, onAttempt) => {
    random(0);
    const { value } = await run("list", [answer(503), () => listed()], { onAttempt });
    expect(value).toEqual([]);
    const { error } = await run("list", [answer(400)], { onAttempt });
    expect(await failureOf(Promise.reject(error))).toMatchObject({ status: 400 });
  });
});
