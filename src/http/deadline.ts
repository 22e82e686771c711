/** The rejection of work that took too long. */
export const EXPIRED = { code: "timeout" };

export const ignore = (): void => {};

/** One listener for each signal, however many calls share it: Node warns of more than ten. */
const waiting = new WeakMap<AbortSignal, Set<(reason: unknown) => void>>();

/** Calls `listener` when `signal` aborts, or now if it has; returns the function that ends that. */
export function onAbort(
  signal: AbortSignal | undefined,
  listener: (reason: unknown) => void,
): () => void {
  if (signal?.aborted) listener(signal.reason);
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
  for (const listener of waiting.get(this) ?? []) listener(this.reason);
}

/**
 * Settles as `work` does, or rejects at once, even if `work` goes on: with EXPIRED after `ms`, or
 * with the reason of the caller's signal. `work` gets a signal that aborts then.
 */
export function within<T>(
  ms: number,
  caller: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (caller?.aborted) return Promise.reject(caller.reason);
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const stop = (reason: unknown): void => {
      end();
      reject(reason);
      controller.abort(reason);
    };
    const timer = setTimeout(stop, ms, EXPIRED);
    const ignoreCaller = onAbort(caller, stop);
    const end = (): void => {
      clearTimeout(timer);
      ignoreCaller();
    };
    work(controller.signal).then((value) => {
      end();
      resolve(value);
    }, stop);
  });
}

/** Resolves after `ms`; rejects at once with the reason of the caller's signal. */
export async function sleep(ms: number, caller: AbortSignal | undefined): Promise<void> {
  try {
    await within(ms, caller, () => new Promise<never>(ignore));
  } catch (reason) {
    if (reason !== EXPIRED) throw reason;
  }
}
