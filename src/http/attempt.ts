import { discard, readBody, Unusable } from "./body.js";
import type { Head } from "./call.js";
import { isControlFlow } from "./control-flow.js";
import { Deadline, EXPIRED } from "./deadline.js";
import { classify } from "./network-error.js";
import { type Attempted, parseRetryAfter } from "./retry-policy.js";

/** One request, and its limits. */
export interface Attempt {
  readonly fetch: typeof fetch;
  readonly url: string;
  /** All but the signal. */
  readonly init: RequestInit;
  /** Milliseconds to the last byte of the answer. */
  readonly timeout: number;
  readonly maxBytes: number;
  /** Ends the attempt at once. */
  readonly signal: AbortSignal | undefined;
  /** The policy: the wait before the next attempt, or undefined where such an end is final. */
  readonly waitAfter: (kind: Attempted, retryAfterMs?: number) => number | undefined;
}

/** How an attempt ended. */
export type End = Answered | Broken;

export interface Answered {
  readonly answered: true;
  readonly kind: number;
  readonly head: Head;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly retryInMs: number | undefined;
}

export interface Broken {
  readonly answered: false;
  readonly kind: Exclude<Attempted, number>;
  /** For logs, such as `ECONNRESET`. */
  readonly code: string;
  readonly cause: unknown;
  /** Where the answer broke off after it. */
  readonly head: Head | undefined;
  readonly retryInMs: number | undefined;
}

const NO_BODY = new Uint8Array();

/** Fetches once. It never rejects: each way to end is a value. */
export async function fetchOnce(attempt: Attempt): Promise<End> {
  const deadline = new Deadline(attempt.timeout, attempt.signal);
  try {
    const response = await ask(attempt, deadline);
    return await receive(attempt, response, deadline);
  } catch (error) {
    return brokenBy(error, attempt);
  } finally {
    deadline.end();
  }
}

async function ask({ fetch, url, init }: Attempt, deadline: Deadline): Promise<Response> {
  const asked = (async () => fetch(url, { ...init, signal: deadline.signal }))();
  try {
    return await deadline.race(asked);
  } catch (error) {
    // A fetch that ignores its signal may still answer.
    asked.then(discard, () => {});
    throw error;
  }
}

async function receive(attempt: Attempt, response: Response, deadline: Deadline): Promise<End> {
  const head = readHead(response);
  const retryInMs = attempt.waitAfter(head.status, head.retryAfterMs);
  const answered = (body: Answered["body"]): Answered => {
    return { answered: true, kind: head.status, head, body, retryInMs };
  };
  if (retryInMs !== undefined) {
    discard(response);
    return answered(NO_BODY);
  }
  try {
    return answered(await readBody(response, attempt.maxBytes, deadline));
  } catch (error) {
    // An error keeps its status, and half a body could end in half a secret.
    const isLost = head.ok || attempt.signal?.aborted;
    return isLost ? brokenBy(error, attempt, head) : answered(NO_BODY);
  }
}

/** A mock may return anything. */
function readHead(response: Response): Head {
  const { status, statusText, headers } = Object(response) as Response;
  const missing =
    typeof status !== "number" ? "a status" : Object(headers) !== headers && "headers";
  if (missing) throw new Unusable(`fetch returned no Response, but something without ${missing}`);
  const ok = status >= 200 && status < 300;
  const own = typeof headers.get === "function" ? headers : new Headers(headers);
  const retryAfterMs = ok ? undefined : parseRetryAfter(own.get("retry-after"));
  return { status, ok, statusText: `${statusText ?? ""}`, headers: own, retryAfterMs };
}

function brokenBy(error: unknown, attempt: Attempt, head?: Head): Broken {
  const { signal } = attempt;
  const cause = signal?.aborted ? signal.reason : error;
  const [kind, code] = signal?.aborted ? (["aborted"] as const) : kindOf(error, head);
  return {
    answered: false,
    kind,
    code: code ?? kind,
    cause,
    head,
    retryInMs: attempt.waitAfter(kind),
  };
}

function kindOf(error: unknown, head: Head | undefined): readonly [Broken["kind"], string?] {
  if (error === EXPIRED) return ["timeout"];
  if (error instanceof Unusable) return ["unusable"];
  if (isControlFlow(error)) return ["control-flow"];
  const [kind, code] = classify(error);
  // The failure of a body proves nothing about the request.
  return [head ? "network" : kind, code];
}
