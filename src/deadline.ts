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
        caller?.removeEventListener("abort", abort);
        settle(value);
      };
    const stop = ending((reason: unknown) => {
      reject(reason);
      controller.abort();
    });
    const abort = () => stop(caller?.reason);
    const timer = setTimeout(stop, ms, EXPIRED);
    caller?.addEventListener("abort", abort);
    work(controller.signal).then(ending(resolve), ending(reject));
  });
}
