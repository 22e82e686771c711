import createClient from "openapi-fetch";
import type { paths } from "../../generated/paths.js";

/** What openapi-fetch reads of a `Request`. */
type Lean = Pick<Request, "url" | "method" | "headers">;

/**
 * The least that a client around openapi-fetch costs with the protections of ours: a deadline to the
 * last byte, a limit on the answer, no redirect, no cache, a user agent, checked tokens. It has no retries, no
 * classes of errors and no redaction, and like ours no `Request` and no `Response`.
 */
export function connectByHand(baseUrl: string, token: string) {
  const makeLean = function (url: string, { method, headers }: Lean): Lean {
    return { url, method, headers };
  };
  const fetch = async (request: Lean) => {
    const json = () => sendSafely(request, token);
    return { ok: true, status: 200, headers: { get: () => "1" }, json } as unknown as Response;
  };
  return createClient<paths>({ baseUrl, fetch, Request: makeLean as unknown as typeof Request });
}

const isToken = ({ token, created, label, scope }: Record<string, unknown>): boolean =>
  [token, created, label].every((it) => typeof it === "string") && Array.isArray(scope);

async function sendSafely({ url, method, headers }: Lean, token: string): Promise<unknown> {
  headers.set("Authorization", `Token ${token}`);
  headers.set("User-Agent", "by-hand/1.0.0");
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(new Error("no answer in time")), 30_000);
  try {
    const init = { method, headers, signal, redirect: "manual", cache: "no-store" } as const;
    const { ok, body } = await fetch(url, init);
    const reader = body!.getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (let it = await reader.read(); !it.done; it = await reader.read()) {
      text += decoder.decode(it.value, { stream: true });
      if (text.length > 2 ** 20) throw new Error("the answer is too large");
    }
    if (!ok) throw new Error("an error of the zone");
    const data = JSON.parse(text);
    if (data.apiTokens?.every(isToken) === false) throw new Error("no list of tokens");
    return data;
  } finally {
    clearTimeout(timer);
  }
}
