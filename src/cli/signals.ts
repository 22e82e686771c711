import { Unchanged } from "./failed.js";

/** How far a person or a workflow wants the command to go. */
export interface Signals {
  /** Aborted by the first signal: nothing more is begun. */
  readonly begin: AbortSignal;
  /** Aborted by the second: nothing more is waited for. */
  readonly wait: AbortSignal;
}

const NOTICE = "nothing more is begun, and a change is finished; again, and nothing is waited for";

/** npm passes on a signal that the terminal has sent to this process as well. */
const SAME_MS = 1000;

/** Listens to the signals that would end this process between a token's creation and its storage. */
export function listenToSignals(say: (text: string) => void): Signals {
  const begin = new AbortController();
  const wait = new AbortController();
  let firstAt = Infinity;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(name, () => {
      if (!begin.signal.aborted) {
        firstAt = performance.now();
        say(`${name}: ${NOTICE}`);
        begin.abort(new Unchanged(`ended by ${name}`));
      } else if (performance.now() - firstAt > SAME_MS) {
        wait.abort(new Error(`ended by ${name}`));
      }
    });
  }
  return { begin: begin.signal, wait: wait.signal };
}
