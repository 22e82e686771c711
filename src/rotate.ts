import type { ApiToken, CreatedApiToken, Rotation } from "./api-tokens.js";
import type { Progress } from "./call.js";
import { checkNewToken, create, list, type Listed, remove, theOnly } from "./calls.js";
import { failure, MakeError, NotStoredError, wordsOf } from "./errors.js";
import type { Facade } from "./openapi/facade.js";
import { DELETE } from "./openapi/operation.js";
import { type CallOptions, check } from "./options.js";
import { redacted } from "./redact.js";
import { isSameTime, toTimestamp } from "./timestamp.js";

/** What the last call of a rotation proves. */
type Facts = Partial<Pick<Progress, "attempts" | "outcome">>;

const createdAt = (timestamp: string, listed: Listed): ApiToken =>
  theOnly(listed, (it) => isSameTime(it.created, timestamp), "was created at that time");

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
  const wanted = { label: label ?? old.label, scope: scope ?? old.scope };
  const successor = await create(facade, wanted, options, true);
  // Read now, because `store` may change the object that it gets.
  const times = { old: old.created, successor: successor.created };
  const bothAlive = (why: string, error: unknown, facts: Facts, cause = error): MakeError => {
    const { attempts = 0, outcome = "not-sent" } = facts;
    const { token } = listed.answered;
    const progress = { ...listed.answered, operation: DELETE, attempts, outcome };
    const both = redacted(`the old (${times.old}) and the successor (${times.successor})`, token);
    const what = `${why} (${wordsOf(error, token)}); both tokens may be alive: ${both}`;
    return failure(MakeError, progress, what, cause, { successor: times.successor });
  };

  let notStored: NotStoredError | undefined;
  try {
    await store(successor);
  } catch (error) {
    if (!(error instanceof NotStoredError))
      throw bothAlive("store failed, and may have written", error, { outcome: "unknown" });
    notStored = error;
  }
  const goes = notStored ? "successor" : "old";
  // The signal does not count any more.
  const rest = { ...options, signal: undefined };
  try {
    createdAt(times[goes], await list(facade, rest));
    await remove(facade, times[goes], rest);
  } catch (error) {
    throw bothAlive(`the ${goes} token could not be deleted`, error, Object(error), notStored);
  }
  if (notStored) throw notStored;
  return successor;
}
