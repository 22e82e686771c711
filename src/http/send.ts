import type { Answered, Call, Progress } from "../call.js";
import {
  failure,
  MakeConnectionError,
  MakeResponseError,
  MakeTimeoutError,
  requestIdOf,
} from "../errors.js";
import type { Attempt } from "../options.js";
import { redacted } from "../redact.js";
import { attempt, type End } from "./attempt.js";
import { ignore, sleep } from "./deadline.js";
import { tokenFor } from "./request.js";
import { outcomeAfter } from "./retry.js";

/**
 * The answer of the zone, whatever its status. This is the one place for the attempts of a call and
 * the waits between them.
 *
 * @throws MakeConnectionError where there is none that is complete, MakeTimeoutError where there is
 * none in time, MakeResponseError where it cannot be used, and the reason of the caller's signal
 */
export async function send(asked: Call): Promise<Answered> {
  const { operation, client } = asked;
  const { zone, onAttempt } = client;
  const deadline = performance.now() + client.totalTimeout;
  const progress: Progress = {
    operation,
    zone,
    deadline,
    token: "",
    attempts: 0,
    outcome: "not-sent",
  };
  progress.token = await tokenFor(asked, progress);
  // From here to the first attempt, nothing is awaited.
  client.signal?.throwIfAborted();
  const call = asked.finishes ? { ...asked, client: { ...client, signal: undefined } } : asked;

  for (;;) {
    const start = performance.now();
    const timeout = Math.min(deadline - start, client.timeout);
    const limit = timeout < client.timeout ? "totalTimeout" : "timeout";
    const late = `no complete answer within the ${limit}, ${client[limit]} ms`;
    // The machine may have slept during a wait.
    if (timeout <= 0) throw failure(MakeTimeoutError, progress, late);
    progress.attempts++;
    const end = await attempt(call, progress, timeout);
    progress.outcome = outcomeAfter(progress.outcome, end.kind);
    if (onAttempt) report(onAttempt, progress, end, performance.now() - start);
    if (end.retryInMs !== undefined) await sleep(end.retryInMs, call.client.signal);
    else if (end.answer && end.code === undefined) return { answer: end.answer, ...progress };
    else throw errorOf(progress, end, late);
  }
}

/** Calls `onAttempt`, and ignores what that throws. */
function report(
  onAttempt: (attempt: Attempt) => void,
  { operation, zone, token, attempts }: Progress,
  { answer, code, retryInMs }: End,
  durationMs: number,
): void {
  const requestId = answer && requestIdOf(answer, token);
  const told = {
    operation: redacted(operation.name, token),
    zone,
    attempt: attempts,
    ...(answer && { status: answer.status }),
    ...(requestId && { requestId }),
    ...(code && { error: redacted(code, token) }),
    durationMs,
    ...(retryInMs !== undefined && { retryInMs }),
  };
  (async () => onAttempt(told))().catch(ignore);
}

/** The rejection of a call that is not tried again. */
function errorOf(progress: Progress, { kind, code = "", cause }: End, late: string): unknown {
  if (kind === "aborted") return cause;
  if (kind === "timeout") return failure(MakeTimeoutError, progress, late);
  if (kind === "unusable") return failure(MakeResponseError, progress, Object(cause).message);
  const what = progress.outcome === "not-sent" ? "not sent" : "no complete answer";
  const said = `${what} (${redacted(code, progress.token)})`;
  return failure(MakeConnectionError, progress, said, cause);
}
