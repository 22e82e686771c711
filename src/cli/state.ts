import { MakeError, NotStoredError } from "../index.js";
import { MESSAGES } from "./messages.js";
import { KEY, say } from "./output.js";
import type { Values } from "./usage.js";

/** What is true of the tokens if the process ends now. */
export interface Ending {
  /** 1: certainly nothing has changed; 3: something may have changed. */
  readonly exitCode: 1 | 3;
  /** What may be alive, and what to do about it. */
  readonly message: string;
  /** The tokens of a rotation, by the times of their creation. */
  readonly tokens?: { old: string; successor: string | null; alive: string[] } | undefined;
}

/** What is known of a running command: its requests and signals tell it, and whatever ends it asks. */
export class State {
  /** The command's options. */
  values: Values = {};
  /** What requests go out with. */
  token = KEY;
  /** Set with the last line, which nothing makes wrong any more. */
  exitCode: number | undefined;
  ending: Ending = { exitCode: 1, message: MESSAGES.unchanged };
  /** What was true before a change, and is true again if the change has certainly not happened. */
  #before = this.ending;
  /** What is true once the next request of a change is sent. */
  #ifSent = this.ending;
  #stopped: Error | undefined;
  readonly #abort = new AbortController();
  /** Aborts what a stopped command waits for. */
  readonly signal = this.#abort.signal;

  /** Makes a change by a call. The message is true once its request is sent. */
  async change<T>(message: string, call: () => Promise<T>): Promise<T> {
    this.#before = this.ending;
    this.#ifSent = { ...this.ending, exitCode: 3, message };
    try {
      return await call();
    } catch (error) {
      const isRefused =
        error instanceof MakeError && error.outcome !== "unknown" && !error.successor;
      if (isRefused || error instanceof NotStoredError) this.undone();
      throw error;
    }
  }

  /** A request of the change is sent. */
  sent(): void {
    this.ending = this.#ifSent;
  }

  /** The change has certainly not happened, or is no longer there. */
  undone(): void {
    this.ending = this.#before;
    this.#abortIfStopped();
  }

  /** This is true from now on, whatever else the change sends. */
  became(message: string, tokens?: Ending["tokens"]): void {
    this.ending = this.#ifSent = { exitCode: 3, message, tokens };
  }

  /** At the first signal, nothing more is begun, and what was begun is finished. */
  stop(signal: string): void {
    if (this.#stopped) return;
    say(`${signal}: nothing more is begun, and what was begun is finished`);
    this.#stopped = new Error(`ended by ${signal}`);
    this.#abortIfStopped();
  }

  #abortIfStopped(): void {
    if (this.#stopped && this.ending.exitCode === 1) this.#abort.abort(this.#stopped);
  }
}
