import type { Failures } from "../failure.js";
import type { Resolved } from "../options.js";
import type { Redactor } from "../redact.js";
import type { Call } from "./call.js";

/** A call with all that it is made with. */
export interface Plan extends Resolved, Omit<Call, "signal"> {
  /** Ends the call at once; taken away where the call has to finish. */
  signal: AbortSignal | undefined;
  readonly redactor: Redactor;
  readonly failures: Failures;
  /** The end of `totalTimeout`, by `performance.now()`. */
  readonly deadline: number;
}
