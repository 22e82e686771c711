import { check } from "../check.js";
import { MakeConnectionError, MakeError, MakeResponseError, MakeTimeoutError } from "../errors.js";
import type { Failures } from "../failure.js";
import { checkToken, type Resolved } from "../options.js";
import type { Redactor } from "../redact.js";
import { type Broken, type End, fetchOnce } from "./attempt.js";
import type { Answer, Call, Progress } from "./call.js";
import { isControlFlow } from "./control-flow.js";
import { Deadline, EXPIRED, sleep } from "./deadline.js";
import { type Attempted, isRetried, outcomeOf, waitMs } from "./retry-policy.js";

/**
 * The answer of the zone, whatever its status.
 *
 * @throws MakeConnectionError where there is none that is complete, MakeTimeoutError where there is
 * none in time, MakeResponseError where it cannot be used, and the reason of the caller's signal
 */
export type Send = (call: Call) => Promise<Answer>;

/** The one place for the token of a call, its attempts, and the waits between them. */
export function createSend(options: Resolved, redactor: Redactor, failures: Failures): Send {
  const { baseUrl, fetch, maxBytes } = options;
  const { createError, nameOf, requestIdOf } = failures;

  async function askForToken({ progress, signal, limits }: Call): Promise<string> {
    const { token, totalTimeout } = { ...options, ...limits };
    if (typeof token === "string") return token;
    const deadline = new Deadline(totalTimeout, signal);
    try {
      return await deadline.race((async () => token())());
    } catch (error) {
      signal?.throwIfAborted();
      if (isControlFlow(error)) throw error;
      throw error === EXPIRED
        ? createError(
            MakeTimeoutError,
            progress,
            `no token within the totalTimeout, ${totalTimeout} ms`,
          )
        : createError(MakeError, progress, "the token function failed", error);
    } finally {
      deadline.end();
    }
  }

  /** The request without its token, which is asked for only once nothing else can be wrong. */
  async function prepare(call: Call): Promise<RequestInit> {
    const { progress, method, url, headers, body, settings } = call;
    check(
      url.startsWith(`${baseUrl}/`),
      "baseUrl",
      `the token goes to ${baseUrl} only; for another, make another client`,
    );
    call.signal?.throwIfAborted();
    const token = redactor.add(checkToken(await askForToken(call)));
    progress.tokenStart = token.slice(0, 8);
    headers.set("Authorization", `Token ${token}`);
    headers.set("User-Agent", options.userAgent);
    return {
      // A framework would keep the answer, and with it a secret. Old edge runtimes refuse the word.
      ...("cache" in Object(globalThis.Request?.prototype) && { cache: "no-store" }),
      ...settings,
      method,
      headers,
      // Followed, a redirect would turn a POST into a GET, or carry the request elsewhere.
      redirect: "manual",
      body: body ?? null,
    };
  }

  /** Tells `onAttempt`, and keeps what the attempt proves. */
  function record(progress: Progress, end: End, durationMs: number): void {
    if (progress.outcome !== "unknown") progress.outcome = outcomeOf(end.kind);
    const { onAttempt } = options;
    if (!onAttempt) return;
    const { head, retryInMs } = end;
    const requestId = head && requestIdOf(head);
    const report = {
      operation: nameOf(progress),
      zone: options.zone,
      attempt: progress.attempts,
      ...(head && { status: head.status }),
      ...(requestId && { requestId }),
      ...(!end.answered && { error: redactor.readable(end.code) }),
      durationMs,
      ...(retryInMs !== undefined && { retryInMs }),
    };
    (async () => onAttempt(report))().catch(() => {});
  }

  const timedOut = (progress: Progress, limit: string): MakeTimeoutError =>
    createError(MakeTimeoutError, progress, `no complete answer within the ${limit} ms`);

  function errorOf(progress: Progress, { kind, code, cause }: Broken, limit: string): unknown {
    switch (kind) {
      case "aborted":
      case "control-flow":
        return cause;
      case "timeout":
        return timedOut(progress, limit);
      case "unusable":
        return createError(MakeResponseError, progress, `${Object(cause).message}`);
      default: {
        const what = progress.outcome === "not-sent" ? "not sent" : "no complete answer";
        const why = redactor.readable(code);
        return createError(MakeConnectionError, progress, `${what} (${why})`, cause);
      }
    }
  }

  return async function send(call) {
    const { timeout, totalTimeout, retries } = { ...options, ...call.limits };
    const deadline = performance.now() + totalTimeout;
    const { progress, method, url, finishes } = call;
    const init = await prepare(call);
    call.signal?.throwIfAborted();
    const signal = finishes ? undefined : call.signal;
    const waitAfter = (kind: Attempted, retryAfterMs?: number): number | undefined => {
      if (progress.attempts > retries || !isRetried(method, kind)) return undefined;
      const ms = waitMs(progress.attempts, kind, retryAfterMs);
      return ms < deadline - performance.now() ? ms : undefined;
    };

    for (;;) {
      const start = performance.now();
      const left = deadline - start;
      const limit = left < timeout ? `totalTimeout, ${totalTimeout}` : `timeout, ${timeout}`;
      // The process may have slept.
      if (left <= 0) throw timedOut(progress, limit);
      progress.attempts++;
      const limits = { timeout: Math.min(timeout, left), maxBytes, signal, waitAfter };
      const end = await fetchOnce({ fetch, url, init, ...limits });
      record(progress, end, performance.now() - start);
      if (end.retryInMs !== undefined) await sleep(end.retryInMs, signal);
      else if (end.answered) return { progress, head: end.head, body: end.body };
      else throw errorOf(progress, end, limit);
    }
  };
}
