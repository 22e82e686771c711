import { mock } from "node:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createMakeClient, MakeConnectionError } from "../../src/index.js";
import { type FakeZone, type FaultName, startFakeZone } from "../../src/testing/index.js";
import { ask, PATH, SPEC } from "./ask.js";

/** Each replaces every timer that it knows, and `Date`, with ones that stand still. */
const FAKES: [name: string, enable: () => unknown, disable: () => unknown][] = [
  ["vitest", () => vi.useFakeTimers({ now: 0 }), () => vi.useRealTimers()],
  [
    "node:test",
    () => mock.timers.enable({ apis: ["setTimeout", "setInterval", "setImmediate", "Date"] }),
    () => mock.timers.reset(),
  ],
];

describe.each(FAKES)("under the fake timers of %s, a zone", (_, enable, disable) => {
  let zone: FakeZone;
  beforeEach(async () => {
    enable();
    zone = await startFakeZone();
  });
  afterEach(async () => {
    await zone.close();
    disable();
  });
  const connect = () =>
    createMakeClient({ baseUrl: zone.baseUrl, token: zone.token, retries: 0 }).apiTokens;

  test("lists, creates and deletes, by timestamps of that time that differ", async () => {
    const tokens = await Promise.all([1, 2, 3].map(() => connect().create(SPEC)));
    const times = tokens.map(({ created }) => Date.parse(created)).sort();
    expect(times).toEqual([1, 2, 3]);
    for (const { created } of tokens) await connect().delete(created);
    expect(await connect().list()).toHaveLength(1);
  });

  test.each<FaultName>(["truncate", "reset-body", "reset", "close"])(
    "breaks the connection off with %s",
    async (fault) => {
      zone.fail(fault);
      await expect(connect().list()).rejects.toBeInstanceOf(MakeConnectionError);
      await expect(connect().list()).resolves.toHaveLength(1);
    },
  );

  test("drips to the last byte", async () => {
    const { created } = await connect().create(SPEC);
    zone.fail("drip");
    expect(await connect().delete(created)).toBe(created);
  });

  test("dates its answers by that time", async () => {
    const { headers } = await ask(zone, `GET ${PATH}`);
    expect(headers.get("date")).toBe("Thu, 01 Jan 1970 00:00:00 GMT");
  });
});

test("a clock that is set back gives tokens of that time, and no timestamp twice", async () => {
  await using zone = await startFakeZone();
  const { apiTokens } = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2020-03-27T05:53:27.368Z") });
  try {
    const { created } = await apiTokens.create(SPEC);
    await apiTokens.delete(created);
    const next = await apiTokens.create(SPEC);
    expect([created, next.created]).toEqual([
      "2020-03-27T05:53:27.368Z",
      "2020-03-27T05:53:27.369Z",
    ]);
  } finally {
    vi.useRealTimers();
  }
});

test("a test can advance its fake timers by the wait that onAttempt names", async () => {
  vi.useFakeTimers();
  try {
    await using zone = await startFakeZone();
    zone.fail({ status: 503, headers: { "Retry-After": "60" } });
    const { apiTokens } = createMakeClient({
      baseUrl: zone.baseUrl,
      token: zone.token,
      onAttempt: ({ retryInMs = 0 }) => void vi.advanceTimersByTimeAsync(retryInMs),
    });
    expect(await apiTokens.list()).toHaveLength(1);
    expect(zone.requests).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});
