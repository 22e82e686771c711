import type { ApiToken, ApiTokens, NewApiToken, Rotation } from "./api-tokens.js";
import { type Calls, checkNewToken } from "./calls.js";
import { check } from "./check.js";
import { MakeError, NotStoredError } from "./errors.js";
import type { Failures } from "./failure.js";
import { startProgress } from "./http/call.js";
import { CREATE, DELETE } from "./openapi/operation.js";
import type { CallOptions } from "./options.js";
import { toTimestamp } from "./timestamp.js";

const ROTATE = { name: "rotate", scopes: [] };

/** Timestamps are the only identifier, and one moment can be written in several ways. */
const isSameTime = (a: string, b: string): boolean => a === b || Date.parse(a) === Date.parse(b);

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  `${[...a].sort()}` === `${[...b].sort()}`;

/** A revoked proxy throws when `instanceof` reads its prototype. */
function isNotStored(error: unknown): boolean {
  try {
    return error instanceof NotStoredError;
  } catch {
    return false;
  }
}

/** The token that is replaced and its successor, by their timestamps. */
interface Pair {
  readonly old: string;
  /** Read before `store` gets the successor, and may change it. */
  readonly successor: string;
}

/** The last call of a rotation and what it proves. `successor` is set if that token is alive. */
type Facts = Partial<Pick<MakeError, "operation" | "attempts" | "outcome" | "successor">>;

/** No order of failures loses both tokens: the old one goes only once its successor is stored. */
class Rotations {
  readonly #calls: Calls;
  readonly #failures: Failures;

  constructor(calls: Calls, failures: Failures) {
    this.#calls = calls;
    this.#failures = failures;
  }

  #text(error: unknown): string {
    const { message = error } = Object(error);
    return this.#failures.readable(Object(message) === message ? "no message" : String(message));
  }

  #createError(what: string, facts?: Facts, cause?: unknown): MakeError {
    return this.#failures.createError(MakeError, startProgress(ROTATE), what, cause, {
      operation: DELETE.name,
      ...facts,
    });
  }

  #bothAlive(pair: Pair, why: string, facts: Facts, cause: unknown): MakeError {
    const old = this.#failures.readable(pair.old);
    const successor = this.#failures.readable(pair.successor);
    const what = `${why}; both tokens may be alive: the old, created ${old}, and the successor, created ${successor}`;
    return this.#createError(what, { ...facts, successor }, cause);
  }

  /** Names what has appeared since; nothing is deleted on a guess. */
  async #appeared(before: readonly ApiToken[], wanted: NewApiToken): Promise<string> {
    try {
      const appeared = (await this.#calls.list()).filter(
        (it) =>
          it.label === wanted.label &&
          isSameSet(it.scope, wanted.scope) &&
          !before.some(({ created }) => created === it.created),
      );
      const times = appeared.map(({ created }) => this.#failures.readable(created));
      return times.join(", ") || "none yet";
    } catch (error) {
      return `they could not be listed (${this.#text(error)})`;
    }
  }

  /** Deletes one of the two, if the list shows exactly one token with its timestamp. */
  async #remove(pair: Pair, which: keyof Pair, what: string, cause?: unknown): Promise<void> {
    try {
      const bearers = isSameTime(pair.old, pair.successor)
        ? 2
        : (await this.#calls.list()).filter((it) => isSameTime(it.created, pair[which])).length;
      if (bearers > 1) throw new Error("another token bears the same timestamp");
      if (!bearers) throw new Error("it is not in the list");
      await this.#calls.delete(pair[which]);
    } catch (error) {
      const why = `${what} could not be deleted (${this.#text(error)})`;
      const { attempts = 0, outcome = "not-sent" } = Object(error) as Facts;
      throw this.#bothAlive(pair, why, { attempts, outcome }, cause ?? error);
    }
  }

  /** The rejection of a rotation whose `store` has rejected. */
  async #afterStore(pair: Pair, error: unknown): Promise<unknown> {
    const cause = this.#failures.clean(error);
    if (isNotStored(error)) {
      await this.#remove(pair, "successor", "nothing was stored, and the successor", cause);
      return cause;
    }
    const why = `store failed (${this.#text(cause)}), and may have written`;
    return this.#bothAlive(pair, why, { operation: CREATE.name, outcome: "unknown" }, cause);
  }

  /** Creates the successor. If that may have happened all the same, the error names what appeared. */
  async #create(before: readonly ApiToken[], token: NewApiToken, options?: CallOptions) {
    try {
      return await this.#calls.create(token, options, true);
    } catch (cause) {
      if (!(cause instanceof MakeError && cause.outcome === "unknown")) throw cause;
      const what = `the successor may exist (tokens like it that appeared since: ${await this.#appeared(before, token)}); list again, and delete what nobody holds. The old token is alive`;
      const { operation, attempts, outcome } = cause;
      throw this.#createError(what, { operation, attempts, outcome }, cause);
    }
  }

  readonly rotate: ApiTokens["rotate"] = async (created, rotation, options) => {
    const timestamp = toTimestamp(created);
    const { store, label, scope } = Object(rotation) as Rotation;
    check(typeof store === "function", "store", "pass a function");
    checkNewToken({ label: label ?? "", scope: scope ?? [] });

    const before = await this.#calls.list(options);
    const [old, another] = before.filter((it) => isSameTime(it.created, timestamp));
    if (!old || another) {
      throw this.#createError(
        `${old ? "more than one token" : "no token"} in the list was created at that time`,
      );
    }

    const token = { label: label ?? old.label, scope: scope ?? old.scope };
    const successor = await this.#create(before, token, options);
    const pair = { old: old.created, successor: successor.created };
    try {
      await store(successor);
    } catch (error) {
      throw await this.#afterStore(pair, error);
    }
    await this.#remove(pair, "old", "the successor was stored, and the old token");
    return successor;
  };
}

/** @internal */
export function createRotate(calls: Calls, failures: Failures): ApiTokens["rotate"] {
  return new Rotations(calls, failures).rotate;
}
