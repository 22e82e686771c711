import { type Bytes, discard, NO_BYTES, readBody, Unusable } from "./body.js";
import type { Head } from "./call.js";
import { isControlFlow } from "./control-flow.js";
import { Deadline, EXPIRED, ignore } from "./deadline.js";
import { classify } from "./network-error.js";
import type { Plan } from "./plan.js";
import { type EndKind, retryAfterOf, waitAfter } from "./retry-policy.js";

/** How an attempt ended. */
export type End = Answered | Broken;

export interface Answered {
  readonly kind: number;
  readonly head: Head;
  /** Empty if the request is sent again. */
  readonly body: Bytes;
  readonly retryInMs: number | undefined;
}

export interface Broken {
  readonly kind: Exclude<EndKind, number>;
  /** For logs, such as `ECONNRESET`. */
  readonly code: string;
  readonly cause: unknown;
  /** Set if the answer broke off after its head. */
  readonly head: Head | undefined;
  readonly body: undefined;
  readonly retryInMs: number | undefined;
}

/**
 * Fetches once, within `timeout` milliseconds to the last byte of the answer. It never rejects: each
 * way to end is a value, which also says how long to wait before the next attempt, if there is one.
 */
export async function fetchOnce(plan: Plan, init: RequestInit, timeout: number): Promise<End> {
  const deadline = new Deadline(timeout, plan.signal);
  try {
    return await receive(plan, await ask(plan, init, deadline), deadline);
  } catch (error) {
    return brokenBy(error, plan);
  } finally {
    deadline.end();
  }
}

async function ask(plan: Plan, init: RequestInit, deadline: Deadline): Promise<Response> {
  // As a method of another object, a browser's fetch throws.
  const { fetch } = plan.client;
  const asked = Promise.resolve(fetch(plan.call.url, { ...init, signal: deadline.signal }));
  try {
    return await deadline.race(asked);
  } catch (error) {
    // A fetch that ignores its signal may still answer, even with no Response.
    asked.then(discard).catch(ignore);
    throw error;
  }
}

async function receive(plan: Plan, response: Response, deadline: Deadline): Promise<End> {
  const head = readHead(response);
  const kind = head.status;
  const retryInMs = head.ok ? undefined : waitAfter(kind, plan, head.retryAfterMs);
  const end = { kind, head, body: NO_BYTES, retryInMs };
  if (retryInMs !== undefined) {
    discard(response);
    return end;
  }
  try {
    return { ...end, body: await readBody(response, plan.client.maxBytes, deadline) };
  } catch (error) {
    if (head.ok || plan.signal?.aborted) return brokenBy(error, plan, head);
    // An error keeps its status, and half a body could end in half a secret.
    return end;
  }
}

/** A property of a value of any class. A polluted `Object.prototype` adds none. */
function part(of: unknown, name: string): unknown {
  for (let it = Object(of); it && it !== Object.prototype; it = Object.getPrototypeOf(it)) {
    if (Object.hasOwn(it, name)) return Object(of)[name];
  }
  return undefined;
}

/** Checks the answer, because a mock may return anything. */
function readHead(response: Response): Head {
  const status = part(response, "status");
  const given = part(response, "headers");
  if (typeof status !== "number" || Object(given) !== given) {
    const missing = typeof status === "number" ? "headers" : "a status";
    throw new Unusable(`fetch returned no Response: without ${missing}`);
  }
  const ok = status >= 200 && status < 300;
  const headers: Headers = part(given, "get")
    ? (given as Headers)
    : new Headers(given as HeadersInit);
  const retryAfterMs = ok ? undefined : retryAfterOf(headers);
  return { status, ok, statusText: `${part(response, "statusText") ?? ""}`, headers, retryAfterMs };
}

function brokenBy(error: unknown, plan: Plan, head?: Head): Broken {
  const { signal } = plan;
  const [kind, code = kind] = signal?.aborted ? (["aborted"] as const) : kindOf(error, head);
  const cause = signal?.aborted ? signal.reason : error;
  return { kind, code, cause, head, body: undefined, retryInMs: waitAfter(kind, plan) };
}

function kindOf(error: unknown, head: Head | undefined): readonly [Broken["kind"], string?] {
  if (error === EXPIRED) return ["timeout"];
  if (error instanceof Unusable) return ["unusable"];
  if (isControlFlow(error)) return ["control-flow"];
  const [kind, code] = classify(error);
  // The failure of a body proves nothing about the request.
  return [head ? "network" : kind, code];
}
