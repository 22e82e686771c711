import { once } from "node:events";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  createMakeClient,
  MakeApiError,
  type MakeClientOptions,
  MakeConnectionError,
  MakeResponseError,
} from "../../src/index.js";
import { CALLS, type CallName, OPERATIONS } from "./fault-rows.js";
import { CREATED, failureOf, scripted, SPEC, TOKEN } from "./support.js";

beforeAll(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterAll(() => {
  vi.restoreAllMocks();
});

const NAMES = Object.keys(CALLS) as CallName[];

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function failureAt(
  baseUrl: string,
  name: CallName,
  options: Partial<MakeClientOptions> = {},
) {
  const codes: (string | undefined)[] = [];
  const onAttempt = ({ error }: { error?: string }) => void codes.push(error);
  const make = createMakeClient({ baseUrl, token: TOKEN, onAttempt, ...options } as never);
  const error = await failureOf(CALLS[name](make, CREATED));
  expect(error).toMatchObject({ operation: OPERATIONS[name], zone: new URL(baseUrl).host });
  return { error, codes };
}

describe.each(NAMES)("%s is certainly not sent", (name) => {
  test("where the server closes within the TLS handshake, and is tried again", async () => {
    const port = await listen(createServer((socket) => void socket.on("error", () => {}).end()));
    const { error, codes } = await failureAt(`https://127.0.0.1:${port}/api/v2`, name);
    expect(error).toMatchObject({ outcome: "not-sent", attempts: 3 });
    expect(codes).toEqual(Array(3).fill("ECONNRESET"));
  });

  test("to a server that speaks no TLS, and is not tried again", async () => {
    const plain = createServer((socket) => {
      socket
        .on("error", () => {})
        .once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    });
    const { error, codes } = await failureAt(
      `https://127.0.0.1:${await listen(plain)}/api/v2`,
      name,
    );
    expect(error).toMatchObject({ outcome: "not-sent", attempts: 1 });
    expect(codes).toEqual(["ERR_SSL_WRONG_VERSION_NUMBER"]);
  });

  test("to a closed port, and is tried again", async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await once(server, "close");
    const { error, codes } = await failureAt(`http://127.0.0.1:${port}/api/v2`, name);
    expect(error.constructor).toBe(MakeConnectionError);
    expect(error).toMatchObject({ outcome: "not-sent", attempts: 3 });
    expect(codes).toEqual(Array(3).fill("ECONNREFUSED"));
  });

  test("to a port that fetch blocks, and is not tried again", async () => {
    const { error, codes } = await failureAt("http://127.0.0.1:1/api/v2", name);
    expect(error.constructor).toBe(MakeConnectionError);
    expect(error).toMatchObject({ outcome: "not-sent", attempts: 1 });
    expect(codes).toEqual([expect.stringMatching(/^\w+$/)]);
  });

  test("to a server whose certificate nobody signed, and is not tried again", async () => {
    let requests = 0;
    const server = createSecureServer({ cert: CERTIFICATE, key: KEY }, () => void requests++);
    const port = await listen(server);
    const { error, codes } = await failureAt(`https://localhost:${port}/api/v2`, name);
    expect(error.constructor).toBe(MakeConnectionError);
    expect(error).toMatchObject({ outcome: "not-sent", attempts: 1 });
    expect(codes).toEqual(["DEPTH_ZERO_SELF_SIGNED_CERT"]);
    expect(requests).toBe(0);
  });
});

/** Errors as Node's fetch throws them: the cause has the code. */
const fetchFailed = (facts: object): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("it failed"), facts) });

