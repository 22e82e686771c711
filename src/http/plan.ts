import type { Failures } from "../failure.js";
import type { Resolved } from "../options.js";
import type { Redactor } from "../redact.js";
import type { Call } from "./call.js";

/** A call together with its limits, the client's options and its helpers. */
export interface Plan extends Resolved, Omit<Call, "signal"> {
  /** Ends the call at once; removed before the first attempt where `finishes` is set. */
  signal: AbortSignal | undefined;
  readonly redactor: Redactor;
  readonly failures: Failures;
  /** The end of `totalTimeout`, by `performance.now()`. */
  readonly deadline: number;
}
