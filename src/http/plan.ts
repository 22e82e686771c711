import type { Failures } from "../failure.js";
import type { Resolved } from "../options.js";
import type { Call } from "./call.js";

/** A call together with the client's options and helpers. */
export interface Plan {
  readonly client: Resolved;
  readonly failures: Failures;
  readonly call: Call;
  /** Ends the call at once; removed before the first attempt if the call `finishes`. */
  signal: AbortSignal | undefined;
  /** The end of `totalTimeout`, by `performance.now()`. */
  readonly deadline: number;
}
