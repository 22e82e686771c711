import { test } from "vitest";
import {
  MakeApiError,
  type MakeClient,
  MakeConnectionError as Connection,
  type MakeError,
  MakeResponseError,
  MakeTimeoutError as Timeout,
  type Outcome,
} from "../../src/index.js";
import type { Fault, FaultOptions } from "../../src/testing/index.js";
import { SPEC } from "./support.js";

export type CallName = "list" | "create" | "delete";

/** The calls that faults meet, on a zone where a token was created at `created`. */
export const CALLS: Record<CallName, (make: MakeClient, created: string) => Promise<unknown>> = {
  list: ({ apiTokens }) => apiTokens.list(),
  create: ({ apiTokens }) => apiTokens.create(SPEC),
  delete: ({ apiTokens }, created) => apiTokens.delete(created),
};
export const OPERATIONS = {
  list: "GET /users/me/api-tokens",
  create: "POST /users/me/api-tokens",
  delete: "DELETE /users/me/api-tokens/{timestamp}",
};

export type FaultRow = readonly [
  fault: Fault,
  when: FaultOptions,
  call: CallName,
  expected: new (...args: never) => MakeError,
  outcome: Outcome,
  requests: number,
  /** Those in the zone after the call; there are two before it. */
  tokens: number,
];

/** For every request of the call; `done`: after the zone did what was asked. */
const all = { times: Infinity };
const done = { times: Infinity, done: true };

const Api = MakeApiError;
const Answer = MakeResponseError;
const location = { Location: "https://elsewhere.example/" };
const retryAfter = (value: string) => ({ "Retry-After": value });
const error = (status: number, body?: unknown, headers: Record<string, string> = {}): Fault => ({
  status,
  headers,
  ...(body !== undefined && { body }),
});

