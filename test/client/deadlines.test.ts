import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type MakeClientOptions, MakeResponseError, MakeTimeoutError } from "../../src/index.js";
import { CALLS, type CallName } from "./fault-rows.js";
import { type Answering, CREATED, listed, scripted, TOKEN } from "./support.js";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const NAMES = Object.keys(CALLS) as CallName[];
const never: Answering = () => new Promise(() => {});
/** As Node's fetch does. */
const listening: Answering = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

/** An answer whose body sends these chunks and then stays open, and whether it was cancelled. */
function openBody(status: number, chunks: string[] = []) {
  const cancel = vi.fn();
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => chunks.forEach((it) => controller.enqueue(new TextEncoder().encode(it))),
    cancel,
  });
  return { cancel, answer: (): Response => new Response(stream, { status }) };
}

/** A call under way: what it has come to, when its time is asked for. */
function start(name: CallName, answers: Answering[], options: Partial<MakeClientOptions> = {}) {
  const begin = performance.now();
  const { make, sent } = scripted(answers, options);
  const call: { value?: unknown; error?: unknown; settledAt?: number } = {};
  CALLS[name](make, CREATED)
    .then(
      (value) => (call.value = value),
      (error: unknown) => (call.error = error),
    )
    .finally(() => (call.settledAt = performance.now() - begin));
  return { call, sent };
}

