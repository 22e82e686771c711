/** One listener for each signal, however many calls share it: Node warns of more than ten. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

export const ignore = (): void => {};

/** Calls `listener` when `signal` aborts, or now if it has; returns the function that ends that. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal?.aborted) listener();
  if (!signal || signal.aborted) return ignore;
  let listeners = waiting.get(signal);
  if (!listeners) {
    waiting.set(signal, (listeners = new Set()));
    signal.addEventListener("abort", notify);
  }
  listeners.add(listener);
  return () => {
    if (listeners.delete(listener) && listeners.size === 0) {
      waiting.delete(signal);
      signal.removeEventListener("abort", notify);
    }
  };
}

function notify(this: AbortSignal): void {
  for (const listener of waiting.get(this) ?? []) listener();
}

/** The rejection of a deadline that has passed. */
export const EXPIRED = { code: "timeout" };

/** A time limit, together with the caller's signal. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #ignoreCaller: (() => void) | undefined;
  #reject: (reason: unknown) => void = ignore;

  constructor(ms: number, caller: AbortSignal | undefined) {
    this.#timer = setTimeout(() => this.#stop(EXPIRED), ms);
    this.#ignoreCaller = onAbort(caller, () => this.#stop(caller?.reason));
  }

  /** Aborts when the time is up, and when the caller's signal does. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Settles as `work` does, or rejects at once: with EXPIRED, or with the reason of the caller's
   * signal, even if `work` goes on. One at a time.
   */
  race<T>(work: T | PromiseLike<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      if (this.signal.aborted) reject(this.signal.reason);
      Promise.resolve(work).then(resolve, reject);
    });
  }

  /** Removes the timer and the listener, and so has to be called. */
  end(): void {
    clearTimeout(this.#timer);
    this.#ignoreCaller?.();
  }

  #stop(reason: unknown): void {
    this.end();
    this.#reject(reason);
    this.#controller.abort(reason);
  }
}

/** Resolves after `ms`; rejects at once with the reason of the caller's signal. */
export async function sleep(ms: number, caller: AbortSignal | undefined): Promise<void> {
  try {
    await new Deadline(ms, caller).race(new Promise<never>(ignore));
  } catch (reason) {
    if (reason !== EXPIRED) throw reason;
  }
}