/** Every kind of failure and its end, with two retries at most. */
export const FAULT_ROWS: readonly FaultRow[] = [
  ["reset", all, "list", Connection, "unknown", 3, 2],
  ["reset", all, "create", Connection, "unknown", 1, 2],
  ["reset", done, "create", Connection, "unknown", 1, 3],
  ["reset", all, "delete", Connection, "unknown", 3, 2],
  ["reset", done, "delete", Connection, "unknown", 3, 1],
  ["close", all, "list", Connection, "unknown", 3, 2],
  ["close", done, "create", Connection, "unknown", 1, 3],
  ["close", all, "delete", Connection, "unknown", 3, 2],
  ["stall-headers", all, "list", Timeout, "unknown", 3, 2],
  ["stall-headers", all, "create", Timeout, "unknown", 1, 2],
  ["stall-headers", done, "create", Timeout, "unknown", 1, 3],
  ["stall-headers", done, "delete", Timeout, "unknown", 3, 1],
  ["stall-body", all, "list", Timeout, "unknown", 3, 2],
  ["stall-body", all, "create", Timeout, "unknown", 1, 3],
  ["drip", all, "list", Timeout, "unknown", 3, 2],
  ["drip", all, "create", Timeout, "unknown", 1, 3],
  ["truncate", all, "list", Connection, "unknown", 3, 2],
  ["truncate", all, "create", Connection, "unknown", 1, 3],
  ["reset-body", all, "list", Connection, "unknown", 3, 2],
  ["reset-body", all, "create", Connection, "unknown", 1, 3],
  ["garbage", all, "list", Connection, "unknown", 3, 2],
  ["garbage", done, "create", Connection, "unknown", 1, 3],
  ["garbage", all, "delete", Connection, "unknown", 3, 2],

  ["cut-json", all, "list", Answer, "unknown", 1, 2],
  ["cut-json", all, "create", Answer, "unknown", 1, 3],
  ["cut-json", all, "delete", Answer, "unknown", 1, 1],
  ["empty", all, "list", Answer, "unknown", 1, 2],
  ["empty", done, "create", Answer, "unknown", 1, 3],
  ["html", all, "list", Answer, "unknown", 1, 2],
  ["html", done, "create", Answer, "unknown", 1, 3],
  ["html", all, "delete", Answer, "unknown", 1, 2],
  ["wrong-shape", all, "list", Answer, "unknown", 1, 2],
  ["wrong-shape", done, "create", Answer, "unknown", 1, 3],
  ["wrong-shape", all, "delete", Answer, "unknown", 1, 2],
  ["huge", all, "list", Answer, "unknown", 1, 2],
  ["huge", done, "create", Answer, "unknown", 1, 3],
  [{ status: 204 }, done, "create", Answer, "unknown", 1, 3],
  [{ body: null }, all, "list", Answer, "unknown", 1, 2],
  [{ body: 0 }, all, "list", Answer, "unknown", 1, 2],
  [{ body: [] }, all, "create", Answer, "unknown", 1, 2],
  [{ body: { apiTokens: null } }, all, "list", Answer, "unknown", 1, 2],
  [{ body: { apiTokens: [null] } }, all, "list", Answer, "unknown", 1, 2],
  [{ body: { apiToken: 1 } }, all, "delete", Answer, "unknown", 1, 2],

  ["redirect", all, "list", Api, "unknown", 1, 2],
  ["redirect", all, "create", Api, "unknown", 1, 2],
  ["redirect", done, "delete", Api, "unknown", 1, 1],
  [error(301, "", location), all, "list", Api, "unknown", 1, 2],
  [error(302, "", location), done, "create", Api, "unknown", 1, 3],
  [error(303, "", location), done, "create", Api, "unknown", 1, 3],
  [error(308, "", location), all, "create", Api, "unknown", 1, 2],
  [error(304), all, "list", Api, "unknown", 1, 2],

  [error(400), all, "create", Api, "rejected", 1, 2],
  [error(401), all, "list", Api, "rejected", 1, 2],
  [error(403), all, "create", Api, "rejected", 1, 2],
  [error(404), all, "delete", Api, "rejected", 1, 2],
  [error(408), all, "list", Api, "unknown", 3, 2],
  [error(408), done, "create", Api, "unknown", 1, 3],
  [error(409), all, "delete", Api, "rejected", 1, 2],
  [error(429, "", retryAfter("3600")), all, "list", Api, "rejected", 1, 2],
  [error(429, "", retryAfter("3600")), all, "create", Api, "rejected", 1, 2],
  [error(499), all, "list", Api, "rejected", 1, 2],
  [error(500), all, "list", Api, "unknown", 3, 2],
  [error(500), done, "create", Api, "unknown", 1, 3],
  [error(500), all, "delete", Api, "unknown", 3, 2],
  [error(501), all, "list", Api, "unknown", 1, 2],
  [error(502, "<h1>Bad Gateway</h1>"), all, "list", Api, "unknown", 3, 2],
  [error(502, "<h1>Bad Gateway</h1>"), done, "create", Api, "unknown", 1, 3],
  [error(503, "", retryAfter("-5")), all, "list", Api, "unknown", 3, 2],
  [error(503, "", retryAfter("soon")), all, "delete", Api, "unknown", 3, 2],
  [error(503, "", retryAfter("91")), all, "delete", Api, "unknown", 1, 2],
  [error(503), done, "create", Api, "unknown", 1, 3],
  [error(504, ""), all, "list", Api, "unknown", 3, 2],
  [error(504, ""), done, "create", Api, "unknown", 1, 3],
  [error(521, "0"), all, "list", Api, "unknown", 1, 2],
  [error(500, "x".repeat(2 ** 21)), all, "list", Api, "unknown", 3, 2],
  [error(400, "x".repeat(2 ** 21)), all, "create", Api, "rejected", 1, 2],
];

/** Whether only a timeout ends it. */
export const isEndless = (fault: Fault): boolean => /^(stall|drip)/.test(String(fault));

/** Makes a test of a fault. Those that wait for a timeout do so at the same time. */
export const testOf = (fault: Fault) => (isEndless(fault) ? test.concurrent : test);

export const titleOf = ([fault, { done }, call, Class, outcome, requests]: FaultRow): string => {
  const what = typeof fault === "string" ? fault : JSON.stringify(fault).slice(0, 60);
  return `${what}${done ? " after the work" : ""}: ${call} is a ${Class.name}, ${outcome}, after ${requests}`;
};
