import type { ApiToken, CreatedApiToken, NewApiToken, Rotation } from "./api-tokens.js";
import { type Calls, checkNewToken } from "./calls.js";
import { check } from "./check.js";
import { type CallFacts, MakeError } from "./errors.js";
import type { CallOptions } from "./options.js";
import type { Redactor } from "./redact.js";
import { toTimestamp } from "./timestamp.js";

const DELETE = "DELETE /users/me/api-tokens/{timestamp}";

/** Timestamps are the only identifier, and one moment can be written in several ways. */
const isSameTime = (a: string, b: string): boolean => a === b || Date.parse(a) === Date.parse(b);

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  `${[...a].sort()}` === `${[...b].sort()}`;

/**
 * No order of failures loses both tokens: the old one goes only once its successor is stored.
 *
 * @internal
 */
export function createRotate(calls: Calls, zone: string, redactor: Redactor) {
  const text = (error: unknown): string => redactor.readable(String(Object(error).message));

  function fail(what: string, facts: Partial<CallFacts>, cause?: unknown, successor?: string) {
    const { operation = DELETE, attempts = 0, outcome = "not-sent" } = facts;
    return new MakeError(
      `rotate in zone ${zone}: ${what}`,
      { operation, zone, attempts, outcome, ...(successor && { successor }) },
      cause === undefined ? undefined : { cause },
    );
  }

  /** The create may have happened: says what has appeared, and deletes nothing on a guess. */
  async function failUnknown(error: MakeError, before: ApiToken[], sought: NewApiToken) {
    const appeared = await calls.list().then(
      (after) => {
        const found = after.filter(
          (it) =>
            it.label === sought.label &&
            isSameSet(it.scope, sought.scope) &&
            !before.some(({ created }) => created === it.created),
        );
        return found.length
          ? `with the same label and scopes there appeared since: ${found.map((it) => redactor.readable(it.created)).join(", ")}; delete what nobody holds`
          : "no token with the same label and scopes has appeared yet; list again later";
      },
      (failure) => `the tokens could not be listed (${text(failure)}); list them later`,
    );
    return fail(`the successor may exist; ${appeared}. The old token is alive`, error, error);
  }

  return async function rotate(
    created: string | Date,
    rotation: Rotation,
    options?: CallOptions,
  ): Promise<CreatedApiToken> {
    const timestamp = toTimestamp(created);
    const { store, label, scope } = Object(rotation) as Rotation;
    check(typeof store === "function", "store", "pass a function that keeps the token");
    checkNewToken({ label: label ?? "", scope: scope ?? [] });

    const before = await calls.list(options);
    const [old, another] = before.filter((it) => isSameTime(it.created, timestamp));
    if (!old || another) {
      throw fail(
        `${old ? "two tokens were" : "no token was"} created at that time; nothing was done`,
        {},
      );
    }

    const sought = { label: label ?? old.label, scope: scope ?? old.scope };
    const successor = await calls.create(sought, options, true).catch(async (error) => {
      throw error instanceof MakeError && error.outcome === "unknown"
        ? await failUnknown(error, before, sought)
        : error;
    });
    // Read before `store` gets it, and may change it.
    const born = successor.created;
    const remove = async (target: string, what: string, cause?: unknown) => {
      try {
        const bearers = [born, ...before.map((it) => it.created)];
        if (bearers.filter((it) => isSameTime(it, target)).length > 1) {
          throw new Error("another token bears the same timestamp");
        }
        await calls.delete(target);
      } catch (error) {
        throw fail(
          `${what} could not be deleted (${text(error)}), so take it that both tokens are alive: the old one, created ${timestamp}, and its successor, created ${redactor.readable(born)}`,
          Object(error),
          cause ?? error,
          redactor.readable(born),
        );
      }
    };

    try {
      await store(successor);
    } catch (error) {
      const cause = redactor.clean(error);
      await remove(born, "store failed, and the successor", cause);
      throw cause;
    }
    await remove(old.created, "the successor is stored, but the old token");
    return successor;
  };
}
