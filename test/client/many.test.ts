import { getEventListeners } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMakeClient } from "../../src/index.js";
import { startFakeZone } from "../../src/testing/index.js";
import { SPEC } from "./support.js";

const warnings: Error[] = [];
const onWarning = (warning: Error): void => void warnings.push(warning);
beforeEach(() => {
  warnings.length = 0;
  process.on("warning", onWarning);
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  process.off("warning", onWarning);
  vi.restoreAllMocks();
});

/** How many timers and sockets are open. */
const open = (): number =>
  process.getActiveResourcesInfo().filter((it) => /^(Timeout|TCP)/.test(it)).length;

/** Waits without a timer, which would count. */
async function until(isSo: () => boolean): Promise<void> {
  for (const start = Date.now(); !isSo() && Date.now() - start < 10_000;) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(isSo()).toBe(true);
}

/** Runs `body`, after which no more is open than before. */
async function leavesNothing(body: () => Promise<void>): Promise<void> {
  const before = open();
  await body();
  await until(() => open() <= before);
  expect(warnings).toEqual([]);
}

test("1,000 calls at once on one client are all answered, and leave nothing behind", () =>
  leavesNothing(async () => {
    await using zone = await startFakeZone();
    const make = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
    const { signal } = new AbortController();
    const created = await Promise.all(
      Array.from({ length: 500 }, () => make.apiTokens.create(SPEC, { signal })),
    );
    expect(new Set(created.map((it) => it.created)).size).toBe(500);
    expect(zone.tokens).toHaveLength(501);

    zone.fail({ status: 503 }, { times: 100 });
    const answers = await Promise.all([
      ...created.map((it) => make.apiTokens.delete(it.created, { signal })),
      ...Array.from({ length: 250 }, () => make.apiTokens.list({ signal })),
      ...Array.from({ length: 250 }, () => make.raw.GET("/users/me/api-tokens")),
    ]);
    expect(answers).toHaveLength(1000);
    expect(answers.slice(0, 500)).toEqual(created.map((it) => it.created));
    expect(zone.tokens).toHaveLength(1);
    expect(zone.requests).toHaveLength(1600);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  }));

test("1,000 calls that one signal aborts end at once, and leave nothing behind", () =>
  leavesNothing(async () => {
    await using zone = await startFakeZone();
    const make = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
    const controller = new AbortController();
    const { signal } = controller;
    zone.fail("stall-headers", { times: 500 });
    zone.fail({ status: 503, headers: { "Retry-After": "60" } }, { times: 500 });
    const calls = Array.from({ length: 1000 }, () =>
      make.apiTokens.list({ signal }).then(
        () => "answered",
        (error: unknown) => error,
      ),
    );
    await until(() => zone.requests.length === 1000);
    const reason = new Error("shutdown");
    controller.abort(reason);
    expect(new Set(await Promise.all(calls))).toEqual(new Set([reason]));
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(zone.requests).toHaveLength(1000);
  }));

test("answers that are not read give their sockets back", () =>
  leavesNothing(async () => {
    await using zone = await startFakeZone();
    const make = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token, retries: 1 });
    const before = open();
    for (let i = 0; i < 50; i++) {
      zone.fail({ status: 503, body: "x".repeat(100_000) });
      await make.apiTokens.list();
    }
    await until(() => open() <= before + 4);
    expect(zone.requests).toHaveLength(100);
  }));
