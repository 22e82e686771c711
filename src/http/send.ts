import { MakeConnectionError, MakeResponseError, MakeTimeoutError } from "../errors.js";
import type { Failures } from "../failure.js";
import type { Resolved } from "../options.js";
import { type Broken, type End, fetchOnce } from "./attempt.js";
import type { Answer, Call } from "./call.js";
import { ignore, sleep } from "./deadline.js";
import type { Plan } from "./plan.js";
import { prepare } from "./request.js";
import { outcomeOf } from "./retry-policy.js";

/**
 * The answer of the zone, whatever its status.
 *
 * @throws MakeConnectionError where there is none that is complete, MakeTimeoutError where there is
 * none in time, MakeResponseError where it cannot be used, and the reason of the caller's signal
 */
export type Send = (call: Call) => Promise<Answer>;

/** Calls `onAttempt`, and ignores what that throws. */
function report(plan: Plan, end: End, durationMs: number): void {
  const { client, call, failures } = plan;
  const { onAttempt, zone } = client;
  const { progress } = call;
  const { head, retryInMs } = end;
  if (!onAttempt) return;
  const requestId = head && failures.requestIdOf(head);
  const attempt = {
    operation: failures.nameOf(progress),
    zone,
    attempt: progress.attempts,
    ...(head && { status: head.status }),
    ...(requestId && { requestId }),
    ...(!end.body && { error: failures.readable(end.code) }),
    durationMs,
    ...(retryInMs !== undefined && { retryInMs }),
  };
  (async () => onAttempt(attempt))().catch(ignore);
}

type Reason = Pick<Broken, "kind"> & Partial<Broken>;

/** The rejection of a call that is not tried again. */
function errorOf(plan: Plan, { kind, code = "", cause }: Reason, limit: string): unknown {
  const { progress } = plan.call;
  const { createError, readable } = plan.failures;
  switch (kind) {
    case "aborted":
    case "control-flow":
      return cause;
    case "timeout":
      return createError(MakeTimeoutError, progress, `no complete answer within the ${limit} ms`);
    case "unusable":
      return createError(MakeResponseError, progress, `${Object(cause).message}`);
    default: {
      const what = progress.outcome === "not-sent" ? "not sent" : "no complete answer";
      return createError(MakeConnectionError, progress, `${what} (${readable(code)})`, cause);
    }
  }
}

/** The one place for the attempts of a call and the waits between them. */
export function createSend(client: Resolved, failures: Failures): Send {
  return async (call) => {
    const { progress, options } = call;
    const { timeout, totalTimeout, signal } = options;
    const deadline = performance.now() + totalTimeout;
    const plan: Plan = { client, failures, call, signal: signal || undefined, deadline };
    const init = await prepare(plan);
    if (progress.finishes) plan.signal = undefined;

    for (;;) {
      const start = performance.now();
      const left = deadline - start;
      const limit = left < timeout ? `totalTimeout, ${totalTimeout}` : `timeout, ${timeout}`;
      // The machine may have slept during a wait.
      if (left <= 0) throw errorOf(plan, { kind: "timeout" }, limit);
      progress.attempts++;
      const end = await fetchOnce(plan, init, Math.min(timeout, left));
      if (progress.outcome !== "unknown") progress.outcome = outcomeOf(end.kind);
      report(plan, end, performance.now() - start);
      if (end.retryInMs !== undefined) await sleep(end.retryInMs, plan.signal);
      else if (end.body) return { progress, ...end };
      else throw errorOf(plan, end, limit);
    }
  };
}
