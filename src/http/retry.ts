import type { Call, Outcome, Progress } from "../call.js";
import type { Resolved } from "../options.js";
import type { NetworkFailure } from "./network.js";

/** How an attempt ended: the status of its answer, or why no answer could be used. */
export type EndKind = number | NetworkFailure | "timeout" | "aborted" | "unusable";

/** Up to 0.5 s, doubling to 8 s: random, so that clients which failed together part. */
const soon = (attempt: number): number => Math.min(250 * 2 ** attempt, 8000) * Math.random();
/** 2 to 4 s, then 4 to 8 s: Make limits calls by the minute. */
const later: typeof soon = (attempt) => Math.min(1000 * 2 ** attempt, 4000) * (1 + Math.random());

/** Any method, or any end. */
const ANY = /^/;
/** Methods known to be idempotent (RFC 9110, section 9.2.2) in Make's API; PUT is not known to be. */
const REPEATABLE = /^(GET|HEAD|OPTIONS|DELETE)$/;
const NONE = /^$/;

type Row = readonly [end: RegExp, sentAgain: RegExp, proves: Outcome, backoff?: typeof soon];

/** The one table of retries: the first row that fits an end decides. */
const POLICY: readonly Row[] = [
  // An answer that cannot be used may be a success. Most attempts end with 2xx, so it comes first.
  [/^2\d\d$/, NONE, "unknown"],
  [/^not-sent$/, ANY, "not-sent"],
  [/^blocked$/, NONE, "not-sent"],
  [/^(network|timeout|408|50[0234])$/, REPEATABLE, "unknown"],
  [/^429$/, ANY, "rejected", later],
  [/^4\d\d$/, NONE, "rejected"],
  [ANY, NONE, "unknown"],
];

const rowOf = (kind: EndKind): Row => POLICY.find(([end]) => end.test(`${kind}`))!;

/** What an end proves. Once an attempt of a call is unknown, the call is. */
export const outcomeAfter = (before: Outcome, kind: EndKind): Outcome =>
  before === "unknown" ? before : rowOf(kind)[2];

/**
 * Milliseconds before the next attempt, never less than Retry-After asks for unless the caller says
 * so; undefined where an end is final, also because the wait would go beyond `totalTimeout`.
 */
export function waitAfter(kind: EndKind, call: Call, progress: Progress, retryAfterMs = 0) {
  const { client, method } = call;
  const { attempts, deadline } = progress;
  const [, sentAgain, , backoff = soon] = rowOf(kind);
  if (attempts > client.retries || !sentAgain.test(method)) return undefined;
  const own = Math.max(backoff(attempts), retryAfterMs);
  const left = deadline - performance.now();
  const ms = own < left ? delayOf(client, own) : own;
  return ms < left ? ms : undefined;
}

/** The caller's delay, or the client's own where there is none. */
function delayOf({ retryDelay }: Resolved, own: number): number {
  try {
    const ms = retryDelay?.(own) ?? NaN;
    return Number.isFinite(ms) && ms >= 0 ? ms : own;
  } catch {
    return own;
  }
}

/**
 * Milliseconds that Retry-After (RFC 9110, section 10.2.3) asks to wait, or undefined where it is
 * absent, past, or of no such form. A date is compared with the answer's own Date header, if any.
 */
export function retryAfterOf(headers: Pick<Headers, "get">): number | undefined {
  // Node's fetch does not trim a header's value.
  const text = (name: string): string => `${headers.get(name) ?? ""}`.trim();
  // `Date.parse` alone takes "-5" for a date.
  const time = (it: string): number => (/^[A-Z][a-z]+, .+ GMT$/.test(it) ? Date.parse(it) : NaN);
  const value = text("retry-after");
  const fromDate = (): number => time(value) - (time(text("date")) || Date.now());
  const ms = /^\d+$/.test(value) ? +value * 1000 : fromDate();
  return ms > 0 ? ms : undefined;
}
