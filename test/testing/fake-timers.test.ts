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

  test("dates tokens and answers by that time, and gives no timestamp twice", async () => {
    const [first] = await Promise.all([1, 2, 3].map(() => connect().create(SPEC)));
    await connect().delete(first?.created ?? "");
    await connect().create(SPEC);
    const times = zone.tokens.map(({ created }) => Date.parse(created));
    expect(times.sort()).toEqual([0, 2, 3, 4]);
    const { headers } = await ask(zone, `GET ${PATH}`);
    expect(headers.get("date")).toBe("Thu, 01 Jan 1970 00:00:00 GMT");
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
    zone.fail("drip");
    const { created } = zone.tokens[0] ?? {};
    expect(await connect().delete(created ?? "")).toBe(created);
  });
});
