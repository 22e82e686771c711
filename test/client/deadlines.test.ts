import { getEventListeners } from "node:events";
import type { CallOptions, MakeClient } from "make-api-tokens";
import { MakeResponseError, MakeTimeoutError } from "make-api-tokens";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Answering, answering, hanging, rejecting, succeeding } from "./answers.js";
import { CREATED, SPEC, TOKEN, TOKENS } from "./fixtures.js";
import { failureOf, type Options, scripted } from "./support.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const CALLS = {
  list: ({ apiTokens }: MakeClient, options: CallOptions) => apiTokens.list(options),
  create: ({ apiTokens }: MakeClient, options: CallOptions) => apiTokens.create(SPEC, options),
  delete: ({ apiTokens }: MakeClient, options: CallOptions) => apiTokens.delete(CREATED, options),
  raw: ({ raw }: MakeClient, options: object) => raw.GET(TOKENS, { ...options }),
};
const WAYS: readonly [string, (make: MakeClient, options: CallOptions) => Promise<unknown>][] =
  Object.entries(CALLS);

/** As Node's fetch does. */
const listening: Answering = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
const afterwards = (settle: (resolve: (it: Response) => void, reject: () => void) => void) => () =>
  new Promise<Response>((resolve, reject) => setTimeout(settle, 5000, resolve, reject));

/** An answer whose body sends these chunks and then stays open, and whether it was cancelled. */
function openBody(status: number, ...chunks: string[]) {
  const cancel = vi.fn();
  const bytes = chunks.map((it) => new TextEncoder().encode(it));
  const start = (it: ReadableStreamDefaultController) =>
    bytes.forEach((chunk) => it.enqueue(chunk));
  return { cancel, answer: () => new Response(new ReadableStream({ start, cancel }), { status }) };
}
const withoutEnd: Answering = () => openBody(200, '{"apiTokens":').answer();

/** What a call has come to, when its time is asked for. */
function watch(call: Promise<unknown>) {
  const under: { value?: unknown; error?: unknown } = {};
  call.then(
    (value) => (under.value = value),
    (error: unknown) => (under.error = error),
  );
  return under;
}
function start(answers: Answering[], options: Options = {}) {
  const { make, sent } = scripted(answers, options);
  return { sent, call: watch(make.apiTokens.list()) };
}

describe.each(WAYS)("a call of %s", (_, call) => {
  test.each([
    ["does not answer", listening],
    ["does not answer and ignores its signal", hanging],
    ["begins an answer and does not end it", withoutEnd],
  ])("has its timeout, to the last byte, for a fetch that %s", async (_, answer) => {
    const { make, sent } = scripted([answer]);
    const under = watch(call(make, { timeout: 1000, retries: 0 }));
    await vi.advanceTimersByTimeAsync(999);
    expect(under).toEqual({});
    await vi.advanceTimersByTimeAsync(1);
    const facts = { zone: "make.example", attempts: 1, outcome: "unknown" };
    expect(under.error).toMatchObject({ constructor: MakeTimeoutError, ...facts });
    expect(String(under.error)).toMatch(/\btimeout, 1000 ms/);
    expect(sent.map(({ signal }) => signal.aborted)).toEqual([true]);
  });

  test("has its totalTimeout, also where the token does not come", async () => {
    const never = () => new Promise<string>(() => {});
    for (const [token, outcome] of [
      [TOKEN, "unknown"],
      [never, "not-sent"],
    ] as const) {
      const { make, sent } = scripted([hanging], { token });
      const under = watch(call(make, { totalTimeout: 1000 }));
      await vi.advanceTimersByTimeAsync(1000);
      const attempts = token === never ? 0 : 1;
      expect(under.error).toMatchObject({ constructor: MakeTimeoutError, outcome, attempts });
      expect(String(under.error)).toMatch(/\btotalTimeout, 1000 ms/);
      expect(sent).toHaveLength(attempts);
    }
  });

  test("has its retries, and those of the client where it says nothing", async () => {
    for (const [retries, attempts] of [
      [0, 1],
      [3, 4],
      [undefined, 2],
    ] as const) {
      const { make, sent } = scripted([answering(429)], { retries: 1 });
      watch(call(make, { retries }));
      await vi.runAllTimersAsync();
      expect(sent).toHaveLength(attempts);
    }
  });

  test("takes a signal that is null for none", async () => {
    const { make, sent } = scripted([succeeding]);
    const options: object = { signal: null };
    await call(make, options);
    expect(sent).toHaveLength(1);
  });
});

