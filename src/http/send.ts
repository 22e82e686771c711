import type { Answered, Call, Progress } from "../call.js";
import {
  failure,
  MakeConnectionError,
  MakeResponseError,
  MakeTimeoutError,
  requestIdOf,
} from "../errors.js";
import type { Attempt, Resolved } from "../options.js";
import { redacted } from "../redact.js";
import { attempt, type End } from "./attempt.js";
import { ignore, sleep } from "./deadline.js";
import { tokenFor } from "./request.js";
import { outcomeAfter } from "./retry.js";

/**
 * The answer of the zone, whatever its status.
 *
 * @throws MakeConnectionError where there is none that is complete, MakeTimeoutError where there is
 * none in time, MakeResponseError where it cannot be used, and the reason of the caller's signal
 */
export type Send = (call: Call) => Promise<Answered>;

/** The one place for the attempts of a call and the waits between them. */
export function createSend(client: Resolved): Send {
  const { zone, onAttempt } = client;
  return async (asked) => {
    const { operation, limits } = asked;
    const deadline = performance.now() + limits.totalTimeout;
    let progress: Progress = {
      operation,
      zone,
      token: undefined,
      attempts: 0,
      outcome: "not-sent",
    };
    const token = await tokenFor(client, asked, progress);
    // From here to the first attempt, nothing is awaited.
    limits.signal?.throwIfAborted();
    const call = asked.finishes ? { ...asked, limits: { ...limits, signal: undefined } } : asked;

    for (let attempts = 1; ; attempts++) {
      const start = performance.now();
      const timeout = Math.min(deadline - start, limits.timeout);
      const limit = timeout < limits.timeout ? "totalTimeout" : "timeout";
      const late = `no complete answer within the ${limit}, ${limits[limit]} ms`;
      // The machine may have slept during a wait.
      if (timeout <= 0) throw failure(MakeTimeoutError, progress, late);
      const end = await attempt({ client, call, token, attempt: attempts, timeout, deadline });
      const outcome = outcomeAfter(progress.outcome, end.kind);
      progress = { operation, zone, token, attempts, outcome };
      if (onAttempt) report(onAttempt, progress, end, performance.now() - start);
      if (end.retryInMs !== undefined) await sleep(end.retryInMs, call.limits.signal);
      else if (end.answer && end.code === undefined) return { ...progress, answer: end.answer };
      else throw errorOf(progress, end, late);
    }
  };
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
  switch (kind) {
    case "aborted":
      return cause;
    case "timeout":
      return failure(MakeTimeoutError, progress, late);
    case "unusable":
      return failure(MakeResponseError, progress, Object(cause).message);
    default: {
      const what = progress.outcome === "not-sent" ? "not sent" : "no complete answer";
      const said = `${what} (${redacted(code, progress.token)})`;
      return failure(MakeConnectionError, progress, said, cause);
    }
  }
}
