import type { ApiToken, CreatedApiToken, Rotation } from "./api-tokens.js";
import type { Progress } from "./call.js";
import { checkNewToken, create, list, type Listed, remove, theOnly } from "./calls.js";
import { failure, MakeError, NotStoredError, wordsOf } from "./errors.js";
import type { Facade } from "./openapi/client.js";
import { DELETE } from "./openapi/operation.js";
import { type CallOptions, check } from "./options.js";
import { readable } from "./redact.js";
import { isSameTime, toTimestamp } from "./timestamp.js";

/** No order of failures loses both tokens: the old one goes only once its successor is stored. */
export async function rotate(
  facade: Facade,
  created: string | Date,
  rotation: Rotation,
  options?: CallOptions,
): Promise<CreatedApiToken> {
  const { store, label, scope }: Partial<Rotation> = Object(rotation);
  check(typeof store === "function", "store", "pass a function");
  checkNewToken({ label: label ?? "", scope: scope ?? [] });
  const timestamp = toTimestamp(created);

  const listed = await list(facade, options);
  const old = createdAt(timestamp, listed);
  const token = { label: label ?? old.label, scope: scope ?? old.scope };
  const successor = await create(facade, token, options, true);
  // `store` may change the successor's object. The signal does not count any more.
  const begun: Begun = {
    ...{ facade, old: old.created, successor: successor.created },
    options: { ...options, signal: undefined },
    progress: { ...listed.answered, operation: DELETE, attempts: 0, outcome: "unknown" },
  };
  try {
    await store(successor);
  } catch (error) {
    if (error instanceof NotStoredError) {
      await removeOne("successor", begun, "nothing was stored, and the successor", error);
      throw error;
    }
    const words = wordsOf(error, begun.progress.token);
    throw bothAlive(begun, `store failed (${words}), and may have written`, error);
  }
  await removeOne("old", begun, "the successor was stored, and the old token");
  return successor;
}

/** A rotation whose successor is alive. */
interface Begun {
  readonly facade: Facade;
  /** The timestamps of the two tokens. */
  readonly old: string;
  readonly successor: string;
  /** For the calls that are left. */
  readonly options: CallOptions;
  /** For its errors. */
  readonly progress: Progress;
}

const createdAt = (timestamp: string, listed: Listed): ApiToken =>
  theOnly(listed, (it) => isSameTime(it.created, timestamp), "was created at that time");

/** Deletes one of the two, if the list shows exactly one token with its timestamp. */
async function removeOne(
  which: "old" | "successor",
  begun: Begun,
  what: string,
  cause?: Error,
): Promise<void> {
  const { facade, options } = begun;
  try {
    createdAt(begun[which], await list(facade, options));
    await remove(facade, begun[which], options);
  } catch (error) {
    const { attempts = 0, outcome = "not-sent" }: Partial<Progress> = Object(error);
    const progress = { ...begun.progress, attempts, outcome };
    const why = `${what} could not be deleted (${wordsOf(error, progress.token)})`;
    throw bothAlive({ ...begun, progress }, why, cause ?? error);
  }
}

function bothAlive({ progress, old, successor }: Begun, why: string, cause: unknown): MakeError {
  const both = `the old, created ${old}, and the successor, created ${successor}`;
  const what = `${why}; both tokens may be alive: ${readable(both, progress.token)}`;
  return failure(MakeError, progress, what, cause, { successor });
}