test("timeout has 30 seconds and totalTimeout 90 where nothing is said", async () => {
  const { call, sent } = start([hanging], { retryDelay: undefined });
  await vi.advanceTimersByTimeAsync(29_999);
  expect(sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2);
  expect(sent).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(59_998);
  expect(call).toEqual({});
  await vi.advanceTimersByTimeAsync(2);
  expect(call.error).toBeInstanceOf(MakeTimeoutError);
});

test("a timeout that ends the body of an error answer leaves the status", async () => {
  const { call } = start([openBody(403, '{"detail":"Acc').answer], { timeout: 1000 });
  await vi.advanceTimersByTimeAsync(1000);
  expect(call.error).toMatchObject({ status: 403, outcome: "rejected", attempts: 1 });
});

test("totalTimeout covers all attempts, and cuts the last one short", async () => {
  const { call, sent } = start([hanging], { timeout: 1000, totalTimeout: 2500 });
  await vi.advanceTimersByTimeAsync(2499);
  expect([call, sent.length]).toEqual([{}, 3]);
  await vi.advanceTimersByTimeAsync(1);
  expect(call.error).toMatchObject({ constructor: MakeTimeoutError, attempts: 3 });
});

test("totalTimeout covers the time that the token takes, and nothing is sent after it", async () => {
  const token = () => new Promise<string>((resolve) => setTimeout(resolve, 4000, TOKEN));
  const late = start([hanging], { token, totalTimeout: 5000 });
  await vi.advanceTimersByTimeAsync(5000);
  expect(late.call.error).toMatchObject({ attempts: 1, outcome: "unknown" });
  const never = start([succeeding], { token, totalTimeout: 3000 });
  await vi.advanceTimersByTimeAsync(9000);
  expect(never.call.error).toMatchObject({ attempts: 0, outcome: "not-sent" });
  expect(never.sent).toEqual([]);
});

test("totalTimeout that ran out while the machine slept lets nothing be sent", async () => {
  const { call, sent } = start([answering(429, { "Retry-After": "1" })], {
    ...{ totalTimeout: 5000, retryDelay: undefined },
    onAttempt: () => void vi.advanceTimersByTime(10_000),
  });
  await vi.advanceTimersByTimeAsync(2000);
  expect(call.error).toMatchObject({ constructor: MakeTimeoutError, outcome: "rejected" });
  expect(sent).toHaveLength(1);
});

test("the socket of an unread body is given back before the next attempt, also if that never ends", async () => {
  const { answer, cancel } = openBody(503, "some");
  cancel.mockReturnValue(new Promise(() => {}));
  const { call } = start([answer, succeeding]);
  await vi.advanceTimersByTimeAsync(1);
  expect(call.value).toHaveLength(1);
  expect(cancel).toHaveBeenCalledOnce();
});

test("the socket of an unread body is given back where it came to no end in time", async () => {
  const { answer, cancel } = openBody(200, "some");
  start([answer], { timeout: 1000, retries: 0 });
  await vi.advanceTimersByTimeAsync(1000);
  expect(cancel).toHaveBeenCalledOnce();
});

test.each([200, 400])("the socket is given back after maxBytes of a %d", async (status) => {
  const { answer, cancel } = openBody(status, "x".repeat(60), "x".repeat(41), "x");
  const { call } = start([answer], { maxBytes: 100 });
  await vi.advanceTimersByTimeAsync(1);
  expect(cancel).toHaveBeenCalledOnce();
  if (status === 200) expect(call.error).toBeInstanceOf(MakeResponseError);
  else expect(call.error).toMatchObject({ status, detail: undefined, outcome: "rejected" });
});

test("the socket of an unread body is given back where its answer came after the deadline", async () => {
  const { answer, cancel } = openBody(200, "some");
  start([afterwards((resolve) => resolve(answer()))], { timeout: 1000, retries: 0 });
  await vi.advanceTimersByTimeAsync(1000);
  expect(cancel).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(4000);
  expect(cancel).toHaveBeenCalledOnce();
});

test.each([
  ["a failure", afterwards((_, reject) => reject())],
  ["what is no Response", afterwards((resolve) => resolve(undefined as never))],
])("%s after the deadline is nobody's", async (_, late) => {
  const { call } = start([late], { timeout: 1000, retries: 0 });
  await vi.advanceTimersByTimeAsync(5000);
  expect(call.error).toBeInstanceOf(MakeTimeoutError);
});

