import { afterAll, beforeAll, describe, expect, vi } from "vitest";
import { type Attempt, createMakeClient } from "../../src/index.js";
import { type Fault, type FaultOptions, startFakeZone } from "../../src/testing/index.js";
import {
  CALLS,
  type CallName,
  FAULT_ROWS,
  type FaultRow,
  isEndless,
  OPERATIONS,
  testOf,
  titleOf,
} from "./fault-rows.js";
import { failureOf, SPEC } from "./support.js";

beforeAll(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterAll(() => {
  vi.restoreAllMocks();
});

/** A zone with a token to delete, which then fails; the requests are those that come after. */
async function startFaultyZone(fault: Fault, when: FaultOptions) {
  const zone = await startFakeZone();
  const { baseUrl, token } = zone;
  const old = await createMakeClient({ baseUrl, token }).apiTokens.create(SPEC);
  const attempts: Attempt[] = [];
  const make = createMakeClient({
    baseUrl,
    token,
    timeout: isEndless(fault) ? 500 : 30_000,
    onAttempt: (attempt) => void attempts.push(attempt),
  });
  zone.fail(fault, when);
  return {
    zone,
    attempts,
    old,
    call: (name: CallName) => CALLS[name](make, old.created),
    methods: () => zone.requests.slice(1).map((it) => it.method),
    [Symbol.asyncDispose]: () => zone.close(),
  };
}

async function expectOutcome(row: FaultRow): Promise<void> {
  const [fault, when, name, Class, outcome, requests, tokens] = row;
  await using faulty = await startFaultyZone(fault, when);
  const error = await failureOf(faulty.call(name));
  expect(error.constructor).toBe(Class);
  expect(error).toMatchObject({
    name: Class.name,
    operation: OPERATIONS[name],
    zone: new URL(faulty.zone.baseUrl).host,
    attempts: requests,
    outcome,
  });
  if (typeof fault === "object" && "status" in fault && fault.status !== 204) {
    expect(error).toMatchObject({ status: fault.status });
  }
  const [method] = OPERATIONS[name].split(" ");
  expect(faulty.methods()).toEqual(Array(requests).fill(method));
  expect(faulty.zone.tokens).toHaveLength(tokens);
  expect(faulty.attempts.map((it) => it.attempt)).toEqual(
    Array.from({ length: requests }, (_, index) => index + 1),
  );

  const mayBeOrphan = name === "create" && outcome === "unknown";
  expect(/list\(\).*delete\(\)/.test(error.message)).toBe(mayBeOrphan);
  expect(error.message.length).toBeLessThan(800);
}

for (const row of FAULT_ROWS) testOf(row[0])(titleOf(row), () => expectOutcome(row));

const STATUSES = [408, 500, 502, 503, 504].map((status) => ({ status }));
/** These come before the work, and the others after half of the answer to it. */
const WITHOUT_WORK: Fault[] = ["stall-headers", "reset", "close", "garbage", ...STATUSES];
const PASSING: Fault[] = ["stall-body", "drip", ...WITHOUT_WORK, "truncate", "reset-body"];

describe("a fault that passes", () => {
  function testEach(faults: Fault[], title: string, body: (fault: Fault) => Promise<void>): void {
    for (const fault of faults)
      testOf(fault)(`${JSON.stringify(fault)} ${title}`, () => body(fault));
  }

  testEach(PASSING, "is forgotten by a list", async (fault) => {
    await using faulty = await startFaultyZone(fault, { times: 2 });
    expect(await faulty.call("list")).toHaveLength(2);
    expect(faulty.methods()).toEqual(["GET", "GET", "GET"]);
  });

  testEach(PASSING, "after a deletion makes the 404 that follows a success", async (fault) => {
    await using faulty = await startFaultyZone(fault, { done: true });
    expect(await faulty.call("delete")).toBe(faulty.old.created);
    expect(faulty.methods()).toEqual(["DELETE", "DELETE"]);
    expect(faulty.zone.tokens).toHaveLength(1);
  });

  testEach(WITHOUT_WORK, "before a deletion is followed by another", async (fault) => {
    await using faulty = await startFaultyZone(fault, {});
    expect(await faulty.call("delete")).toBe(faulty.old.created);
    expect(faulty.methods()).toEqual(["DELETE", "DELETE"]);
    expect(faulty.zone.tokens).toHaveLength(1);
  });
});
