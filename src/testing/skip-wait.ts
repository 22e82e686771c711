/**
 * Skips the wait before the next attempt of a call, so that a test of retries takes no time. Pass it
 * as the client's option `onAttempt`, or call it there. All else stays as it is: which attempts are
 * made, and that a Retry-After beyond `totalTimeout` ends the call.
 *
 * @example
 * const { baseUrl, token } = zone;
 * const make = createMakeClient({ baseUrl, token, onAttempt: skipWait });
 * zone.fail({ status: 503, headers: { "Retry-After": "60" } });
 * await make.apiTokens.list();
 */
export function skipWait({ retryInMs }: { readonly retryInMs?: number }): void {
  if (retryInMs === undefined) return;
  const { setTimeout } = globalThis;
  const restore = (): void => {
    if (globalThis.setTimeout === skipping) globalThis.setTimeout = setTimeout;
  };
  // The client sets the timer of its wait in the same turn, right after it has called `onAttempt`.
  const skipping = Object.assign((listener: () => void, ms?: number, ...args: []) => {
    if (ms !== retryInMs) return setTimeout(listener, ms, ...args);
    restore();
    return setTimeout(listener, 0, ...args);
  }, setTimeout);
  globalThis.setTimeout = skipping;
  // An aborted call waits for nothing.
  queueMicrotask(restore);
}
