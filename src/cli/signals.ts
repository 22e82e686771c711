import { Unchanged } from "./failed.js";

/** How far a person or a workflow wants the command to go. */
export interface Signals {
  /** Aborted by the first signal: nothing more is begun. */
  readonly begin: AbortSignal;
  /** Aborted by the second: nothing more is waited for. */
  readonly wait: AbortSignal;
}

/** npm passes on a signal that the terminal has sent to this process as well. */
const SAME_MS = 1000;

/** Listens to the signals that would end this process between a token's creation and its storage. */
export function listenToSignals(say: (text: string) => void): Signals {
  const begin = new AbortController();
  const wait = new AbortController();
  const first = { at: Infinity };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(name, () => {
      if (!begin.signal.aborted) {
        first.at = performance.now();
        say(
          `${name}: nothing more is begun, and a change is finished; again, and nothing is waited for`,
        );
        begin.abort(new Unchanged(`ended by ${name}`));
      } else if (performance.now() - first.at > SAME_MS) {
        wait.abort(new Error(`ended by ${name}`));
      }
    });
  }
  return { begin: begin.signal, wait: wait.signal };
}
