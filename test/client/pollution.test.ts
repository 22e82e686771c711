import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { MakeClient } from "../../src/index.js";
import {
  type Answering,
  BASE_URL,
  API_TOKEN,
  CREATED,
  failureOf,
  scripted,
  SECRET,
  SPEC,
  TOKEN,
} from "./support.js";

const TOKENS = `${BASE_URL}/users/me/api-tokens`;
const OPEN = { configurable: true, enumerable: true, writable: true };
const evil = () => {
  throw new Error("an inherited function was called");
};

/** No `Response`: the platform's own constructor reads what is inherited. */
const answer: Answering = ({ method }) => {
  const apiToken = method === "POST" ? { ...API_TOKEN, token: SECRET } : CREATED;
  const text = JSON.stringify({ apiTokens: [], apiToken });
  return { status: 200, headers: new Headers(), text: async () => text } as Response;
};

const calls = [
  ({ apiTokens }: MakeClient) => apiTokens.list(),
  ({ apiTokens }: MakeClient) => apiTokens.create(SPEC),
  ({ apiTokens }: MakeClient) => apiTokens.delete(CREATED),
  ({ raw }: MakeClient) => raw.GET("/users/me/api-tokens"),
  ({ raw }: MakeClient) => raw.POST("/users/me/api-tokens", { body: SPEC }),
  ({ raw }: MakeClient) =>
    raw.DELETE("/users/me/api-tokens/{timestamp}", { params: { path: { timestamp: CREATED } } }),
];

/** What every call comes to, as its request was sent. */
async function run(make: MakeClient, sent: { init: RequestInit; url: string }[]) {
  for (const call of calls) await call(make);
  return sent.map(({ url, init }) => ({
    url,
    method: init.method,
    headers: [...(init.headers as Headers)],
    body: typeof init.body === "string" ? init.body : init.body && "bytes",
    redirect: init.redirect,
    cache: init.cache,
    credentials: Object.hasOwn(init, "credentials"),
  }));
}

test.each<[name: string, value: unknown]>([
  ["baseUrl", "https://evil.example/api/v2"],
  ["fetch", evil],
  ["Request", evil],
  ["headers", { "x-evil": "1" }],
  ["header", { "x-evil": "1" }],
  ["params", { query: { evil: "1" }, header: { "x-evil": "1" } }],
  ["query", { evil: "1" }],
  ["path", { timestamp: ".." }],
  ["timestamp", ".."],
  ["parseAs", "blob"],
  ["querySerializer", evil],
  ["bodySerializer", evil],
  ["pathSerializer", evil],
  ["middleware", [{ onRequest: evil }]],
  ["requestInitExt", { dispatcher: {} }],
  ["redirect", "follow"],
  ["cache", "force-cache"],
  ["credentials", "include"],
  ["dispatcher", {}],
  ["finishes", true],
  ["settings", { redirect: "follow", headers: {}, credentials: "include" }],
  ["signal", AbortSignal.abort()],
  ["retryInMs", 1],
])("an inherited %s counts for nothing", async (name, value) => {
  const before = scripted([answer]);
  const expected = await run(before.make, before.sent);
  for (const it of expected) expect(it.url.startsWith(TOKENS)).toBe(true);
  const { make, sent } = scripted([answer]);
  Object.defineProperty(Object.prototype, name, { value, ...OPEN });
  try {
    expect(await run(make, sent)).toEqual(expected);
    const late = scripted([answer], { token: TOKEN });
    await run(late.make, late.sent);
  } finally {
    Reflect.deleteProperty(Object.prototype, name);
  }
});

/** What `body` comes to while `Object.prototype` has these. */
async function polluted<T>(facts: object, body: () => Promise<T>): Promise<T> {
  for (const [name, value] of Object.entries(facts)) {
    Object.defineProperty(Object.prototype, name, { value, ...OPEN });
  }
  try {
    return await body();
  } finally {
    for (const name of Object.keys(facts)) Reflect.deleteProperty(Object.prototype, name);
  }
}

test.each<[facts: object]>([
  [{ code: "ECONNREFUSED" }],
  [{ syscall: "connect" }],
  [{ code: "ECONNREFUSED", syscall: "connect", erroredSysCall: "connect" }],
  [{ cause: { code: "ECONNREFUSED" } }],
  [{ errors: [{ code: "ECONNREFUSED" }] }],
  [{ digest: "NEXT_REDIRECT" }],
  [{ body: "{}", head: { ok: true } }],
])("an inherited %o makes no failure a certain one", async (facts) => {
  const reset = new TypeError("fetch failed", { cause: new Error("read ECONNRESET") });
  const { make, sent } = scripted([() => Promise.reject(reset)]);
  const error = await polluted(facts, () => failureOf(make.apiTokens.create(SPEC)));
  expect(error).toMatchObject({ name: "MakeConnectionError", outcome: "unknown", attempts: 1 });
  expect(sent).toHaveLength(1);
});

test("an inherited finishes lets no call on raw outlive its signal", async () => {
  const { make } = scripted([() => new Promise(() => {})]);
  const signal = AbortSignal.timeout(1);
  const error = await polluted({ finishes: true }, () =>
    failureOf(make.raw.GET("/users/me/api-tokens", { signal, timeout: 1000, retries: 0 })),
  );
  expect(error).toBe(signal.reason);
});

test("an inherited status or headers make no answer of anything", async () => {
  const { make } = scripted([() => ({ text: async () => "{}" }) as never], { retries: 0 });
  const facts = { status: 200, headers: new Headers(), statusText: "evil" };
  const error = await polluted(facts, () => failureOf(make.apiTokens.list()));
  expect(error).toMatchObject({ name: "MakeResponseError", outcome: "unknown" });
});

test("inherited words are none of Make's", async () => {
  const { make } = scripted([() => new Response('{"suberrors":[{}]}', { status: 400 })]);
  const facts = { code: "evil", message: "evil", detail: "evil" };
  const error = await polluted(facts, () => failureOf(make.apiTokens.list()));
  expect(error.message).not.toContain("evil");
  expect(Object.entries(error)).toContainEqual(["code", undefined]);
});

test("an inherited cause is not shown as that of an error", async () => {
  const { make } = scripted([() => new Response("", { status: 400 })]);
  const text = await polluted({ cause: TOKEN }, async () =>
    inspect(await failureOf(make.apiTokens.list())),
  );
  expect(text).not.toContain(TOKEN);
});
