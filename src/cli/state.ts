import { MakeError, NotStoredError } from "../index.js";
import { MESSAGES } from "./messages.js";
import { KEY, say } from "./output.js";
import type { Values } from "./usage.js";

/** What is true of the tokens if the process ends now. */
interface Ending {
  /** 1: certainly nothing has changed; 3: something may have changed. */
  readonly exitCode: 1 | 3;
  /** What may be alive and what to do about it, or what is done. */
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
  ending: Ending = { exitCode: 1, message: MESSAGES.unchanged };
  #unchanged = this.ending;
  #onceSent = this.ending;
  #stopped = false;
  readonly #abort = new AbortController();
  /** Aborts what a stopped command waits for. */
  readonly signal = this.#abort.signal;

  /** A change begins: the message is true once its request is sent. */
  begin(message: string, tokens?: Ending["tokens"]): void {
    this.ending = this.#unchanged = { ...this.ending, tokens };
    this.#onceSent = { ...this.ending, exitCode: 3, message };
  }

  /** A request that changes something is sent. */
  sent(): void {
    if (this.ending === this.#unchanged) this.ending = this.#onceSent;
  }

  /** The change has certainly not happened. */
  undone(): void {
    this.ending = this.#unchanged;
    this.#abortIfStopped();
  }

  /** This is true from now on, whatever else is sent. */
  became(message: string, tokens?: Ending["tokens"]): void {
    this.ending = { exitCode: 3, message, tokens };
  }

  /** The command has failed. */
  failed(reason: unknown): void {
    const isRefused = reason instanceof MakeError && reason.outcome !== "unknown";
    // A token that was not stored is deleted again before that is thrown.
    const isUndone = this.ending === this.#onceSent ? isRefused : reason instanceof NotStoredError;
    if (isUndone) this.ending = this.#unchanged;
  }

  /** Nothing more is begun, and what was begun is finished. */
  stop(signal: string): void {
    say(`${signal}: nothing more is begun, and what was begun is finished`);
    this.#stopped = true;
    this.#abortIfStopped();
  }

  #abortIfStopped(): void {
    const isBegun = this.ending.exitCode === 3;
    if (this.#stopped && !isBegun) this.#abort.abort(new Error("stopped by a signal"));
  }
}