describe.each<[outcome: string, attempts: [get: number, post: number], facts: object[]]>([
  [
    "not-sent",
    [3, 3],
    [
      { code: "ENOTFOUND", syscall: "getaddrinfo", hostname: "nonexistent.invalid" },
      { code: "EAI_AGAIN", syscall: "getaddrinfo" },
      { code: "ENOTFOUND" },
      { code: "EAI_AGAIN" },
      { code: "ECONNREFUSED" },
      { code: "EHOSTUNREACH", syscall: "connect" },
      { code: "ENETUNREACH", syscall: "connect" },
      { code: "ECONNREFUSED", erroredSysCall: "connect" },
      { code: "EHOSTUNREACH", erroredSysCall: "connect" },
      { code: "UND_ERR_CONNECT_TIMEOUT" },
      { code: "ETIMEDOUT", syscall: "connect" },
      { code: "ECONNRESET", syscall: "connect" },
      { code: "ECONNREFUSED", errors: [{ code: "ECONNREFUSED", syscall: "connect" }] },
      { code: "ETIMEDOUT", errors: [{ code: "ETIMEDOUT", syscall: "connect" }] },
    ],
  ],
  [
    "not-sent",
    [1, 1],
    [
      { code: "CERT_HAS_EXPIRED" },
      { code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
      { code: "SELF_SIGNED_CERT_IN_CHAIN" },
      { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
      { code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" },
      { code: "ERR_TLS_CERT_ALTNAME_INVALID" },
      { code: "CERT_REVOKED" },
      { code: "INVALID_CA" },
      { code: "UND_ERR_PRX_TLS" },
      { code: "UND_ERR_INVALID_ARG", message: "invalid onRequestStart method" },
      { code: "ERR_SSL_WRONG_VERSION_NUMBER" },
      { code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" },
      { code: "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE" },
      { message: "bad port" },
    ],
  ],
  [
    "unknown",
    [3, 1],
    [
      { code: "ECONNRESET" },
      { code: "ECONNRESET", syscall: "read" },
      { code: "EPIPE", syscall: "write" },
      { code: "ETIMEDOUT", syscall: "read" },
      { code: "ECONNREFUSED", syscall: "read" },
      { code: "EPROTO" },
      { code: "EHOSTUNREACH" },
      { code: "ENETUNREACH" },
      { code: "ETIMEDOUT" },
      { code: "EHOSTUNREACH", syscall: "read" },
      { code: "ENETUNREACH", erroredSysCall: "write" },
      { code: "UND_ERR_ABORTED" },
      { code: "UNABLE_TO_READ" },
      { code: "UND_ERR_SOCKET" },
      { code: "UND_ERR_HEADERS_TIMEOUT" },
      { code: "ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR" },
      { code: 42 },
      { code: null, errors: null },
      {},
    ],
  ],
])("an error is %s, after %j attempts", (outcome, [get, post], facts) => {
  test.each(facts.map((it) => [JSON.stringify(it), it]))("%s", async (_, it) => {
    for (const name of NAMES) {
      const { make, sent } = scripted([() => Promise.reject(fetchFailed(it))]);
      const error = await failureOf(CALLS[name](make, CREATED));
      expect(error.constructor).toBe(MakeConnectionError);
      const attempts = name === "create" ? post : get;
      expect(error).toMatchObject({ outcome, attempts });
      expect(sent).toHaveLength(attempts);
    }
  });
});

const failure = (facts: object, cause?: unknown): Error =>
  Object.assign(new Error("it failed", cause === undefined ? {} : { cause }), facts);
const group = (facts: object, ...members: unknown[]): Error =>
  Object.assign(new AggregateError(members, "all failed"), facts);
const REFUSED = { code: "ECONNREFUSED", syscall: "connect" };
const NO_ROUTE = { code: "EHOSTUNREACH", syscall: "connect" };
const LOST = { code: "EHOSTUNREACH", syscall: "read" };
const RESET = { code: "ECONNRESET", syscall: "read" };
const inCycle = failure(REFUSED);
inCycle.cause = failure({}, inCycle);
describe("what a wrapper of fetch throws", () => {
  test.each<[string, unknown]>([
    [
      "a code hoisted from a connection that failed",
      failure({ code: NO_ROUTE.code }, failure(NO_ROUTE)),
    ],
    ["all facts hoisted", failure(REFUSED, fetchFailed(REFUSED))],
    ["words around it, twice", failure({}, failure({}, fetchFailed(REFUSED)))],
    ["every address refused", group({ code: "ECONNREFUSED" }, failure(REFUSED), failure(NO_ROUTE))],
    [
      "the members of its cause, again",
      failure(
        { code: "ETIMEDOUT", errors: [failure({ ...REFUSED, code: "ETIMEDOUT" })] },
        group({ code: "ETIMEDOUT" }, failure({ ...REFUSED, code: "ETIMEDOUT" })),
      ),
    ],
    [
      "a timeout to connect in a DOMException",
      failure(
        {},
        new DOMException("x", { cause: failure({ code: "UND_ERR_CONNECT_TIMEOUT" }) } as never),
      ),
    ],
  ])("is not sent where it is %s", async (_, thrown) => {
    const { make, sent } = scripted([() => Promise.reject(thrown)], { retries: 1 });
    const error = await failureOf(make.apiTokens.create(SPEC));
    expect(error).toMatchObject({ outcome: "not-sent", attempts: 2 });
    expect(error.message).not.toContain("may exist");
    expect(sent).toHaveLength(2);
  });

  test.each<[string, unknown]>([
    [
      "a code hoisted from a connection that was lost",
      failure({ code: LOST.code }, fetchFailed(LOST)),
    ],
    ["a code hoisted from another failure", failure({ code: "ECONNREFUSED" }, failure(RESET))],
    ["a code that contradicts its cause", failure({ code: "ECONNRESET" }, failure(REFUSED))],
    ["a system call that contradicts its cause", failure({ syscall: "read" }, failure(REFUSED))],
    [
      "one of several that was connected",
      group({ code: "ECONNREFUSED" }, failure(REFUSED), failure(RESET)),
    ],
    [
      "one of several that says nothing",
      group({ code: "ECONNREFUSED" }, failure(REFUSED), failure({})),
    ],
    ["one of several that is no error", group({}, failure(REFUSED), "reset")],
    ["a proof with a cause that says nothing", failure(REFUSED, failure({}))],
    ["a proof with a text as its cause", failure(REFUSED, "read ECONNRESET")],
    ["a cycle", inCycle],
    ["a symbol for a system call", failure({ code: "ECONNREFUSED", syscall: Symbol("connect") })],
    ["TLS after the handshake, by node:https", failure({ code: "ERR_SSL_WRONG_VERSION_NUMBER" })],
    [
      "a thousand links",
      Array.from({ length: 1000 }).reduce((it) => failure({}, it), failure(REFUSED)),
    ],
  ])("is unknown, and sent once, where it is %s", async (_, thrown) => {
    const { make, sent } = scripted([() => Promise.reject(thrown)]);
    const error = await failureOf(make.apiTokens.create(SPEC));
    expect(error).toMatchObject({ outcome: "unknown", attempts: 1 });
    expect(error.message).toMatch(/The token may exist.*list\(\).*delete\(\)/);
    expect(sent).toHaveLength(1);
  });

  const certain = fc.constantFrom<object[]>(
    REFUSED,
    NO_ROUTE,
    { code: "ENOTFOUND" },
    { code: "CERT_HAS_EXPIRED" },
  );
  const doubtful = fc.constantFrom<object[]>(
    {},
    RESET,
    LOST,
    { code: "EHOSTUNREACH" },
    { code: "UND_ERR_SOCKET" },
    { syscall: "write" },
  );
  /** A tree of errors around its ends. */
  const around = (ends: fc.Arbitrary<unknown>) =>
    fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        ends,
        fc
          .tuple(fc.oneof(fc.constant({}), certain), tie("tree"))
          .map(([facts, cause]) => failure(facts, cause)),
        fc
          .array(tie("tree"), { minLength: 1, maxLength: 3 })
          .map((members) => group({}, ...members)),
      ),
    })).tree;

  test("is sent once where any end of any tree of errors is no proof, and again where each is", async () => {
    await fc.assert(
      fc.asyncProperty(
        around(certain.map((it) => failure(it))),
        around(doubtful.map((it) => failure(it))),
        fc.boolean(),
        async (good, bad, isFirst) => {
          for (const thrown of [
            bad,
            group({}, ...(isFirst ? [bad, good] : [good, bad])),
            failure(REFUSED, group({}, good, bad)),
          ]) {
            const { make, sent } = scripted([() => Promise.reject(thrown)]);
            expect(await failureOf(make.apiTokens.create(SPEC))).toMatchObject({
              outcome: "unknown",
            });
            expect(sent).toHaveLength(1);
          }
          const { make, sent } = scripted([() => Promise.reject(good)], { retries: 0 });
          expect(await failureOf(make.apiTokens.create(SPEC))).toMatchObject({
            outcome: "not-sent",
          });
          expect(sent).toHaveLength(1);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("a proxy that refuses CONNECT", () => {
  /** As every version of undici throws it. */
  const refused = (status: number) =>
    new TypeError("fetch failed", {
      cause: Object.assign(new DOMException("aborted", "AbortError"), {
        cause: failure({
          code: "UND_ERR_ABORTED",
          message: `Proxy response (${status}) !== 200 when HTTP Tunneling`,
        }),
      }),
    });

  test.each([
    [407, 1],
    [403, 1],
    [502, 3],
    [503, 3],
  ])("with %d is not sent, in %d attempts, and the message says so", async (status, attempts) => {
    const { make, sent } = scripted([() => Promise.reject(refused(status))]);
    const error = await failureOf(make.apiTokens.create(SPEC));
    expect(error).toMatchObject({ outcome: "not-sent", attempts });
    expect(error.message).toContain(`not sent (PROXY_${status})`);
    expect(sent).toHaveLength(attempts);
  });
});

test.each([["a string"], [undefined], [null], [0], [Symbol("x")], [Object.create(null)], [{}]])(
  "a fetch that throws %o is a connection that failed",
  async (thrown) => {
    const { make } = scripted([() => Promise.reject(thrown)], { retries: 0 });
    const error = await failureOf(make.apiTokens.list());
    expect(error.constructor).toBe(MakeConnectionError);
    expect(error).toMatchObject({ outcome: "unknown", attempts: 1 });
  },
);

test.each([[new TypeError("terminated")], [undefined], [null], [0]])(
  "a body that fails with %o is a connection that failed, however much of it came",
  async (reason) => {
    const body = () => {
      const bytes = new TextEncoder().encode('{"apiTokens":[]}');
      return new ReadableStream({
        pull: (controller) =>
          started++ === 0 ? controller.enqueue(bytes) : controller.error(reason),
      });
    };
    let started = 0;
    const { make } = scripted([() => new Response(body())], { retries: 0 });
    const error = await failureOf(make.apiTokens.list());
    expect(error.constructor).toBe(MakeConnectionError);
    expect(error).toMatchObject({ outcome: "unknown", attempts: 1 });
  },
);

test("a body that fails as a connection would is no proof that nothing was sent", async () => {
  const reason = Object.assign(new Error("x"), { code: "ECONNREFUSED", syscall: "connect" });
  const body = () => new ReadableStream({ pull: (controller) => controller.error(reason) });
  const { make, sent } = scripted([() => new Response(body())]);
  const error = await failureOf(make.apiTokens.create(SPEC));
  expect(error.constructor).toBe(MakeConnectionError);
  expect(error).toMatchObject({ outcome: "unknown", attempts: 1 });
  expect(sent).toHaveLength(1);
});

describe("a server", () => {
  const OK = "HTTP/1.1 200 OK\r\n";
  const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

  /** Answers each connection with these bytes, and then closes it. */
  async function serve(answer: string | ((socket: Socket) => void)) {
    let requests = 0;
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => {
        requests++;
        if (typeof answer === "function") answer(socket);
        else socket.end(answer, "latin1");
      });
    });
    const port = await listen(server);
    return { baseUrl: `http://127.0.0.1:${port}/api/v2`, requests: () => requests };
  }

  test.each<[string, string]>([
    ["closes after half of the head", "HTTP/1.1 200 OK\r\nContent-"],
    ["closes before the first chunk", CHUNKED],
    ["closes within a chunk", `${CHUNKED}40\r\n{"apiTokens":[]`],
    ["closes before the last chunk", `${CHUNKED}2\r\n{}\r\n`],
    ["sends no number as a chunk's size", `${CHUNKED}xyz\r\n{}`],
    ["sends less than Content-Length", `${OK}Content-Length: 99\r\n\r\n{"apiTokens":[]}`],
    [
      "says gzip and sends something else",
      `${OK}Content-Encoding: gzip\r\nContent-Length: 16\r\n\r\n{"apiTokens":[]}`,
    ],
    ["sends a header without a colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n{}"],
    ["speaks another protocol", "SSH-2.0-OpenSSH_9.2\r\n"],
  ])("that %s gives no complete answer", async (_, bytes) => {
    for (const name of ["list", "create"] as const) {
      const { baseUrl, requests } = await serve(bytes);
      const { error } = await failureAt(baseUrl, name);
      expect(error.constructor).toBe(MakeConnectionError);
      const attempts = name === "create" ? 1 : 3;
      expect(error).toMatchObject({ outcome: "unknown", attempts });
      expect(requests()).toBe(attempts);
    }
  });

  /** Node's fetch takes the end of a connection that is to be closed for the end of the answer. */
  test("that cuts an answer off and says that it closes gives no usable answer", async () => {
    const { baseUrl, requests } = await serve(
      `${OK}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{"apiTokens":[`,
    );
    const { error } = await failureAt(baseUrl, "list");
    expect([MakeResponseError, MakeConnectionError]).toContain(error.constructor);
    expect(error).toMatchObject({ outcome: "unknown", attempts: requests() });
  });

  test("whose error answer breaks off keeps its status", async () => {
    const { baseUrl } = await serve(
      'HTTP/1.1 403 Forbidden\r\nContent-Length: 99\r\n\r\n{"detail":"Acc',
    );
    const { error } = await failureAt(baseUrl, "list");
    expect(error.constructor).toBe(MakeApiError);
    expect(error).toMatchObject({ status: 403, outcome: "rejected", attempts: 1 });
  });

  test("that never ends its answer is left after 1 MiB", async () => {
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    let closed: Promise<unknown> | undefined;
    const { baseUrl } = await serve((socket) => {
      closed = new Promise((resolve) => socket.on("close", resolve));
      socket.write(CHUNKED);
      const pour = () => {
        while (!socket.destroyed && socket.write(chunk));
        socket.once("drain", pour);
      };
      pour();
    });
    const { error } = await failureAt(baseUrl, "list");
    expect(error.constructor).toBe(MakeResponseError);
    expect(error).toMatchObject({ outcome: "unknown", attempts: 1 });
    await closed;
  });

  test("that sends hints before its answer is understood", async () => {
    const body = '{"apiTokens":[]}';
    const { baseUrl } = await serve(
      `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${OK}Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(await createMakeClient({ baseUrl, token: TOKEN }).apiTokens.list()).toEqual([]);
  });
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
