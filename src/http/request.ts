import { check } from "../check.js";
import { MakeError, MakeTimeoutError } from "../errors.js";
import { checkToken } from "../options.js";
import type { Plan } from "./plan.js";
import { isControlFlow } from "./control-flow.js";
import { Deadline, EXPIRED } from "./deadline.js";

/** Asks the caller's function for the token, within `totalTimeout`. */
async function askForToken(token: () => string | Promise<string>, plan: Plan): Promise<string> {
  const { call, signal } = plan;
  const { progress } = call;
  const { totalTimeout } = call.options;
  const { createError } = plan.failures;
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

/** The request of a call. Everything else is checked before the token is asked for. */
export async function prepare(plan: Plan): Promise<RequestInit> {
  const { client, call, signal } = plan;
  const { baseUrl } = client;
  const { url, method, headers, settings, body = null } = call;
  check(
    url.startsWith(`${baseUrl}/`),
    "baseUrl",
    `the token goes to ${baseUrl} only; make another client for another`,
  );
  signal?.throwIfAborted();
  const given = client.token;
  const token = checkToken(typeof given === "string" ? given : await askForToken(given, plan));
  plan.failures.add(token);
  signal?.throwIfAborted();
  call.progress.tokenStart = token.slice(0, 8);
  headers.set("Authorization", `Token ${token}`);
  headers.set("User-Agent", client.userAgent);
  // To follow a redirect would turn a POST into a GET, or carry the request elsewhere.
  const init: RequestInit = { method, headers, redirect: "manual", body };
  return Object.assign({}, client.settings, settings, init);
}
