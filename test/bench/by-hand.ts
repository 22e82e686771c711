import createClient from "openapi-fetch";
import type { paths } from "../../generated/paths.js";
import type { Tokens, Zone } from "./tokens.js";

const MAX_BYTES = 2 ** 20;
const TIMEOUT_MS = 30_000;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** As much of a `Request` as openapi-fetch needs: a real one would cost more than all else here. */
interface Lean {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
}
function leanRequest(url: string, { method, headers }: Lean): Lean {
  return { url, method, headers };
}

/**
 * The same protections as this package's, around openapi-fetch: a deadline, no redirect, no cache, a
 * bound on the answer, a user agent, checked arguments and answers. It has no retries, no classes of
 * errors and no redaction: the least that a facade around openapi-fetch can cost.
 */
export function connectByHand({ baseUrl, token }: Zone): Tokens {
  const fetch = async (request: Lean) => ({
    ok: true,
    status: 200,
    headers: { get: () => "1" },
    json: () => sendSafely(request, token),
  });
  const client = createClient<paths>({
    baseUrl,
    fetch: fetch as unknown as typeof globalThis.fetch,
    // It is called with `new`, which gives the object that the function returns.
    Request: leanRequest as unknown as typeof Request,
  });
  return {
    async list() {
      const { data } = await client.GET("/users/me/api-tokens");
      const tokens: unknown = data?.apiTokens;
      if (!Array.isArray(tokens) || !tokens.every(isToken)) throw new Error("no such list");
      return tokens;
    },
    async delete(timestamp) {
      if (!RFC_3339.test(timestamp)) throw new TypeError("created: pass a timestamp");
      const params = { path: { timestamp } };
      const { data } = await client.DELETE("/users/me/api-tokens/{timestamp}", { params });
      if (typeof data?.apiToken !== "string") throw new Error("no timestamp");
      return data.apiToken;
    },
  };
}

const isToken = (it: Record<string, unknown> | null): boolean =>
  typeof it?.["token"] === "string" &&
  typeof it["created"] === "string" &&
  typeof it["label"] === "string" &&
  Array.isArray(it["scope"]);

async function sendSafely({ method, url, headers }: Lean, token: string): Promise<unknown> {
  headers.set("Authorization", `Token ${token}`);
  headers.set("User-Agent", "by-hand/1.0.0");
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(new Error("no answer in time")), TIMEOUT_MS);
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

async function readBounded(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let size = 0; reader;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MAX_BYTES) {
      await reader.cancel();
      throw new Error("the answer is too large");
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}
