import type { ResolvedCallOptions } from "./options.js";

export {
  deleteUsersMeApiTokensByTimestamp as DELETE,
  getUsersMeApiTokens as LIST,
  postUsersMeApiTokens as CREATE,
} from "../generated/operations.js";

/** An operation as the specification has it. */
export interface Operation {
  /** Its method and its path template: `"DELETE /users/me/api-tokens/{timestamp}"`. */
  readonly name: string;
  /** Those that the token needs, where they are known. */
  readonly scopes: readonly string[];
}

/**
 * What a failed call has done. `"not-sent"`: certainly nothing. `"rejected"`: nothing, Make refused
 * it. `"unknown"`: it may have happened.
 */
export type Outcome = "not-sent" | "rejected" | "unknown";

/** A call on its way down. */
export interface Call {
  readonly operation: Operation;
  /** The options of the client, and of this call. */
  readonly client: ResolvedCallOptions;
  readonly method: string;
  readonly url: string;
  /** All but the client's own. */
  readonly headers: readonly [name: string, value: string][];
  /** What else it says to `fetch`, as its body. */
  readonly settings: object;
  /** Whether the signal counts only before an attempt, and never during one. */
  readonly finishes?: boolean | undefined;
}

/** How far a call has come: every error is made of this. */
export interface Progress {
  readonly operation: Operation;
  readonly zone: string;
  /** The end of `totalTimeout`, as `performance.now()` counts. */
  readonly deadline: number;
  /** The token that the call is sent with; empty until it is known. */
  token: string;
  attempts: number;
  /** The proof of the latest attempt; once one is unknown, the call is. */
  outcome: Outcome;
}

/** What came back, whatever its status. */
export interface Answer {
  readonly status: number;
  /** Whether the status is 2xx. */
  readonly ok: boolean;
  readonly headers: Pick<Headers, "get">;
  readonly retryAfterMs: number | undefined;
  /** Empty until it is read, and where that of an error broke off or is too large. */
  body: Uint8Array<ArrayBuffer>;
}

/** A call on its way up. */
export interface Answered extends Progress {
  readonly answer: Answer;
}

const decoder = new TextDecoder();

export const textOf = ({ answer }: Answered): string => decoder.decode(answer.body);
