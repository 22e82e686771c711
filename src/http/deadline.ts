/** One listener for each signal, however many calls share it: Node warns of more than ten. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `listener` when `signal` aborts; returns what ends that. */
function onAbort(signal: AbortSignal, listener: () => void): () => void {
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

/** What a deadline rejects with. */
export const EXPIRED = { code: "timeout" };

/**
 * Settles as `work` does, or rejects at once: with EXPIRED after `ms`, or with the reason of the
 * caller's signal, even where `work` does not listen to the signal that it is given.
 */
export function within<T>(
  ms: number,
  caller: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    caller?.throwIfAborted();
    const controller = new AbortController();
    const ending =
      <V>(settle: (value: V) => void) =>
      (value: V) => {
        clearTimeout(timer);
        ignoreCaller?.();
        settle(value);
      };
    const stop = ending((reason: unknown) => {
      reject(reason);
      controller.abort();
    });
    const timer = setTimeout(stop, ms, EXPIRED);
    const ignoreCaller = caller && onAbort(caller, () => stop(caller.reason));
    work(controller.signal).then(ending(resolve), ending(reject));
  });
}