describe("timeout", () => {
  test.each<[string, Answering]>([
    ["does not answer", listening],
    ["does not answer and ignores its signal", never],
    ["begins an answer and does not end it", () => openBody(200, ['{"apiTokens":']).answer()],
  ])("ends every attempt of a fetch that %s", async (_, answer) => {
    for (const [name, attempts] of [
      ["list", 3],
      ["create", 1],
    ] as const) {
      const { call, sent } = start(name, [answer], { timeout: 1000 });
      await vi.advanceTimersByTimeAsync(attempts * 1000 - 1);
      expect(call).toEqual({});
      expect(sent).toHaveLength(attempts);
      await vi.advanceTimersByTimeAsync(5);
      expect(call.error).toBeInstanceOf(MakeTimeoutError);
      expect(call.error).toMatchObject({ outcome: "unknown", attempts });
      expect(String(call.error)).toMatch(/\btimeout, 1000 ms/);
      expect(sent.every((it) => it.signal.aborted)).toBe(true);
    }
  });

  test("has 30 seconds and totalTimeout 90 where nothing is said", async () => {
    const { call, sent } = start("list", [never]);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(sent).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(59_998);
    expect(call).toEqual({});
    await vi.advanceTimersByTimeAsync(2);
    expect(call.error).toBeInstanceOf(MakeTimeoutError);
  });

  test("that ends the body of an error answer leaves the status", async () => {
    const { call } = start("list", [openBody(403, ['{"detail":"Acc']).answer], { timeout: 1000 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(call.error).toMatchObject({ status: 403, outcome: "rejected", attempts: 1 });
  });
});

describe("totalTimeout", () => {
  test("covers all attempts", async () => {
    const { call, sent } = start("list", [never], { timeout: 1000, totalTimeout: 2500 });
    await vi.advanceTimersByTimeAsync(2499);
    expect(call).toEqual({});
    await vi.advanceTimersByTimeAsync(1);
    expect(call.error).toBeInstanceOf(MakeTimeoutError);
    expect(String(call.error)).toMatch(/\btotalTimeout, 2500 ms/);
    expect(sent).toHaveLength(3);
  });

  test("covers the waits, and leaves none that could not be followed by an attempt", async () => {
    vi.mocked(Math.random).mockReturnValue(0.8);
    const failing = () => new Response("", { status: 503 });
    const { call, sent } = start("list", [failing], { totalTimeout: 1000 });
    await vi.advanceTimersByTimeAsync(400);
    expect(sent).toHaveLength(2);
    expect(call).toMatchObject({ error: { status: 503, attempts: 2 }, settledAt: 400 });
  });
});

describe("totalTimeout that ran out while the process slept", () => {
  test("lets nothing be sent any more", async () => {
    const busy = () => new Response("", { status: 429, headers: { "Retry-After": "1" } });
    const { call, sent } = start("create", [busy], {
      totalTimeout: 5000,
      onAttempt: () => void vi.advanceTimersByTime(10_000),
    });
    await vi.advanceTimersByTimeAsync(2000);
    expect(call.error).toBeInstanceOf(MakeTimeoutError);
    expect(call.error).toMatchObject({ outcome: "rejected", attempts: 1 });
    expect(sent).toHaveLength(1);
  });
});

describe("a body that is not used is cancelled", () => {
  test("where the attempt is repeated", async () => {
    const { answer, cancel } = openBody(503, ["some"]);
    const { call } = start("list", [answer, () => listed()]);
    await vi.advanceTimersByTimeAsync(1);
    expect(call.value).toEqual([]);
    expect(cancel).toHaveBeenCalledOnce();
  });

  test("where it came to no end in time", async () => {
    const { answer, cancel } = openBody(200, ["some"]);
    const { call } = start("create", [answer], { timeout: 1000 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(call.error).toBeInstanceOf(MakeTimeoutError);
    expect(cancel).toHaveBeenCalledOnce();
  });

  test("where its answer came after the deadline", async () => {
    const { answer, cancel } = openBody(200, ["some"]);
    const late: Answering = () => new Promise((resolve) => setTimeout(resolve, 5000, answer()));
    const { call } = start("create", [late], { timeout: 1000 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(call.error).toBeInstanceOf(MakeTimeoutError);
    expect(cancel).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(4000);
    expect(cancel).toHaveBeenCalledOnce();
  });

  test("and a failure after the deadline is nobody's", async () => {
    const late: Answering = () =>
      new Promise((_, reject) => setTimeout(reject, 5000, new Error("too late")));
    const { call } = start("create", [late], { timeout: 1000 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(call.error).toBeInstanceOf(MakeTimeoutError);
  });

  test("and what is no Response, after the deadline, is nobody's", async () => {
    const late = () => new Promise<never>((resolve) => setTimeout(resolve, 5000));
    const { call } = start("create", [late], { timeout: 1000 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(call.error).toBeInstanceOf(MakeTimeoutError);
  });

  test.each([200, 400])("after 1 MiB of it, with the status %d", async (status) => {
    const { answer, cancel } = openBody(status, Array(5).fill("x".repeat(2 ** 18)));
    const { call } = start("list", [answer]);
    await vi.advanceTimersByTimeAsync(1);
    expect(cancel).toHaveBeenCalledOnce();
    if (status === 200) expect(call.error).toBeInstanceOf(MakeResponseError);
    else expect(call.error).toMatchObject({ status });
  });

  test("while one that never stops to be cancelled holds nothing up", async () => {
    const stream = new ReadableStream({ cancel: () => new Promise(() => {}) });
    const { call } = start("list", [() => new Response(stream, { status: 503 }), () => listed()]);
    await vi.advanceTimersByTimeAsync(1);
    expect(call.value).toEqual([]);
    await vi.advanceTimersByTimeAsync(90_000);
  });

  test("and an answer of exactly 1 MiB is read", async () => {
    const text = '{"apiTokens":[]}'.padEnd(2 ** 20);
    const { call } = start("list", [() => new Response(text)]);
    await vi.advanceTimersByTimeAsync(1);
    expect(call.value).toEqual([]);
  });
});

describe("an aborted call rejects with the signal's reason", () => {
  const REASONS: [string, unknown][] = [
    ["an object", { why: "shutdown" }],
    ["an error", new Error("shutdown")],
    ["a string", "shutdown"],
    ["null", null],
    ["undefined, which stands for an AbortError", undefined],
  ];
  const MOMENTS: [string, Partial<MakeClientOptions>, Answering[]][] = [
    ["an attempt", {}, [listening]],
    ["an attempt of a fetch that ignores its signal", {}, [never]],
    ["the body", {}, [() => openBody(200, ["{"]).answer()]],
    ["the body of an error", {}, [() => openBody(403, ["{"]).answer()]],
    ["the wait for the token", { token: () => new Promise(() => {}) }, [() => listed()]],
    [
      "a wait",
      {},
      [() => new Response("", { status: 429, headers: { "Retry-After": "9" } }), () => listed()],
    ],
  ];

  const WAYS = [...NAMES.map((it) => [it, "facade"] as const), ["list", "raw"] as const];

  /** A call that is aborted after 10 ms, on the facade or on raw. */
  async function abort(reason: unknown, options: Partial<MakeClientOptions>, answers: Answering[]) {
    for (const [name, way] of WAYS) {
      // openapi-fetch does not pass a falsy error on.
      if (way === "raw" && reason === null) continue;
      const controller = new AbortController();
      const { signal } = controller;
      const { make, sent } = scripted(answers, options);
      const { apiTokens, raw } = make;
      const calls = {
        list: () => apiTokens.list({ signal }),
        create: () => apiTokens.create({ label: "ci", scope: [] }, { signal }),
        delete: () => apiTokens.delete(CREATED, { signal }),
      };
      const call = way === "raw" ? raw.GET("/users/me/api-tokens", { signal }) : calls[name]();
      let outcome: unknown = "pending";
      call.then(
        () => (outcome = "resolved"),
        (error: unknown) => (outcome = { rejected: error }),
      );
      await vi.advanceTimersByTimeAsync(10);
      expect(outcome).toBe("pending");
      const before = sent.length;
      controller.abort(reason);
      await vi.advanceTimersByTimeAsync(0);
      expect((outcome as { rejected: unknown }).rejected).toBe(signal.reason);
      expect(sent).toHaveLength(before);
      if (way === "facade") expect(getEventListeners(signal, "abort")).toEqual([]);
    }
  }

  test.each(MOMENTS)("during %s", (_, options, answers) =>
    abort(new Error("shutdown"), options, answers),
  );
  test.each(REASONS)("where that is %s", (_, reason) => abort(reason, {}, [listening]));

  test.each(REASONS)(
    "before anything is sent or asked for, where that is %s",
    async (_, reason) => {
      const token = vi.fn(() => TOKEN);
      const { make, sent } = scripted([() => listed()], { token });
      const signal = AbortSignal.abort(reason);
      for (const call of [
        () => make.apiTokens.list({ signal }),
        () => make.apiTokens.create({ label: "ci", scope: [] }, { signal }),
        () => make.apiTokens.delete(CREATED, { signal }),
        () => make.apiTokens.rotate(CREATED, { store: () => {} }, { signal }),
        ...(reason === null ? [] : [() => make.raw.GET("/users/me/api-tokens", { signal })]),
      ]) {
        const rejected = await call().then(
          () => "resolved",
          (error: unknown) => error,
        );
        expect(rejected).toBe(signal.reason);
      }
      expect(sent).toEqual([]);
      expect(token).not.toHaveBeenCalled();
    },
  );
});
