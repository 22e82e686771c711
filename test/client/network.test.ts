import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { inspect } from "node:util";
import { createMakeClient, type MakeClientOptions } from "make-api-tokens";
import { MakeApiError, MakeConnectionError, MakeResponseError } from "make-api-tokens";
import nodeFetch from "node-fetch";
import { fetch as undiciFetch, ProxyAgent } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { rejecting } from "./answers.js";
import { type CallName, CALLS, CREATED, NAMES, OPERATIONS, SPEC, TOKEN } from "./fixtures.js";
import { failureOf, type Options, scripted, startZone } from "./support.js";

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Gives each connection an answer, or what a function does to it, once something was sent on it. */
async function serve(answer: string | ((socket: Socket) => unknown), protocol = "http") {
  let requests = 0;
  const server = createServer((socket) => {
    socket
      .on("error", () => {})
      .once("data", () => {
        requests++;
        if (typeof answer === "function") answer(socket);
        else socket.end(answer);
      });
  });
  const baseUrl = `${protocol}://127.0.0.1:${await listen(server)}/api/v2`;
  return { baseUrl, requests: () => requests };
}

async function failureAt(baseUrl: string, name: CallName, options: Options = {}) {
  const codes: (string | undefined)[] = [];
  const onAttempt = ({ error }: { error?: string }) => void codes.push(error);
  const given = { baseUrl, token: TOKEN, onAttempt, retryDelay: () => 0, ...options };
  const error = await failureOf(CALLS[name](createMakeClient(given as MakeClientOptions)));
  const zone = new URL(baseUrl).host;
  expect(error).toMatchObject({ operation: OPERATIONS[name], zone, attempts: codes.length });
  return { error, codes };
}

const FETCHES: Readonly<Record<string, Options>> = {
  "the global fetch": {},
  "undici's fetch": { fetch: undiciFetch },
  "node-fetch": { fetch: nodeFetch },
};

describe.each(Object.entries(FETCHES))("by %s,", (_, options) => {
  test("a token lives from its creation to its deletion", async () => {
    const { zone, make } = await startZone(options);
    const { created } = await make.apiTokens.create(SPEC);
    expect(await make.apiTokens.list()).toHaveLength(2);
    expect((await make.raw.GET("/users/me/api-tokens")).data?.apiTokens).toHaveLength(2);
    expect(await make.apiTokens.delete(created)).toBe(created);
    expect(zone.requests.map(({ headers }) => headers["authorization"])).toEqual(
      Array(4).fill(`Token ${zone.token}`),
    );
  });

  test.each(NAMES)("a %s to a closed port is not sent, and tried again", async (name) => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await once(server, "close");
    const { error, codes } = await failureAt(`http://127.0.0.1:${port}/api/v2`, name, options);
    expect(error).toMatchObject({ constructor: MakeConnectionError, outcome: "not-sent" });
    expect(codes).toEqual(Array(3).fill("ECONNREFUSED"));
  });

  test("a create whose connection is reset is sent once, and may have happened", async () => {
    const { baseUrl, requests } = await serve((socket) => socket.resetAndDestroy());
    const { error } = await failureAt(baseUrl, "create", options);
    expect(error).toMatchObject({ constructor: MakeConnectionError, outcome: "unknown" });
    expect(requests()).toBe(1);
  });

  test("the socket of an unread body is given back", async () => {
    let isFirst = true;
    let closed: Promise<unknown> | undefined;
    const { baseUrl } = await serve((socket) => {
      if (!isFirst) return void socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}");
      isFirst = false;
      closed = new Promise((resolve) => socket.on("close", resolve));
      socket.write("HTTP/1.1 503 Busy\r\nContent-Length: 1000000\r\n\r\nsome");
    });
    const { error } = await failureAt(baseUrl, "list", options);
    expect(error).toMatchObject({ constructor: MakeResponseError, attempts: 2 });
    await closed;
  });

  test.each(NAMES)("a %s to a certificate that nobody signed is not sent, once", async (name) => {
    let requests = 0;
    const server = createSecureServer({ cert: CERTIFICATE, key: KEY }, () => void requests++);
    const baseUrl = `https://localhost:${await listen(server)}/api/v2`;
    const { error, codes } = await failureAt(baseUrl, name, options);
    expect(error).toMatchObject({ constructor: MakeConnectionError, outcome: "not-sent" });
    expect(codes).toEqual(["DEPTH_ZERO_SELF_SIGNED_CERT"]);
    expect(requests).toBe(0);
  });
});

