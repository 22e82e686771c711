import type { Outcome } from "./errors.js";
import type { NetworkFailure } from "./network-error.js";

/** What became of one attempt: the status of an answer, or why there was none. */
export type Attempted = number | NetworkFailure | "timeout" | "aborted";

/**
 * What is sent again: `all` calls, because the attempt certainly had no effect, or those that are
 * `repeatable`. What is not listed is final.
 */
const RETRIED: { readonly [attempted: string]: "all" | "repeatable" } = {
  "not-sent": "all",
  network: "repeatable",
  timeout: "repeatable",
  408: "repeatable",
  429: "all",
  500: "repeatable",
  502: "repeatable",
  503: "repeatable",
  504: "repeatable",
};

/** Idempotent (RFC 9110, section 9.2.2), and known to be so in Make's API; a PUT is not known to be. */
const REPEATABLE = /^(GET|HEAD|OPTIONS|DELETE)$/;

export const isRetried = (method: string, attempted: Attempted): boolean =>
  RETRIED[attempted] === "all" || (attempted in RETRIED && REPEATABLE.test(method));

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
  const double = 2 ** (attempt - 1);
  const backoff =
    attempted === 429 && !retryAfterMs
      ? Math.min(2000 * double, 4000) * (1 + random)
      : Math.min(500 * double, 8000) * random;
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
