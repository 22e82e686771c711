import type { Call, Progress } from "../call.js";
import { failure, isControlFlow, MakeError, MakeTimeoutError } from "../errors.js";
import { check, checkToken, type FetchedResponse, type FetchInit } from "../options.js";
import { EXPIRED, within } from "./deadline.js";

/**
 * The token to send a call with. Everything else is checked before a function is asked for it.
 *
 * @throws TypeError where the token would leave the client's base URL, or is none
 */
export async function tokenFor({ url, client }: Call, progress: Progress): Promise<string> {
  const { baseUrl, token, signal, totalTimeout } = client;
  check(url.startsWith(`${baseUrl}/`), "baseUrl", `the token goes to ${baseUrl} only`);
  signal?.throwIfAborted();
  if (typeof token === "string") return token;
  let asked: string;
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

export function fetchOnce(
  { client, method, url, headers, settings }: Call,
  token: string,
  signal: AbortSignal,
): Promise<FetchedResponse> {
  const own: FetchInit = {
    method,
    headers: [...headers, ["Authorization", `Token ${token}`], ["User-Agent", client.userAgent]],
    // To follow a redirect would turn a POST into a GET, or carry the request elsewhere.
    redirect: "manual",
    signal,
  };
  return client.fetch(url, Object.assign({}, client.settings, settings, own));
}
