import { MakeApiError, MakeConnectionError, MakeResponseError } from "make-api-tokens";
import { type MakeError, MakeTimeoutError, type Outcome } from "make-api-tokens";
import type { Fault } from "make-api-tokens/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { RETRIES, startFaulty, stopTime } from "./faulty-client.js";
import { type CallName, METHODS, NAMES, OPERATIONS } from "./fixtures.js";

beforeAll(stopTime);
afterAll(() => {
  vi.useRealTimers();
});

/** Faults that come to the same. */
interface Row {
  readonly faults: readonly Fault[];
  readonly error: new (...args: never) => MakeError;
  readonly outcome: Outcome;
  /** Which calls are sent again, as often as `retries` allows. */
  readonly again: readonly CallName[];
  /** Whether the zone did what was asked. Default: in one test it did, in another it did not. */
  readonly done?: boolean;
  /** Default: all. */
  readonly calls?: readonly CallName[];
}

const UNKNOWN = { outcome: "unknown", again: [] } as const;
const REPEATED = { outcome: "unknown", again: ["list", "delete"] } as const;
const REJECTED = { outcome: "rejected", again: [], done: false } as const;
/** A 404 follows a deletion that was done, and its status is known. */
const HALF = { ...REPEATED, done: true, calls: ["list", "create"] } as const;
const statuses = (...all: number[]): Fault[] => all.map((status) => ({ status }));
const later = { headers: { "Retry-After": "3600" } };
const elsewhere = { headers: { Location: "https://elsewhere.example/" } };
const HUGE = "x".repeat(2 ** 21);
const EMPTY: Fault[] = ["empty", { status: 204 }];
const REDIRECTS = [301, 302, 303, 304, 308].map((status) => ({ status, ...elsewhere }));
const REFUSALS = [...statuses(400, 401, 403, 404, 409, 422, 499), { status: 400, body: HUGE }];
const OUTAGES = [...statuses(408, 500, 502, 503, 504), { status: 500, body: HUGE }];
const NOT_MAKES: Fault[] = [
  "html",
  "wrong-shape",
  "huge",
  ...[null, 0, []].map((body) => ({ body })),
];

const ROWS: readonly Row[] = [
  { ...REPEATED, error: MakeConnectionError, faults: ["reset", "close", "garbage"] },
  { ...REPEATED, error: MakeTimeoutError, faults: ["stall-headers"] },
  { ...HALF, error: MakeConnectionError, faults: ["truncate", "reset-body"] },
  { ...HALF, error: MakeTimeoutError, faults: ["stall-body", "drip"] },
  { ...UNKNOWN, error: MakeResponseError, faults: ["cut-json"], done: true },
  { ...UNKNOWN, error: MakeResponseError, faults: NOT_MAKES },
  { ...UNKNOWN, error: MakeResponseError, faults: EMPTY, calls: ["list", "create"] },
  { ...UNKNOWN, error: MakeApiError, faults: ["redirect", ...REDIRECTS] },
  { ...UNKNOWN, error: MakeApiError, faults: [...statuses(501, 521), { status: 503, ...later }] },
  { ...REPEATED, error: MakeApiError, faults: OUTAGES },
  { ...REJECTED, error: MakeApiError, faults: [...REFUSALS, { status: 429, ...later }] },
  { ...REJECTED, error: MakeApiError, faults: statuses(429), again: NAMES },
];

const CHANGES = { list: 0, create: 1, delete: -1 };
const titled = (faults: readonly Fault[], done: boolean) =>
  faults.map((fault) => {
    const title = `${JSON.stringify(fault).slice(0, 60)}${done ? " after the work" : ""}`;
    return { fault, done, title };
  });

describe.each(NAMES)("a %s that fails shows its outcome and no secret:", (call) => {
  const cases = ROWS.filter(({ calls = NAMES }) => calls.includes(call)).flatMap((row) =>
    (row.done === undefined ? [false, true] : [row.done]).flatMap((done) =>
      titled(row.faults, done).map((it) => ({ ...row, ...it })),
    ),
  );

  test.each(cases)("$title", async ({ fault, done, error: Class, outcome, again }) => {
    await using client = await startFaulty();
    const mishaps = Array(1 + RETRIES).fill({ fault, done });
    const { error, sent, attempts, before, after } = await client.take({ call, mishaps });
    const requests = again.includes(call) ? 1 + RETRIES : 1;
    expect(error).toMatchObject({
      ...{ constructor: Class, name: Class.name, operation: OPERATIONS[call], outcome },
      ...{ attempts: requests, zone: new URL(client.zone.baseUrl).host },
    });
    const status = typeof fault === "object" && "status" in fault ? fault.status : 307;
    if (Class === MakeApiError) expect(error).toMatchObject({ status });
    expect(sent.map(({ method }) => method)).toEqual(Array(requests).fill(METHODS[call]));
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3].slice(0, requests));
    expect(after.length - before.length).toBe(done ? CHANGES[call] : 0);

    // What a create may have left has to be looked for, and nothing else has.
    const { message } = error as Error;
    expect(/\blist\(\)/.test(message)).toBe(call === "create" && outcome === "unknown");
    expect(message.length).toBeLessThan(800);
  });
});

/** These come before the work, and the others after half of the answer to it. */
const WITHOUT_WORK: Fault[] = ["reset", "close", "garbage", "stall-headers", ...OUTAGES];
const WITH_WORK: Fault[] = ["stall-body", "drip", "truncate", "reset-body"];

test.each([
  ...[...titled(WITHOUT_WORK, false), ...titled(WITHOUT_WORK, true), ...titled(WITH_WORK, true)],
  ...titled([{ status: 429 }], false),
])("a fault that passes leaves a delete a success: $title", async (mishap) => {
  await using client = await startFaulty();
  const { value, sent, picked, after } = await client.take({ call: "delete", mishaps: [mishap] });
  expect(value).toBe(picked?.created);
  expect(sent).toHaveLength(2);
  expect(after).not.toContain(picked);
});

test.each(titled(EMPTY, true))("a 2xx without a body answers a delete: $title", async (mishap) => {
  await using client = await startFaulty();
  const { value, sent, picked, after } = await client.take({ call: "delete", mishaps: [mishap] });
  expect(value).toBe(picked?.created);
  expect(sent).toHaveLength(1);
  expect(after).not.toContain(picked);
});
