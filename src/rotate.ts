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
  const begun: Begun = {
    facade,
    // From here on, the rotation finishes.
    options: { ...options, signal: undefined },
    progress: { ...listed.answered, operation: DELETE, attempts: 0, outcome: "unknown" },
    // Read now, because `store` may change the object that it gets.
    created: { old: old.created, successor: successor.created },
  };
  try {
    await store(successor);
  } catch (error) {
    if (error instanceof NotStoredError) {
      await removeOne("successor", begun, error);
      throw error;
    }
    const words = wordsOf(error, begun.progress.token);
    throw bothAlive(`store failed (${words}), and may have written`, begun, error);
  }
  await removeOne("old", begun);
  return successor;
}

/** A rotation whose successor is alive, with what its last calls and its errors need. */
interface Begun {
  readonly facade: Facade;
  readonly options: CallOptions;
  readonly progress: Progress;
  readonly created: { readonly old: string; readonly successor: string };
}

const createdAt = (timestamp: string, listed: Listed): ApiToken =>
  theOnly(listed, (it) => isSameTime(it.created, timestamp), "was created at that time");

/** Deletes one of the two, if the list shows exactly one token with its timestamp. */
async function removeOne(
  which: "old" | "successor",
  begun: Begun,
  cause?: NotStoredError,
): Promise<void> {
  const { facade, options, created } = begun;
  try {
    createdAt(created[which], await list(facade, options));
    await remove(facade, created[which], options);
  } catch (error) {
    const { attempts = 0, outcome = "not-sent" }: Partial<Progress> = Object(error);
    const progress = { ...begun.progress, attempts, outcome };
    const why = `the ${which} token could not be deleted (${wordsOf(error, progress.token)})`;
    throw bothAlive(why, { ...begun, progress }, cause ?? error);
  }
}

function bothAlive(why: string, { progress, created }: Begun, cause: unknown): MakeError {
  const { old, successor } = created;
  const both = readable(`the old of ${old} and the successor of ${successor}`, progress.token);
  const what = `${why}; both tokens may be alive, ${both}`;
  return failure(MakeError, progress, what, cause, { successor });
}
