import type { Answered, Call, Progress } from "../call.js";
import {
  failure,
  isControlFlow,
  MakeConnectionError,
  MakeError,
  MakeResponseError,
  MakeTimeoutError,
  requestIdOf,
} from "../errors.js";
import { check, checkToken, type Resolved } from "../options.js";
import { redacted } from "../redact.js";
import { attempt, type End } from "./attempt.js";
import { EXPIRED, ignore, sleep, within } from "./deadline.js";
import { outcomeAfter } from "./retry.js";

/**
 * The answer of the zone, whatever its status. This is the one place for the attempts of a call and
 * the waits between them.
 *
 * @throws MakeConnectionError where there is none that is complete, MakeTimeoutError where there is
 * none in time, MakeResponseError where it cannot be used, and the reason of the caller's signal
 */
export async function send(asked: Call): Promise<Answered> {
  const { operation, client, url } = asked;
  const { baseUrl, token } = client;
  const progress: Progress = {
    operation,
    zone: client.zone,
    deadline: performance.now() + client.totalTimeout,
    token: "",
    attempts: 0,
    outcome: "not-sent",
  };
  check(url.startsWith(`${baseUrl}/`), "baseUrl", `the token goes to ${baseUrl} only`);
  client.signal?.throwIfAborted();
  progress.token = typeof token === "string" ? token : await ask(token, client, progress);
  // From here to the first attempt, nothing is awaited.
  client.signal?.throwIfAborted();
  const call = asked.finishes ? { ...asked, client: { ...client, signal: undefined } } : asked;

  for (;;) {
    const start = performance.now();
    const timeout = Math.min(progress.deadline - start, client.timeout);
    const limit = timeout < client.timeout ? "totalTimeout" : "timeout";
    const late = (): string => `no complete answer within the ${limit}, ${client[limit]} ms`;
    // The machine may have slept during a wait.
    if (timeout <= 0) throw failure(MakeTimeoutError, progress, late());
    progress.attempts++;
    const end = await attempt(call, progress, timeout);
    progress.outcome = outcomeAfter(progress.outcome, end.kind);
    if (client.onAttempt) report(client, progress, end, performance.now() - start);
    if (end.retryInMs !== undefined) await sleep(end.retryInMs, client.signal);
    else if (end.answer && end.code === undefined) return { answer: end.answer, ...progress };
    else throw errorOf(progress, end, late);
  }
}

/** @throws TypeError where the function returns no token */
async function ask(token: () => unknown, client: Call["client"], progress: Progress) {
  const { signal, totalTimeout } = client;
  let asked: unknown;
  try {
    asked = await within(totalTimeout, signal, async () => token());
  } catch (error) {
    signal?.throwIfAborted();
    if (isControlFlow(error)) throw error;
    if (error !== EXPIRED) throw failure(MakeError, progress, "the token function failed", error);
    const what = `no token within the totalTimeout, ${totalTimeout} ms`;
    throw failure(MakeTimeoutError, progress, what);
  }
  return checkToken(asked);
}

/** Calls `onAttempt`, and ignores what that throws. */
function report({ onAttempt }: Resolved, progress: Progress, end: End, durationMs: number): void {
  const { operation, zone, token, attempts } = progress;
  const { answer, code, retryInMs } = end;
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
  (async () => onAttempt?.(told))().catch(ignore);
}

/** The rejection of a call that is not tried again. */
function errorOf(progress: Progress, { kind, code = "", cause }: End, late: () => string): unknown {
  if (kind === "aborted") return cause;
  if (kind === "timeout") return failure(MakeTimeoutError, progress, late());
  if (kind === "unusable") return failure(MakeResponseError, progress, Object(cause).message);
  const what = progress.outcome === "not-sent" ? "not sent" : "no complete answer";
  const said = `${what} (${redacted(code, progress.token)})`;
  return failure(MakeConnectionError, progress, said, cause);
}