test.each(Object.entries(FETCHES).slice(0, 2))("by %s, no TLS is not sent", async (_, options) => {
  const closing = createServer((socket) => void socket.on("error", () => {}).end());
  const url = `https://127.0.0.1:${await listen(closing)}/api/v2`;
  const closed = await failureAt(url, "create", options);
  expect(closed.error).toMatchObject({ outcome: "not-sent" });
  expect(closed.codes).toEqual(Array(3).fill("ECONNRESET"));

  const { baseUrl } = await serve("HTTP/1.1 400 Bad Request\r\n\r\n", "https");
  const refused = await failureAt(baseUrl, "create", options);
  expect(refused.error).toMatchObject({ outcome: "not-sent" });
  expect(refused.codes).toEqual(["ERR_SSL_WRONG_VERSION_NUMBER"]);
});

test.each([
  [407, 1],
  [403, 1],
  [502, 3],
  [503, 3],
])(
  "a proxy that refuses CONNECT with %d lets nothing be sent, %d times",
  async (status, attempts) => {
    let asked = 0;
    const proxy = createHttpServer();
    proxy.on("connect", (_, socket) => {
      asked++;
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    });
    const dispatcher = new ProxyAgent(`http://127.0.0.1:${await listen(proxy)}`);
    onTestFinished(() => dispatcher.destroy());
    const { error } = await failureAt("https://make.example/api/v2", "create", {
      fetch: (url, { headers, ...init }) =>
        undiciFetch(url, { ...init, headers: [...headers], dispatcher }),
    });
    expect(error).toMatchObject({ outcome: "not-sent", attempts });
    expect(error.message).toContain("not sent");
    expect(error.message).toContain(String(status));
    expect(asked).toBe(attempts);
  },
);

/** An error of the system or of undici, as its facts and its causes have it. */
const failure = (facts: object, cause?: unknown): Error =>
  Object.assign(new Error("it failed", cause === undefined ? {} : { cause }), facts);
const fetchFailed = (facts: object): Error =>
  new TypeError("fetch failed", { cause: failure(facts) });
const group = (facts: object, ...members: unknown[]): Error =>
  Object.assign(new AggregateError(members, "all failed"), facts);

const REFUSED = { code: "ECONNREFUSED", syscall: "connect" };
const NO_ROUTE = { code: "EHOSTUNREACH", syscall: "connect" };
const TIMED_OUT = { code: "ETIMEDOUT", syscall: "connect" };
const RESET = { code: "ECONNRESET", syscall: "read" };
const LOST = { code: "EHOSTUNREACH", syscall: "read" };
const inCycle = failure(RESET);
inCycle.cause = failure({}, inCycle);

const codes = (...all: string[]) => all.map((code) => fetchFailed({ code }));

