import { afterEach, beforeEach, expect, test } from "vitest";
import { createMakeClient, MakeApiError } from "../../src/index.js";
import { type FakeZone, skipWait, startFakeZone } from "../../src/testing/index.js";

// Nobody waits a minute here: where one is not skipped, the test's own limit of time ends it.
const LATER = { status: 503, headers: { "Retry-After": "60" } };
const { setTimeout } = globalThis;

let zone: FakeZone;
beforeEach(async () => {
  zone = await startFakeZone();
});
afterEach(() => zone.close());

const connect = (options: object = {}) =>
  createMakeClient({ baseUrl: zone.baseUrl, token: zone.token, onAttempt: skipWait, ...options });

test("the waits of a call are skipped, and each attempt is made", async () => {
  zone.fail(LATER, { times: 2 });
  expect(await connect().apiTokens.list()).toHaveLength(1);
  expect(zone.requests).toHaveLength(3);
});

test("calls at the same time skip their waits, and leave the timers as they were", async () => {
  zone.fail(LATER, { times: 20 });
  const { apiTokens } = connect({ retries: 20 });
  const lists = await Promise.all(Array.from({ length: 10 }, () => apiTokens.list()));
  expect(lists).toHaveLength(10);
  expect(zone.requests).toHaveLength(30);
  expect(globalThis.setTimeout).toBe(setTimeout);
});

test("a Retry-After beyond the totalTimeout ends the call all the same", async () => {
  zone.fail(LATER);
  const failure = connect({ totalTimeout: 50_000 }).apiTokens.list();
  await expect(failure).rejects.toBeInstanceOf(MakeApiError);
  expect(zone.requests).toHaveLength(1);
});

test("the timers are as they were where the call is aborted instead of waiting", async () => {
  zone.fail(LATER);
  const controller = new AbortController();
  const onAttempt = (attempt: { readonly retryInMs?: number }) => {
    skipWait(attempt);
    controller.abort();
  };
  const { apiTokens } = connect({ onAttempt });
  await expect(apiTokens.list({ signal: controller.signal })).rejects.toThrow(/abort/);
  expect(globalThis.setTimeout).toBe(setTimeout);
});

test("other timers keep their time", async () => {
  skipWait({ retryInMs: 60_000 });
  const fired: number[] = [];
  const timers = [5, 60_000].map((ms) => globalThis.setTimeout(() => fired.push(ms), ms));
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (const timer of timers) clearTimeout(timer);
  expect(fired.sort()).toEqual([5, 60_000]);
  expect(globalThis.setTimeout).toBe(setTimeout);
});
