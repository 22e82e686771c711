import { check } from "../check.js";
import { MakeError, MakeTimeoutError } from "../errors.js";
import { checkToken } from "../options.js";
import type { Plan } from "./plan.js";
import { isControlFlow } from "./control-flow.js";
import { Deadline, EXPIRED } from "./deadline.js";

/** The token as it was given, or what the caller's function returns in time. */
async function askForToken(plan: Plan): Promise<string> {
  const { token, totalTimeout, signal, progress } = plan;
  const { createError } = plan.failures;
  if (typeof token === "string") return token;
  const deadline = new Deadline(totalTimeout, signal);
  try {
    return await deadline.race(token());
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

/** The request of a call. Its token is asked for only once nothing else can be wrong. */
export async function prepare(plan: Plan): Promise<RequestInit> {
  const { baseUrl, headers, signal } = plan;
  check(
    plan.url.startsWith(`${baseUrl}/`),
    "baseUrl",
    `the token goes to ${baseUrl} only; for another, make another client`,
  );
  signal?.throwIfAborted();
  const token = plan.redactor.add(checkToken(await askForToken(plan)));
  signal?.throwIfAborted();
  plan.progress.tokenStart = token.slice(0, 8);
  headers.set("Authorization", `Token ${token}`);
  headers.set("User-Agent", plan.userAgent);
  return {
    // Otherwise a framework would keep the answer, and with it a secret. Old edge runtimes refuse it.
    ...("cache" in Object(globalThis.Request?.prototype) && { cache: "no-store" }),
    ...plan.settings,
    method: plan.method,
    headers,
    // Followed, a redirect would turn a POST into a GET, or carry the request elsewhere.
    redirect: "manual",
    body: plan.body ?? null,
  };
}
