import { check } from "../check.js";
import { MakeConnectionError, MakeError, MakeResponseError, MakeTimeoutError } from "../errors.js";
import type { Answer, Failures, Progress } from "../failure.js";
import { checkToken, type Resolved } from "../options.js";
import type { Redactor } from "../redact.js";
import { EXPIRED, within } from "./deadline.js";
import { classify } from "./network-error.js";
import { type Attempted, isRetried, outcomeOf, parseRetryAfter, waitMs } from "./retry-policy.js";

/** What is to be sent: the part of a `Request` that matters here. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body?: BodyInit | null | undefined;
  readonly signal?: AbortSignal | null | undefined;
  /** Obey the signal only until the first attempt is sent. */
  readonly finish?: boolean | undefined;
}

/**
 * The answer of the zone, whatever its status.
 *
 * @throws MakeConnectionError where there is none that is complete, MakeTimeoutError where there is
 * none in time, MakeResponseError where it is too large, and the reason of the caller's signal
 */
export type Send = (call: Call) => Promise<Answer>;

const MAX_BYTES = 2 ** 20;

const ignore = (): void => {};

/** One place for what every call has: the token, attempts, deadlines, and the answer as a whole. */
export function createTransport(
  { zone, baseUrl, token, timeout, totalTimeout, retries, fetch, userAgent, onAttempt }: Resolved,
  redactor: Redactor,
  { fail, operationOf }: Failures,
): Send {
  async function ask(
    token: () => string | Promise<string>,
    progress: Progress,
    caller: AbortSignal | undefined,
  ): Promise<string> {
    const returned = await within(totalTimeout, caller, async () => token()).catch((error) => {
      caller?.throwIfAborted();
      throw error === EXPIRED
        ? fail(MakeTimeoutError, progress, `no token within the totalTimeout, ${totalTimeout} ms`)
        : fail(MakeError, progress, "the token function failed", error);
    });
    return checkToken(returned);
  }

  return async function send({ method, url, headers, body, signal, finish }) {
    let caller = signal ?? undefined;
    const progress: Progress = { method, url, attempts: 0, outcome: "not-sent" };
    const deadline = performance.now() + totalTimeout;

    check(
      url.startsWith(`${baseUrl}/`),
      "baseUrl",
      `the token goes to ${baseUrl} only; for another, make another client`,
    );
    const secret = typeof token === "string" ? token : await ask(token, progress, caller);
    headers.set("Authorization", `Token ${redactor.add(secret)}`);
    headers.set("User-Agent", userAgent);

    caller?.throwIfAborted();
    if (finish) caller = undefined;
    for (;;) {
      const start = performance.now();
      const left = deadline - start;
      const timedOut = (): MakeTimeoutError => {
        const limit = left < timeout ? `totalTimeout, ${totalTimeout}` : `timeout, ${timeout}`;
        return fail(MakeTimeoutError, progress, `no complete answer within the ${limit} ms`);
      };
      // The process may have slept.
      if (left <= 0) throw timedOut();
      const attempt = ++progress.attempts;
      let attempted = "aborted" as Attempted;
      let code: string | undefined;
      let cause: unknown;
      let response = undefined as Response | undefined;
      let reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
      let retryAfterMs: number | undefined;
      let retryInMs: number | undefined;
      const chunks: Uint8Array<ArrayBuffer>[] = [];
      let size = 0;

      const conclude = (what: Attempted): void => {
        attempted = what;
        if (attempt > retries || !isRetried(method, what)) return;
        const ms = waitMs(attempt, what, retryAfterMs);
        if (ms < deadline - performance.now()) retryInMs = ms;
      };
      const giveUp = (): void => void reader?.cancel().catch(ignore);

      try {
        await within(Math.min(timeout, left), caller, async (signal) => {
          // Followed, a redirect would turn a POST into a GET, or carry the request elsewhere.
          const init: RequestInit = { method, headers, redirect: "manual", signal };
          if (body) init.body = body;
          const answered = await fetch(url, init);
          reader = answered.body?.getReader();
          if (signal.aborted) return giveUp();
          response = answered;
          if (!answered.ok) retryAfterMs = parseRetryAfter(answered.headers.get("Retry-After"));
          conclude(answered.status);
          while (reader && retryInMs === undefined && size <= MAX_BYTES) {
            const { done, value } = await reader.read();
            if (done) return;
            chunks.push(value);
            size += value.length;
          }
          giveUp();
        });
      } catch (error) {
        giveUp();
        if (caller?.aborted) {
          attempted = code = "aborted";
        } else if (response?.ok === false) {
          // An error keeps its status. Half a body could end in half a secret.
          chunks.length = size = 0;
        } else {
          const [failure, found] = classify((cause = error));
          code = redactor.readable(found);
          conclude(error === EXPIRED ? "timeout" : response ? "network" : failure);
        }
      }

      if (progress.outcome !== "unknown") progress.outcome = outcomeOf(attempted);
      if (onAttempt) {
        const report = {
          operation: operationOf(progress).name,
          zone,
          attempt,
          ...(response && { status: response.status }),
          ...(code && { error: code }),
          durationMs: performance.now() - start,
          ...(retryInMs !== undefined && { retryInMs }),
        };
        (async () => onAttempt(report))().catch(ignore);
      }

      if (retryInMs !== undefined) {
        await within(retryInMs, caller, () => new Promise(ignore)).catch(ignore);
        caller?.throwIfAborted();
      } else if (attempted === "aborted") {
        throw caller?.reason;
      } else if (attempted === "timeout") {
        throw timedOut();
      } else if (!response || code) {
        const what = progress.outcome === "not-sent" ? "not sent" : "no complete answer";
        throw fail(MakeConnectionError, progress, `${what} (${code})`, cause);
      } else if (response.ok && size > MAX_BYTES) {
        throw fail(MakeResponseError, progress, "the answer is larger than 1 MiB");
      } else {
        const whole =
          size === chunks[0]?.length
            ? chunks[0]
            : new Uint8Array(await new Blob(chunks).arrayBuffer());
        return { ...progress, response, body: whole, retryAfterMs };
      }
    }
  };
}
