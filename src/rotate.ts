import type { ApiToken, ApiTokens, CreatedApiToken, NewApiToken, Rotation } from "./api-tokens.js";
import { type Calls, checkNewToken } from "./calls.js";
import { check } from "./check.js";
import { type CallFacts, MakeError, NotStoredError } from "./errors.js";
import type { CallOptions } from "./options.js";
import type { Redactor } from "./redact.js";
import { toTimestamp } from "./timestamp.js";

const CREATE = "POST /users/me/api-tokens";
const DELETE = "DELETE /users/me/api-tokens/{timestamp}";

/** Timestamps are the only identifier, and one moment can be written in several ways. */
const isSameTime = (a: string, b: string): boolean => a === b || Date.parse(a) === Date.parse(b);

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  `${[...a].sort()}` === `${[...b].sort()}`;

/** The token that is replaced and its successor, by their timestamps. */
interface Pair {
  readonly old: string;
  /** Read before `store` gets the successor, and may change it. */
  readonly born: string;
}

/** No order of failures loses both tokens: the old one goes only once its successor is stored. */
class Rotations {
  readonly #calls: Calls;
  readonly #zone: string;
  readonly #redactor: Redactor;

  constructor(calls: Calls, zone: string, redactor: Redactor) {
    this.#calls = calls;
    this.#zone = zone;
    this.#redactor = redactor;
  }

  #text(error: unknown): string {
    return this.#redactor.readable(String(Object(error).message ?? error));
  }

  #createError(what: string, facts: Partial<CallFacts>, cause?: unknown, successor?: string) {
    const { operation = DELETE, attempts = 0, outcome = "not-sent" } = facts;
    return new MakeError(
      `rotate in zone ${this.#zone}: ${what}`,
      { operation, zone: this.#zone, attempts, outcome, ...(successor && { successor }) },
      cause === undefined ? undefined : { cause },
    );
  }

  #bothAlive(pair: Pair, what: string, facts: Partial<CallFacts>, cause: unknown): MakeError {
    const [old, born] = [pair.old, pair.born].map((it) => this.#redactor.readable(it));
    return this.#createError(
      `${what}, so take it that both tokens are alive: the old one, created ${old}, and its successor, created ${born}`,
      facts,
      cause,
      born,
    );
  }

  /** The create may have happened: says what has appeared, and deletes nothing on a guess. */
  async #failUnknown(error: MakeError, before: readonly ApiToken[], sought: NewApiToken) {
    const appeared = await this.#calls.list().then(
      (after) => {
        const found = after.filter(
          (it) =>
            it.label === sought.label &&
            isSameSet(it.scope, sought.scope) &&
            !before.some(({ created }) => created === it.created),
        );
        return found.length
          ? `with the same label and scopes there appeared since: ${found.map((it) => this.#redactor.readable(it.created)).join(", ")}; delete what nobody holds`
          : "no token with the same label and scopes has appeared yet; list again later";
      },
      (failure) => `the tokens could not be listed (${this.#text(failure)}); list them later`,
    );
    const what = `the successor may exist; ${appeared}. The old token is alive`;
    return this.#createError(what, error, error);
  }

  /** Deletes one of the two, after a look that no other token bears its timestamp. */
  async #remove(pair: Pair, target: string, what: string, cause?: unknown): Promise<void> {
    try {
      const bearers = isSameTime(pair.old, pair.born)
        ? [pair.old, pair.born]
        : (await this.#calls.list()).filter((it) => isSameTime(it.created, target));
      if (bearers.length > 1) throw new Error("another token bears the same timestamp");
      if (bearers.length === 0) throw new Error("it is not in the list");
      await this.#calls.delete(target);
    } catch (error) {
      const all = `${what} could not be deleted (${this.#text(error)})`;
      throw this.#bothAlive(pair, all, { ...Object(error), operation: DELETE }, cause ?? error);
    }
  }

  /** What the rotation fails with where `store` has rejected. */
  async #afterStore(pair: Pair, error: unknown): Promise<unknown> {
    const cause = this.#redactor.clean(error);
    if (error instanceof NotStoredError) {
      await this.#remove(pair, pair.born, "nothing was stored, and the successor", cause);
      return cause;
    }
    const what = `store failed (${this.#text(cause)}), and nobody knows whether it wrote anything`;
    return this.#bothAlive(pair, what, { operation: CREATE, outcome: "unknown" }, cause);
  }

  async rotate(
    created: string | Date,
    rotation: Rotation,
    options?: CallOptions,
  ): Promise<CreatedApiToken> {
    const timestamp = toTimestamp(created);
    const { store, label, scope } = Object(rotation) as Rotation;
    check(typeof store === "function", "store", "pass a function that keeps the token");
    checkNewToken({ label: label ?? "", scope: scope ?? [] });

    const before = await this.#calls.list(options);
    const [old, another] = before.filter((it) => isSameTime(it.created, timestamp));
    if (!old || another) {
      const what = old ? "two tokens were" : "no token was";
      throw this.#createError(`${what} created at that time; nothing was done`, {});
    }

    const sought = { label: label ?? old.label, scope: scope ?? old.scope };
    const successor = await this.#calls.create(sought, options, true).catch(async (error) => {
      throw error instanceof MakeError && error.outcome === "unknown"
        ? await this.#failUnknown(error, before, sought)
        : error;
    });
    const pair = { old: old.created, born: successor.created };
    try {
      await store(successor);
    } catch (error) {
      throw await this.#afterStore(pair, error);
    }
    await this.#remove(pair, pair.old, "the successor is stored, but the old token");
    return successor;
  }
}

/** @internal */
export function createRotate(calls: Calls, zone: string, redactor: Redactor): ApiTokens["rotate"] {
  const rotations = new Rotations(calls, zone, redactor);
  return (created, rotation, options) => rotations.rotate(created, rotation, options);
}
