import type { CreatedApiToken, Rotation } from "./api-tokens.js";
import { DELETE, type Progress } from "./call.js";
import { checkNewToken, create, find, remove } from "./calls.js";
import { failure, MakeError, NotStoredError, wordsOf } from "./errors.js";
import type { Facade } from "./openapi/facade.js";
import { type CallOptions, check } from "./options.js";
import { redacted } from "./redact.js";
import { isSameTime, toTimestamp } from "./timestamp.js";

const findCreated = (facade: Facade, options: CallOptions | undefined, time: string) =>
  find(facade, options, "was created at that time", (it) => isSameTime(it.created, time));

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

  const old = await findCreated(facade, options, toTimestamp(created));
  const wanted = { label: label ?? old.label, scope: scope ?? old.scope };
  const { token: successor, answered } = await create(facade, wanted, options, true);
  // Read now, because `store` may change the object that it gets.
  const times = { old: old.created, successor: successor.created };
  const bothAlive = (why: string, error: unknown, progress: Progress, cause = error): MakeError => {
    const { token } = progress;
    const both = redacted(`the old (${times.old}) and the successor (${times.successor})`, token);
    const what = `${why} (${wordsOf(error, token)}); both tokens may be alive: ${both}`;
    return failure(MakeError, progress, what, cause, { successor: times.successor });
  };
  const deleteOne = async (which: keyof typeof times, notStored?: NotStoredError) => {
    // The signal does not count any more.
    const rest = { ...options, signal: undefined };
    try {
      await findCreated(facade, rest, times[which]);
      await remove(facade, times[which], rest);
    } catch (error) {
      const { attempts = 0, outcome = "not-sent" }: Partial<Progress> = Object(error);
      const progress = { ...answered, operation: DELETE, attempts, outcome };
      throw bothAlive(`the ${which} token could not be deleted`, error, progress, notStored);
    }
  };

  try {
    await store(successor);
  } catch (error) {
    if (!(error instanceof NotStoredError)) {
      // The token exists; whether it is stored is not known.
      const progress: Progress = { ...answered, outcome: "unknown" };
      throw bothAlive("store failed, and may have written", error, progress);
    }
    await deleteOne("successor", error);
    throw error;
  }
  await deleteOne("old");
  return successor;
}
