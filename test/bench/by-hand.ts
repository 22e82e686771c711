import createClient from "openapi-fetch";
import type { paths } from "../../generated/paths.js";
import { Lean, leanFetch } from "../../src/openapi/client.js";
import type { Tokens, Zone } from "./tokens.js";

const PATH = "/users/me/api-tokens";
const MAX_BYTES = 2 ** 20;
const TIMEOUT_MS = 30_000;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

interface Answer {
  readonly apiTokens?: unknown;
  readonly apiToken?: unknown;
}

/**
 * The same protections as this package's, around bare fetch: a deadline, no redirect, no cache, a
 * bound on the answer, a user agent, checked arguments and answers. It has no retries, no classes of
 * errors and no redaction.
 */
export function connectByHand({ baseUrl, token }: Zone): Tokens {
  const send = (method: string, path: string) =>
    sendSafely(method, `${baseUrl}${path}`, new Headers(), token);
  return checked(
    () => send("GET", PATH),
    (created) => send("DELETE", `${PATH}/${encodeURIComponent(created)}`),
  );
}

/**
 * The same through an openapi-fetch client, in the lean way of this package's facade: the least that
 * a facade around openapi-fetch with these protections can cost.
 */
export function connectThroughOpenapiFetch({ baseUrl, token }: Zone): Tokens {
  const fetch = leanFetch(({ method, url }) => sendSafely(method, url, new Headers(), token));
  const client = createClient<paths>({ baseUrl, fetch, Request: Lean });
  return checked(
    async () => (await client.GET("/users/me/api-tokens")).data ?? {},
    async (timestamp) => {
      const params = { path: { timestamp } };
      return (await client.DELETE("/users/me/api-tokens/{timestamp}", { params })).data ?? {};
    },
  );
}

function checked(
  list: () => Promise<Answer>,
  remove: (created: string) => Promise<Answer>,
): Tokens {
  return {
    async list() {
      const { apiTokens } = await list();
      if (!Array.isArray(apiTokens) || !apiTokens.every(isToken)) throw new Error("no such list");
      return apiTokens;
    },
    async delete(created) {
      if (!RFC_3339.test(created)) throw new TypeError("created: pass a timestamp");
      const { apiToken } = await remove(created);
      if (typeof apiToken !== "string") throw new Error("no timestamp");
      return apiToken;
    },
  };
}

const isToken = (it: Record<string, unknown> | null): boolean =>
  typeof it?.["token"] === "string" &&
  typeof it["created"] === "string" &&
  typeof it["label"] === "string" &&
  Array.isArray(it["scope"]);

async function sendSafely(
  method: string,
  url: string,
  headers: Headers,
  token: string,
): Promise<Answer> {
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
    return JSON.parse(text) as Answer;
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
