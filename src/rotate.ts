import type { ApiTokens, Rotation } from "./api-tokens.js";
import type { Progress } from "./call.js";
import { type Calls, checkNewToken } from "./calls.js";
import { failure, MakeError, NotStoredError, wordsOf } from "./errors.js";
import { CREATE, DELETE } from "./openapi/operation.js";
import { type CallOptions, check } from "./options.js";
import { readable } from "./redact.js";
import { isSameTime, toTimestamp } from "./timestamp.js";

const ROTATE = { name: "rotate", scopes: [] };

/** A rotation whose successor is alive. */
interface Begun {
  /** For its errors. */
  readonly progress: Progress;
  /** The timestamps of the two tokens. */
  readonly old: string;
  readonly successor: string;
  /** For the calls that are left: the signal does not count any more. */
  readonly options: CallOptions;
}

/** The last call of a rotation and what it proves. */
type Facts = Partial<Pick<MakeError, "operation" | "attempts" | "outcome">>;

function bothAlive(begun: Begun, why: string, facts: Facts, cause: unknown): MakeError {
  const { progress } = begun;
  const old = readable(begun.old, progress.token);
  const successor = readable(begun.successor, progress.token);
  const what = `${why}; both tokens may be alive: the old, created ${old}, and the successor, created ${successor}`;
  return failure(MakeError, progress, what, cause, { ...facts, successor });
}

/** Deletes one of the two, if the list shows exactly one token with its timestamp. */
async function remove(
  calls: Calls,
  begun: Begun,
  which: "old" | "successor",
  what: string,
  cause?: unknown,
): Promise<void> {
  const { progress, old, successor, options } = begun;
  try {
    const bearers = isSameTime(old, successor)
      ? 2
      : (await calls.list(options)).filter((it) => isSameTime(it.created, begun[which])).length;
    if (bearers > 1) throw new Error("another token bears the same timestamp");
    if (!bearers) throw new Error("it is not in the list");
    await calls.delete(begun[which], options);
  } catch (error) {
    const why = `${what} could not be deleted (${wordsOf(error, progress.token)})`;
    const { attempts = 0, outcome = "not-sent" }: Facts = Object(error);
    throw bothAlive(begun, why, { operation: DELETE.name, attempts, outcome }, cause ?? error);
  }
}

/** No order of failures loses both tokens: the old one goes only once its successor is stored. */
export function createRotate(calls: Calls): ApiTokens["rotate"] {
  return async (created, rotation, options) => {
    const timestamp = toTimestamp(created);
    const { store, label, scope }: Partial<Rotation> = Object(rotation);
    check(typeof store === "function", "store", "pass a function");
    checkNewToken({ label: label ?? "", scope: scope ?? [] });

    const { tokens, answered } = await calls.look(options);
    const progress: Progress = { ...answered, operation: ROTATE, attempts: 0, outcome: "not-sent" };
    const [old, another] = tokens.filter((it) => isSameTime(it.created, timestamp));
    if (!old || another) {
      const what = `${old ? "more than one token" : "no token"} in the list was created at that time`;
      throw failure(MakeError, progress, what, undefined, { operation: DELETE.name });
    }

    const token = { label: label ?? old.label, scope: scope ?? old.scope };
    const successor = await calls.create(token, options, true);
    const begun: Begun = {
      progress,
      old: old.created,
      // Read before `store` gets the successor, and may change it.
      successor: successor.created,
      options: { ...options, signal: undefined },
    };
    try {
      await store(successor);
    } catch (error) {
      if (error instanceof NotStoredError) {
        await remove(calls, begun, "successor", "nothing was stored, and the successor", error);
        throw error;
      }
      const why = `store failed (${wordsOf(error, progress.token)}), and may have written`;
      throw bothAlive(begun, why, { operation: CREATE.name, outcome: "unknown" }, error);
    }
    await remove(calls, begun, "old", "the successor was stored, and the old token");
    return successor;
  };
}