test.each<[number, Options]>([
  [2 ** 20, {}],
  [2 ** 21, { maxBytes: 2 ** 21 }],
  [100, { maxBytes: 100 }],
])("maxBytes is the largest answer that is read: %d with %j", async (maxBytes, options) => {
  const sized = (size: number) => answering(200, {}, '{"apiTokens":[]}'.padEnd(size));
  // As a whole, without a stream.
  const arrayBuffer = async () => new ArrayBuffer(maxBytes + 1);
  const whole = () => ({ status: 200, headers: new Headers(), arrayBuffer }) as Response;
  const { make } = scripted([sized(maxBytes), sized(maxBytes + 1), whole], options);
  expect(await make.apiTokens.list()).toEqual([]);
  for (const call of [make.apiTokens.list(), make.apiTokens.list()]) {
    const error = await failureOf(call);
    expect(error).toMatchObject({ constructor: MakeResponseError, outcome: "unknown" });
    expect(error.message).toContain(`larger than maxBytes, ${maxBytes}`);
  }
});

describe.each(WAYS)("an aborted call of %s rejects with the signal's reason", (_, call) => {
  test.each<[string, Answering, Options]>([
    ["an attempt", listening, {}],
    ["an attempt of a fetch that ignores its signal", hanging, {}],
    ["the body", withoutEnd, {}],
    ["the body of an error", () => openBody(403, "{").answer(), {}],
    ["the wait for the token", succeeding, { token: () => new Promise(() => {}) }],
    ["a wait", answering(429), { retryDelay: () => 9000 }],
  ])("during %s, and leaves no listener", async (_, answer, options) => {
    const controller = new AbortController();
    const { signal } = controller;
    const { make, sent, attempts } = scripted([answer], options);
    const under = watch(call(make, { signal }));
    await vi.advanceTimersByTimeAsync(10);
    expect(under).toEqual({});
    const before = sent.length;
    const reason = new Error("shutdown");
    controller.abort(reason);
    await vi.advanceTimersByTimeAsync(0);
    expect(under.error).toBe(reason);
    expect([sent.length, attempts.length]).toEqual([before, before]);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("before anything is sent or asked for", async () => {
    const token = vi.fn(() => TOKEN);
    const { make, attempts } = scripted([succeeding], { token });
    for (const reason of [{ why: "shutdown" }, "shutdown", undefined]) {
      const signal = AbortSignal.abort(reason);
      expect(await failureOf(call(make, { signal }))).toBe(signal.reason);
    }
    expect([attempts.length, token.mock.calls.length]).toEqual([0, 0]);
  });
});

test("an abort by onAttempt ends the call before its wait", async () => {
  const controller = new AbortController();
  const onAttempt = () => controller.abort("enough");
  const { make, sent } = scripted([answering(503)], { onAttempt });
  expect(await failureOf(make.apiTokens.list({ signal: controller.signal }))).toBe("enough");
  expect(sent).toHaveLength(1);
});

test("a signal that lives on gets no warning at more than ten calls, and no memory is kept on it", async () => {
  const warnings: string[] = [];
  const onWarning = ({ name }: Error) => void warnings.push(name);
  process.on("warning", onWarning);
  const any = vi.spyOn(AbortSignal, "any");
  const { make } = scripted([hanging], { timeout: 1000, retries: 0 });
  const { signal } = new AbortController();
  const calls = [...WAYS, ...WAYS, ...WAYS, ...WAYS].map(([, it]) => watch(it(make, { signal })));
  await vi.advanceTimersByTimeAsync(1);
  expect(getEventListeners(signal, "abort").length).toBeLessThanOrEqual(10);
  await vi.advanceTimersByTimeAsync(1000);
  for (const { error } of calls) expect(error).toBeInstanceOf(MakeTimeoutError);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  // Node keeps what AbortSignal.any makes as long as the signal.
  expect(any).not.toHaveBeenCalled();
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", onWarning);
  expect(warnings).not.toContain("MaxListenersExceededWarning");
});

test("a signal that lives on is left by a call that succeeds, fails, or is refused", async () => {
  const { signal } = new AbortController();
  const { make } = scripted([succeeding, answering(400), rejecting("x")], { retries: 0 });
  for (const [, call] of [...WAYS, ...WAYS]) await call(make, { signal }).catch(() => {});
  await failureOf(make.raw.GET("/../x" as typeof TOKENS, { signal }));
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("a signal that one call has left still ends the others", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const { make } = scripted([hanging, succeeding]);
  const under = watch(make.apiTokens.list({ signal }));
  await make.apiTokens.list({ signal });
  controller.abort("shutdown");
  await vi.advanceTimersByTimeAsync(0);
  expect(under.error).toBe("shutdown");
});
