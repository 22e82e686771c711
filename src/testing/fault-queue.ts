import { type FaultName, FAULTS } from "./faults.js";
import type { FakeAnswer, FakeRequest } from "./make-api.js";

/** A way to fail by name, or an error answer (any answer), which may depend on the request. */
export type Fault = FaultName | FakeAnswer | ((request: FakeRequest) => FakeAnswer);

/** Which requests a fault meets. */
export interface FaultOptions {
  /** How many of them. Default: 1. */
  readonly times?: number;
  /** Only those with this method. */
  readonly method?: string;
  /** Whether the zone does what is asked before it fails to say so. Default: false. */
  readonly done?: boolean;
}

/** @internal */
interface Pending {
  readonly fault: Fault;
  readonly method: string | undefined;
  readonly done: boolean;
  left: number;
}

/**
 * The faults that are still to come, in the order in which they were asked for.
 *
 * @internal
 */
export class FaultQueue {
  readonly #pending: Pending[] = [];

  add(fault: Fault, { times = 1, method, done = false }: FaultOptions = {}): void {
    if (typeof fault === "string" && !Object.hasOwn(FAULTS, fault)) {
      throw new TypeError(`fault: pass an answer or one of ${Object.keys(FAULTS).join(", ")}`);
    }
    if (!(times >= 1)) throw new TypeError("times: pass a number of requests, 1 or more");
    this.#pending.push({ fault, method, done, left: times });
  }

  /** The fault that a request with this method meets, if one does: the first that fits. */
  take(method: string): Omit<Pending, "left"> | undefined {
    const index = this.#pending.findIndex((it) => it.method === undefined || it.method === method);
    const found = this.#pending[index];
    if (found && --found.left < 1) this.#pending.splice(index, 1);
    return found;
  }
}
