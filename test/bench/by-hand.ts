import createClient from "openapi-fetch";
import type { paths } from "../../generated/paths.js";


interface Lean {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
}

/**
 * The least that a client around openapi-fetch costs with the protections of ours: a deadline to the
 * last byte, a limit on the answer, no redirect, no cache, a user agent. It has no retries, no
 * classes of errors and no redaction, and like ours no `Request` and no `Response`.
 */
export function connectByHand({ baseUrl, token }: Zone) {
  const Request = function (url: string, { method, headers }: Lean): Lean {
    return { url, method, headers };
  } as unknown as typeof globalThis.Request;
  const fetch = async (request: unknown) => {
    const json = () => sendSafely(request as Lean, token);
    return { ok: true, status: 200, headers: { get: () => "1" }, json } as unknown as Response;
  };
  return createClient<paths>({ baseUrl, fetch, Request });
}

async function sendSafely({ url, method, headers }: Lean, token: string): Promise<unknown> {
  headers.set("Authorization", `Token ${token}`);
  headers.set("User-Agent", "by-hand/1.0.0");
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(new Error("no answer in time")), 30_000);
  try {
    const init = { method, headers, signal, redirect: "manual", cache: "no-store" } as const;
    const response = await fetch(url, init);
    const text = await readBounded(response);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return JSON.parse(text);
  } finally {
    clearTimeout(timer);
  }
}

async function readBounded({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let size = 0; reader;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > 2 ** 20) throw new Error("the answer is too large");
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}
