import type { Outcome } from "../errors.js";
import type { Operation } from "../openapi/operation.js";
import type { ResolvedCallOptions } from "../options.js";
import type { Bytes } from "./body.js";

/** How far a call has come: one object for the whole call, kept by `send`. */
export interface Progress {
  readonly operation: Operation;
  /** Whether the signal counts only until the first attempt. */
  readonly finishes: boolean;
  attempts: number;
  /** The proof of the latest attempt; once one is unknown, the call is. */
  outcome: Outcome;
  /** The first eight characters of the token that was sent: Make's own mask shows them too. */
  tokenStart: string;
}

/**
 * A call on its way down: the request, and how it is made. Each field is set: one that is not would
 * be inherited from a polluted `Object.prototype`.
 */
export interface Call {
  readonly progress: Progress;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: BodyInit | null | undefined;
  /** Further settings for `fetch`, such as `cache` or `credentials`. */
  readonly settings: RequestInit | undefined;
  readonly options: ResolvedCallOptions;
}

/** The description of an answer, before its body. */
export interface Head {
  readonly status: number;
  /** Whether the status is 2xx. */
  readonly ok: boolean;
  readonly statusText: string;
  readonly headers: Headers;
  readonly retryAfterMs: number | undefined;
}

/** An answer on its way up, whatever its status. */
export interface Answer {
  readonly progress: Progress;
  readonly head: Head;
  /** Empty where the body of an error answer broke off or is too large. */
  readonly body: Bytes;
}

export const startProgress = (operation: Operation, finishes = false): Progress => ({
  operation,
  finishes,
  attempts: 0,
  outcome: "not-sent",
  tokenStart: "",
});
