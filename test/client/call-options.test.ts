import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type Attempt,
  MakeApiError,
  type MakeClient,
  MakeResponseError,
  MakeTimeoutError,
} from "../../src/index.js";
import { type Answering, CREATED, failureOf, listed, scripted, SPEC, TOKEN } from "./support.js";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

interface Limits {
  readonly timeout?: number;
  readonly totalTimeout?: number;
  readonly retries?: number;
}

const CALLS: Record<string, (make: MakeClient, limits: Limits) => Promise<unknown>> = {
  list: ({ apiTokens }, limits) => apiTokens.list(limits),
  create: ({ apiTokens }, limits) => apiTokens.create(SPEC, limits),
  delete: ({ apiTokens }, limits) => apiTokens.delete(CREATED, limits),
  raw: ({ raw }, limits) => raw.GET("/users/me/api-tokens", { ...limits }),
};
const never: Answering = () => new Promise(() => {});

describe.each(Object.entries(CALLS))("%s", (name, call) => {
  test("ends its attempts after the timeout of the call", async () => {
    const { make, sent } = scripted([never]);
    const failed = failureOf(call(make, { timeout: 1000, retries: 0 }));
    await vi.advanceTimersByTimeAsync(1000);
    const error = await failed;
    expect(error).toBeInstanceOf(MakeTimeoutError);
    expect(error.message).toContain("timeout, 1000 ms");
    expect(sent).toHaveLength(1);
  });

  test("ends after the totalTimeout of the call, also where the token does not come", async () => {
    for (const token of [TOKEN, () => new Promise<string>(() => {})]) {
      const { make } = scripted([never], { token });
      const failed = failureOf(call(make, { totalTimeout: 1000 }));
      await vi.advanceTimersByTimeAsync(1000);
      const error = await failed;
      expect(error).toBeInstanceOf(MakeTimeoutError);
      expect(error.message).toContain("totalTimeout, 1000 ms");
    }
  });

  test.each([undefined, null, false, 0, ""])(
    "takes a signal that is %j for none",
    async (signal) => {
      const { make, sent } = scripted([() => new Response("", { status: 400 })]);
      const options: object = { signal };
      if (name === "raw") expect(await call(make, options)).toMatchObject({ response: {} });
      else expect(await failureOf(call(make, options))).toBeInstanceOf(MakeApiError);
      expect(sent).toHaveLength(1);
    },
  );

  test("has the retries of the call, and those of the client where it says nothing", async () => {
    const busy = () => new Response("", { status: 429 });
    for (const [limits, attempts] of [
      [{ retries: 0 }, 1],
      [{ retries: 3 }, 4],
      [{}, 2],
      [{ retries: undefined }, 2],
    ] as const) {
      const { make, sent } = scripted([busy], { retries: 1 });
      const ended = call(make, limits as Limits).catch(() => {});
      await vi.runAllTimersAsync();
      await ended;
      expect([name, sent.length]).toEqual([name, attempts]);
    }
  });

  test.each([{ timeout: 0 }, { totalTimeout: "1" }, { retries: -1 }])(
    "refuses %j",
    async (limits) => {
      const { make, sent } = scripted([never]);
      const error = await failureOf(call(make, limits as Limits));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(new RegExp(`^${Object.keys(limits)[0]}: pass `));
      expect(sent).toEqual([]);
    },
  );
});

describe("maxBytes", () => {
  const answer =
    (size: number, status = 200): Answering =>
    () =>
      new Response('{"apiTokens":[]}'.padEnd(size), { status });

  test("is the largest answer that is read", async () => {
    const { make } = scripted([answer(100), answer(101)], { maxBytes: 100 });
    expect(await make.apiTokens.list()).toEqual([]);
    const error = await failureOf(make.apiTokens.list());
    expect(error.constructor).toBe(MakeResponseError);
    expect(error).toMatchObject({ outcome: "unknown", attempts: 1 });
    expect(error.message).toContain("larger than maxBytes, 100");
  });

  test("may be more than the default", async () => {
    const { make } = scripted([answer(2 ** 21)], { maxBytes: 2 ** 21 });
    expect(await make.apiTokens.list()).toEqual([]);
  });

  test("holds for answers that come as a whole", async () => {
    const whole = {
      status: 200,
      headers: new Headers(),
      arrayBuffer: async () => new ArrayBuffer(101),
    };
    const { make } = scripted([() => whole as unknown as Response], { maxBytes: 100 });
    expect((await failureOf(make.apiTokens.list())).constructor).toBe(MakeResponseError);
  });

  test("takes the body of an error answer, and leaves its status", async () => {
    const { make } = scripted([answer(101, 400)], { maxBytes: 100 });
    const error = await failureOf(make.apiTokens.list());
    expect(error.constructor).toBe(MakeApiError);
    expect(error).toMatchObject({ status: 400, detail: undefined });
    const { error: body, response } = await make.raw.GET("/users/me/api-tokens");
    expect([body, response.status]).toEqual(["", 400]);
  });
});

test("onAttempt is told the request's id where the answer has one", async () => {
  const ids: Attempt["requestId"][] = [];
  const { make } = scripted(
    [() => listed(), () => new Response("", { status: 400, headers: { "x-request-id": "req-7" } })],
    { onAttempt: ({ requestId }) => void ids.push(requestId) },
  );
  await make.apiTokens.list();
  await failureOf(make.apiTokens.list());
  expect(ids).toEqual([undefined, "req-7"]);
});
