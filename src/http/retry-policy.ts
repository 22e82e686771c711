import type { Outcome } from "../errors.js";
import type { NetworkFailure } from "./network-error.js";

/** What became of one attempt: the status of an answer, or why there was none. */
export type Attempted =
  number | NetworkFailure | "timeout" | "aborted" | "unusable" | "control-flow";

/** What is sent again, and after what. Anything else is final. */
const RETRIED: Record<"any call" | "repeatable calls", readonly Attempted[]> = {
  "any call": ["not-sent", 429],
  "repeatable calls": ["network", "timeout", 408, 500, 502, 503, 504],
};

/** Idempotent (RFC 9110, section 9.2.2), and known to be so in Make's API; a PUT is not known to be. */
const REPEATABLE = /^(GET|HEAD|OPTIONS|DELETE)$/;

export const isRetried = (method: string, attempted: Attempted): boolean =>
  RETRIED["any call"].includes(attempted) ||
  (REPEATABLE.test(method) && RETRIED["repeatable calls"].includes(attempted));

/** What an attempt proves. Every 4xx but 408 is Make's refusal; no other failure tells. */
export function outcomeOf(attempted: Attempted): Outcome {
  if (attempted === "not-sent" || attempted === "blocked") return "not-sent";
  return +attempted >= 400 && +attempted < 500 && attempted !== 408 ? "rejected" : "unknown";
}

/**
 * Milliseconds before the next attempt: full jitter from 0.5 s doubling to 8 s; after a 429, which
 * counts by the minute, 2 to 4 s and then 4 to 8 s; never less than Retry-After asks for.
 */
export function waitMs(attempt: number, attempted: Attempted, retryAfterMs = 0): number {
  const random = Math.random();
  const backoff =
    attempted === 429 && !retryAfterMs
      ? Math.min(1000 * 2 ** attempt, 4000) * (1 + random)
      : Math.min(250 * 2 ** attempt, 8000) * random;
  return Math.max(backoff, retryAfterMs);
}

/**
 * Retry-After in milliseconds from now, or undefined where it is absent, past or not of the form
 * of RFC 9110, sections 10.2.3 and 5.6.7: `Date.parse` alone takes "-5" for a date.
 */
export function parseRetryAfter(value: string | null): number | undefined {
  if (!value) return;
  const ms = /^\d+$/.test(value)
    ? +value * 1000
    : /^[A-Z][a-z]+,? .+:\d\d( GMT| \d{4})$/.test(value)
      ? Date.parse(value.replace(/\d$/, "$& GMT")) - Date.now()
      : 0;
  return ms > 0 ? ms : undefined;
}
