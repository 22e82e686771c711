import type { Call, Progress } from "../call.js";
import { failure, isControlFlow, MakeError, MakeTimeoutError } from "../errors.js";
import {
  check,
  checkToken,
  type FetchedResponse,
  type FetchInit,
  type Resolved,
} from "../options.js";
import { EXPIRED, within } from "./deadline.js";

/** A request that is ready to be sent, and the token in it. */
export interface Request {
  readonly token: string;
  readonly send: (signal: AbortSignal) => Promise<FetchedResponse>;
}

/** Asks the caller's function for the token, within `totalTimeout`. */
async function askForToken(
  ask: () => string | Promise<string>,
  { signal, totalTimeout }: Call["limits"],
  progress: Progress,
): Promise<string> {
  try {
    return await within(totalTimeout, signal, async () => ask());
  } catch (error) {
    signal?.throwIfAborted();
    if (isControlFlow(error)) throw error;
    if (error !== EXPIRED) throw failure(MakeError, progress, "the token function failed", error);
    const what = `no token within the totalTimeout, ${totalTimeout} ms`;
    throw failure(MakeTimeoutError, progress, what);
  }
}

/**
 * Makes the request of a call. Everything else is checked before the token is asked for.
 *
 * @throws TypeError where the token would leave the client's base URL, or is none
 */
export async function prepare(client: Resolved, call: Call, progress: Progress): Promise<Request> {
  const { baseUrl, fetch, token: given } = client;
  const { url, method, headers, body, limits } = call;
  check(
    url.startsWith(`${baseUrl}/`),
    "baseUrl",
    `the token goes to ${baseUrl} only; make another client for another`,
  );
  limits.signal?.throwIfAborted();
  const asked = typeof given === "string" ? given : await askForToken(given, limits, progress);
  const token = checkToken(asked);
  const init: Omit<FetchInit, "signal"> = {
    ...(call.settings ? { ...client.settings, ...call.settings } : client.settings),
    method,
    headers: [...headers, ["Authorization", `Token ${token}`], ["User-Agent", client.userAgent]],
    // To follow a redirect would turn a POST into a GET, or carry the request elsewhere.
    redirect: "manual",
  };
  if (body !== undefined) init.body = body;
  return { token, send: (signal) => fetch(url, { ...init, signal }) };
}