/** What fetch throws, what it proves, and how often a create is sent. */
const THROWN: readonly { what: string; outcome: string; attempts: number; errors: unknown[] }[] = [
  {
    ...{ what: "no connection", outcome: "not-sent", attempts: 3 },
    errors: [
      ...codes("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "UND_ERR_CONNECT_TIMEOUT"),
      ...[REFUSED, NO_ROUTE, { ...REFUSED, code: "ENETUNREACH" }].map(fetchFailed),
      ...[TIMED_OUT, { code: "ENOTFOUND", syscall: "getaddrinfo" }].map(fetchFailed),
      // All addresses of a host, also where none answers.
      group({ code: "ECONNREFUSED" }, failure(REFUSED), failure(NO_ROUTE)),
      new TypeError("fetch failed", { cause: group({ code: "ETIMEDOUT" }, failure(TIMED_OUT)) }),
      // A wrapper that repeats the facts of its cause, or adds words.
      failure(REFUSED, fetchFailed(REFUSED)),
      failure({}, failure({}, fetchFailed(REFUSED))),
    ],
  },
  {
    ...{ what: "a refusal that would come again", outcome: "not-sent", attempts: 1 },
    errors: [
      ...codes("CERT_HAS_EXPIRED", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN"),
      ...codes("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"),
      ...codes("ERR_TLS_CERT_ALTNAME_INVALID", "CERT_REVOKED", "UND_ERR_PRX_TLS"),
      ...codes("ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION"),
      fetchFailed({ code: "UND_ERR_INVALID_ARG", message: "invalid onRequestStart method" }),
      new TypeError("fetch failed", { cause: new Error("bad port") }),
    ],
  },
  {
    ...{ what: "a wrapper whose code contradicts its cause", outcome: "unknown", attempts: 1 },
    errors: [
      failure({ code: "ECONNREFUSED" }, failure(RESET)),
      failure({ code: "ECONNRESET" }, failure(REFUSED)),
      failure({ code: LOST.code }, fetchFailed(LOST)),
      group({ code: "ECONNREFUSED" }, failure(REFUSED), failure(RESET)),
      group({}, failure(NO_ROUTE), failure(LOST)),
    ],
  },
  {
    ...{ what: "any other failure", outcome: "unknown", attempts: 1 },
    errors: [
      ...codes("EPROTO", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "UND_ERR_ABORTED"),
      ...codes("UND_ERR_SOCKET", "UND_ERR_HEADERS_TIMEOUT", "ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR"),
      ...[RESET, LOST, { ...LOST, code: "ETIMEDOUT" }, { code: 42 }, {}].map(fetchFailed),
      inCycle,
      ...[Symbol("x"), Object.create(null)].map((it) => ({ message: it, syscall: it })),
      ...["a string", undefined, null, 0, Symbol("x"), {}, Object.create(null)],
    ],
  },
];

describe.each(THROWN)("$what: a create is sent $attempts times,", (row) => {
  const { outcome, attempts, errors } = row;
  test.each(errors.map((it) => [inspect(it, { compact: true }).replace(/\n +at .*/g, ""), it]))(
    "where fetch throws %s",
    async (_, thrown) => {
      const { make, sent } = scripted([rejecting(thrown)]);
      const error = await failureOf(make.apiTokens.create(SPEC));
      expect(error).toMatchObject({ constructor: MakeConnectionError, outcome, attempts });
      expect(sent).toHaveLength(attempts);
      const other = await failureOf(make.apiTokens.delete(CREATED));
      expect(other).toMatchObject({ outcome, attempts: outcome === "unknown" ? 3 : attempts });
    },
  );
});

test("a body that fails as a connection would is no proof that nothing was sent", async () => {
  const body = () => new ReadableStream({ pull: (it) => it.error(failure(REFUSED)) });
  const { make, sent } = scripted([() => new Response(body())]);
  const error = await failureOf(make.apiTokens.create(SPEC));
  expect(error).toMatchObject({ constructor: MakeConnectionError, outcome: "unknown" });
  expect(sent).toHaveLength(1);
});

test("an error answer that breaks off keeps its status, and quotes none of it", async () => {
  const head = "HTTP/1.1 403 Forbidden\r\nContent-Length: 99\r\n\r\n";
  const { baseUrl } = await serve(`${head}{"detail":"no ${TOKEN.slice(0, -1)}`);
  const { error } = await failureAt(baseUrl, "list");
  expect(error).toMatchObject({ constructor: MakeApiError, status: 403, detail: undefined });
});

test("100 calls at once on one client have each its own answer", async () => {
  const { zone, make } = await startZone();
  zone.fail({ status: 429 }, { times: 2 });
  const all = Array.from({ length: 100 }, (_, i) => `token ${i}`);
  const created = await Promise.all(
    all.map((label) => make.apiTokens.create({ label, scope: [] })),
  );
  expect(created.map(({ label }) => label)).toEqual(all);
  const deleted = await Promise.all(created.map((it) => make.apiTokens.delete(it.created)));
  expect(deleted).toEqual(created.map((it) => it.created));
  expect([zone.tokens.length, zone.requests.length]).toEqual([1, 202]);
});

/** For localhost, signed by itself, and used nowhere else. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4Y1fNehTBTNCSvm1
JKviIvEU8zVrTlZMBUkgzcLLVM6hRANCAAS85+LofiA24vWOMaHJD33Zbmk584Ez
90r5v5f89q+YzqtSSJ7upOKG6LgvL4P1QK/yl9PqLCbmRK6Apybz5kti
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUeaIUL9b2RQhUmnWbGiGpwnSaJ50wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzIzNTM1MFoYDzIxMjYxMDMw
MjM1MzUwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAS85+LofiA24vWOMaHJD33Zbmk584Ez90r5v5f89q+YzqtSSJ7upOKG
6LgvL4P1QK/yl9PqLCbmRK6Apybz5ktio28wbTAdBgNVHQ4EFgQUTOfsQXewsRy6
4L/f5XhkuRa1o7MwHwYDVR0jBBgwFoAUTOfsQXewsRy64L/f5XhkuRa1o7MwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgW8y5aYy8tv9jB0q6J0kGWLTRVAkXGJlhl3YPraJgAOICIBf0
0qC1URMyqzccHn8v/48dRtSTOioPX8/iQ7oZen5e
-----END CERTIFICATE-----`;
