/** The rejection of work that took too long. */
export const EXPIRED = { code: "timeout" };

export const ignore = (): void => {};

type Listener = (reason: unknown) => void;

/** One listener for each signal, however many calls share it: Node warns of more than ten. */
const followers = new WeakMap<AbortSignal, Set<Listener>>();

function notify(this: AbortSignal): void {
  for (const listener of followers.get(this) ?? []) listener(this.reason);
}

/** Returns what takes the listener away again. */
function follow(signal: AbortSignal, listener: Listener): () => void {
  const listeners = followers.get(signal) ?? new Set();
  followers.set(signal, listeners.add(listener));
  // Twice the same function is one listener.
  signal.addEventListener("abort", notify);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) signal.removeEventListener("abort", notify);
  };
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
  return new Promise<T>((resolve, reject) => {
    caller?.throwIfAborted();
    const controller = new AbortController();
    const stop = (reason: unknown): void => {
      end();
      reject(reason);
      controller.abort(reason);
    };
    const timer = setTimeout(stop, ms, EXPIRED);
    const unfollow = caller && follow(caller, stop);
    const end = (): void => {
      clearTimeout(timer);
      unfollow?.();
    };
    work(controller.signal).then((value) => {
      end();
      resolve(value);
    }, stop);
  });
}

/** Resolves after `ms`; rejects at once with the reason of the caller's signal. */
export const sleep = (ms: number, caller: AbortSignal | undefined): Promise<void> =>
  within(ms, caller, () => new Promise<never>(ignore)).catch((reason) => {
    if (reason !== EXPIRED) throw reason;
  });
