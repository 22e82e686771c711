import type { Outcome } from "../errors.js";
import type { Progress } from "./call.js";
import type { NetworkFailure } from "./network-error.js";

/** How an attempt ended: the status of its answer, or why no answer could be used. */
export type EndKind = number | NetworkFailure | "timeout" | "aborted" | "unusable" | "control-flow";

/** Milliseconds before the next attempt: random, so that clients which failed together part. */
type Backoff = (attempt: number, random: number) => number;

/** Up to 0.5 s, doubling to 8 s. */
const soon: Backoff = (attempt, random) => Math.min(250 * 2 ** attempt, 8000) * random;
/** 2 to 4 s, then 4 to 8 s: Make counts by the minute. */
const later: Backoff = (attempt, random) => Math.min(1000 * 2 ** attempt, 4000) * (1 + random);

/** Methods that may be sent again. */
const ALL = /^/;
/** Idempotent (RFC 9110, section 9.2.2), and known to be so in Make's API; a PUT is not known to be. */
const REPEATABLE = /^(GET|HEAD|OPTIONS|DELETE)$/;
const NONE = /^$/;

type Row = readonly [end: RegExp, sentAgain: RegExp, proves: Outcome, backoff?: Backoff];

/** The first row that fits says it all of an end. */
const POLICY: readonly Row[] = [
  [/^not-sent$/, ALL, "not-sent"],
  [/^blocked$/, NONE, "not-sent"],
  [/^(network|timeout|408|50[0234])$/, REPEATABLE, "unknown"],
  [/^429$/, ALL, "rejected", later],
  [/^4\d\d$/, NONE, "rejected"],
  [ALL, NONE, "unknown"],
];

const rowOf = (kind: EndKind): Row => POLICY.find(([end]) => end.test(`${kind}`))!;

export const outcomeOf = (kind: EndKind): Outcome => rowOf(kind)[2];

/** What of a call decides whether it is sent again. */
export interface Tries {
  readonly progress: Pick<Progress, "attempts">;
  readonly method: string;
  readonly retries: number;
  /** By `performance.now()`. */
  readonly deadline: number;
}

/**
 * Milliseconds before the next attempt, never less than Retry-After asks for; undefined where an
 * end is final, also because the wait would go beyond the deadline.
 */
export function waitAfter(
  kind: EndKind,
  { progress: { attempts }, method, retries, deadline }: Tries,
  retryAfterMs = 0,
): number | undefined {
  const [, sentAgain, , backoff = soon] = rowOf(kind);
  if (attempts > retries || !sentAgain.test(method)) return undefined;
  const ms = Math.max((retryAfterMs ? soon : backoff)(attempts, Math.random()), retryAfterMs);
  return ms < deadline - performance.now() ? ms : undefined;
}

/** The three forms of a date (RFC 9110, section 5.6.7). `Date.parse` alone takes "-5" for one. */
const DATE = /^[A-Z][a-z]+,? [\w -]+ (\d\d:){2}\d\d( GMT| \d{4})$/;

const parseDate = (text: string): number =>
  DATE.test(text) ? Date.parse(text.replace(/\d$/, "$& GMT")) : NaN;

/**
 * Milliseconds that Retry-After (RFC 9110, section 10.2.3) asks to wait, or undefined where it is
 * absent, past, or of no such form. A date is measured by the clock that it was made with.
 */
export function retryAfterOf(headers: Pick<Headers, "get">): number | undefined {
  // Node leaves white space after a value.
  const text = (name: string): string => `${headers.get(name) ?? ""}`.trim();
  const value = text("retry-after");
  const ms = /^\d+$/.test(value)
    ? +value * 1000
    : parseDate(value) - (parseDate(text("date")) || Date.now());
  return ms > 0 ? ms : undefined;
}
