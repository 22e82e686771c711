import { getEventListeners, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, expectTypeOf, onTestFinished, test, vi } from "vitest";
import {
  createMakeClient,
  MakeConnectionError,
  type MakeClient,
  MakeResponseError,
  MakeTimeoutError,
} from "../../src/index.js";
import {
  API_TOKEN,
  BASE_URL,
  CREATED,
  failureOf,
  json,
  listed,
  scripted,
  SPEC,
  startZone,
  TOKEN,
} from "./support.js";

const TOKENS = "/users/me/api-tokens";
const ONE = "/users/me/api-tokens/{timestamp}";

test("raw calls live through the life of a token, typed by path", async () => {
  const { zone, make } = await startZone();
  const { data } = await make.raw.POST(TOKENS, { body: SPEC });
  expectTypeOf(data?.apiToken?.label).toEqualTypeOf<string | undefined>();
  expect(data?.apiToken).toEqual(zone.tokens[1]);
  const timestamp = data?.apiToken?.created ?? "";
  const list = await make.raw.GET(TOKENS);
  expect(list.data?.apiTokens).toMatchObject([{}, { ...SPEC, created: timestamp }]);
  expect(list.response).toMatchObject({ status: 200, ok: true });
  expect(list.response.headers.get("content-type")).toContain("application/json");
  const deleted = await make.raw.DELETE(ONE, { params: { path: { timestamp } } });
  expect(deleted.data).toEqual({ apiToken: timestamp });
  expect(zone.requests.map((it) => it.headers["authorization"])).toEqual(
    Array(3).fill(`Token ${zone.token}`),
  );
  expect(zone.requests[0]?.body).toBe(JSON.stringify(SPEC));
});

describe("an error answer", () => {
  test.each<[string, unknown]>([
    ["0", 0],
    ["false", false],
    ["null", null],
    ["", ""],
    ["<p>no", "<p>no"],
    ['{"detail":"no"}', { detail: "no" }],
  ])("of %j is returned as the error, with the response", async (body, expected) => {
    for (const status of [302, 400, 404, 501]) {
      const { make, sent } = scripted([() => new Response(body, { status })]);
      const { data, error, response } = await make.raw.GET(TOKENS);
      expect(data).toBeUndefined();
      expect(error).toEqual(expected);
      expect(response).toMatchObject({ status, ok: false });
      expect(sent).toHaveLength(1);
    }
  });

  test("is returned after the retries that the policy allows", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const { make, sent } = scripted([() => json({ detail: "no" }, { status: 503 })]);
    expect((await make.raw.GET(TOKENS)).response.status).toBe(503);
    expect(sent).toHaveLength(3);
    expect((await make.raw.POST(TOKENS, { body: SPEC })).response.status).toBe(503);
    expect(sent).toHaveLength(4);
    vi.restoreAllMocks();
  });
});

const JSON_TYPE = { headers: { "Content-Type": "application/json" } };

describe("no usable answer", () => {
  test.each<[string, () => Response | Promise<Response>, new (...args: never) => Error]>([
    ["a broken connection", () => Promise.reject(new Error("x")), MakeConnectionError],
    ["no answer in time", () => new Promise(() => {}), MakeTimeoutError],
    ["no end in time", () => new Response(new ReadableStream()), MakeTimeoutError],
    ["HTML that is said to be JSON", () => new Response("<p>Log in", JSON_TYPE), MakeResponseError],
    ["cut JSON", () => new Response('{"apiTokens":', JSON_TYPE), MakeResponseError],
    ["more than 1 MiB", () => new Response(" ".repeat(2 ** 20 + 1)), MakeResponseError],
  ])("because of %s rejects", async (_, answer, Class) => {
    const { make, sent } = scripted([answer], { retries: 0, timeout: 20 });
    const error = await failureOf(make.raw.GET(TOKENS));
    expect(error.constructor).toBe(Class);
    expect(error).toMatchObject({
      operation: "GET /users/me/api-tokens",
      zone: "make.example",
      attempts: 1,
      outcome: "unknown",
    });
    expect(sent).toHaveLength(1);
  });
});

describe("the token goes nowhere else", () => {
  const elsewhere = [
    "https://evil.example/api/v2",
    "http://make.example/api/v2",
    "https://make.example:444/api/v2",
    "https://make.example/api/v2evil",
    "https://make.example/api",
    "https://make.example/api/v2/..",
    "https://make.example",
    "https://make.example.evil.example/api/v2",
    "https://make.example@evil.example/api/v2",
    "https://evil.example/?https://make.example/api/v2",
  ];

  test.each(elsewhere)("by a call's baseUrl %s", async (baseUrl) => {
    const token = vi.fn(() => TOKEN);
    const { make, sent } = scripted([() => listed()], { token });
    const error = await failureOf(make.raw.GET(TOKENS, { baseUrl }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/baseUrl|credentials/);
    expect(sent).toEqual([]);
    expect(token).not.toHaveBeenCalled();
  });

  test("by a call's path or pathSerializer", async () => {
    const { make, sent } = scripted([() => listed()]);
    for (const path of [
      "/../x",
      "/../../x",
      "/%2e%2e/x",
      "/..\\x",
      "@evil.example/",
      ".evil.example/",
    ]) {
      const params = { path: { timestamp: CREATED } };
      const pathSerializer = () => `${BASE_URL}${path}`;
      for (const call of [
        () => make.raw.GET(path as typeof TOKENS),
        () => make.raw.DELETE(ONE, { params, pathSerializer }),
      ]) {
        expect(await failureOf(call)).toBeInstanceOf(TypeError);
      }
    }
    expect(sent).toEqual([]);
  });

  test("by a middleware that turns the request elsewhere, or sees it", async () => {
    const { make, sent } = scripted([() => listed()]);
    const seen: Request[] = [];
    make.raw.use({
      onRequest: ({ request }) => {
        seen.push(request);
        return seen.length > 1 ? new Request("https://evil.example/", request) : undefined;
      },
    });
    await make.raw.GET(TOKENS);
    expect(await failureOf(make.raw.GET(TOKENS))).toBeInstanceOf(TypeError);
    expect(sent).toHaveLength(1);
    for (const { headers } of seen) expect([...headers.values()].join()).not.toContain(TOKEN);
    await make.apiTokens.list();
    expect(seen).toHaveLength(2);
  });

  test("by a call's fetch, which gets a request without it", async () => {
    const { make, sent } = scripted([() => listed()]);
    const own = vi.fn<(request: Request) => Promise<Response>>(async () => listed(API_TOKEN));
    const { data } = await make.raw.GET(TOKENS, { fetch: own });
    expect(data?.apiTokens).toEqual([API_TOKEN]);
    expect(own.mock.calls[0]?.[0].headers.get("authorization")).toBeNull();
    expect(sent).toEqual([]);
  });

  test("by a redirect, whatever the call says of it", async () => {
    const { zone, make } = await startZone();
    zone.fail("redirect", { times: 2 });
    for (const redirect of ["manual", "follow"] as const) {
      const { response } = await make.raw.GET(TOKENS, { redirect });
      expect(response.status).toBe(307);
    }
    expect(zone.requests).toHaveLength(2);
  });

  test("and is no other than the client's", async () => {
    const { make, sent } = scripted([() => listed()]);
    await make.raw.GET(TOKENS, { headers: { Authorization: "Token other", "X-Trace": "7" } });
    expect(sent[0]?.headers.get("authorization")).toBe(`Token ${TOKEN}`);
    expect(sent[0]?.headers.get("x-trace")).toBe("7");
  });

  test("under the client's own base URL, given again, it is sent", async () => {
    const { make, sent } = scripted([() => listed()]);
    await make.raw.GET(TOKENS, { baseUrl: `${BASE_URL}/` });
    expect(sent[0]?.url).toBe(`${BASE_URL}${TOKENS}`);
  });
});

describe("a path parameter", () => {
  const remove = ({ raw }: MakeClient, timestamp: unknown) =>
    raw.DELETE(ONE, { params: { path: { timestamp: timestamp as string } } });

  test.each<[string, unknown]>([
    ["nothing", ""],
    ["a dot", "."],
    ["two dots", ".."],
    ["a Date", new Date(CREATED)],
    ["an invalid Date", new Date(NaN)],
    ["an empty array", []],
    ["an array of two dots", [".."]],
    ["an empty object", {}],
    ["undefined", undefined],
    ["null", null],
  ])("that is %s is refused", async (_, value) => {
    const { make, sent } = scripted([() => json({})]);
    const error = await failureOf(remove(make, value));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/^params\.path\.timestamp: .*\bpass\b/);
    expect(sent).toEqual([]);
  });

  test.each<[string, object | undefined]>([
    ["missing", {}],
    ["missing, with all parameters", undefined],
    ["inherited", Object.create({ timestamp: CREATED })],
  ])("that is %s is refused", async (_, path) => {
    const { make, sent } = scripted([() => json({})]);
    const params = path && { path: path as { timestamp: string } };
    const error = await failureOf(make.raw.DELETE(ONE, { params: params as never }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/^params\.path\.timestamp: /);
    expect(sent).toEqual([]);
  });

  test.each([CREATED, "a/b", "...", "%2e%2e", "../x", "a?b#c", "ü", " ", "{timestamp}"])(
    "%j is one segment, encoded once",
    async (value) => {
      const { make, sent } = scripted([() => json({})]);
      await remove(make, value);
      const [, segment] = /^\/api\/v2\/users\/me\/api-tokens\/([^/]+)$/.exec(
        new URL(sent[0]?.url ?? "").pathname,
      ) as string[];
      expect(decodeURIComponent(segment as string)).toBe(value);
    },
  );
});

test("an answer can be taken as text, blob, bytes or stream", async () => {
  const { make } = scripted([() => listed(API_TOKEN)]);
  const expected = JSON.stringify({ apiTokens: [API_TOKEN] });
  const taken = async (parseAs: "text" | "blob" | "arrayBuffer" | "stream") =>
    (await make.raw.GET(TOKENS, { parseAs })).data as BodyInit;
  for (const parseAs of ["text", "blob", "arrayBuffer", "stream"] as const) {
    expect(await new Response(await taken(parseAs)).text()).toBe(expected);
  }
});

test("an answer without a body has no data", async () => {
  const { make } = scripted([() => new Response(null, { status: 204 }), () => new Response("")]);
  for (const status of [204, 200]) {
    const { data, response } = await make.raw.GET(TOKENS);
    expect([data, response.status]).toEqual([undefined, status]);
  }
});

test("a compressed answer keeps its headers", async () => {
  const server = createServer((_, response) => {
    response.setHeader("Content-Encoding", "gzip");
    response.end(gzipSync(JSON.stringify({ apiTokens: [API_TOKEN] })));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const make = createMakeClient({ baseUrl: `http://127.0.0.1:${port}`, token: TOKEN });
  const { data, response } = await make.raw.GET(TOKENS);
  expect(data?.apiTokens).toEqual([API_TOKEN]);
  expect(response.headers.get("content-encoding")).toBe("gzip");
  expect(await make.apiTokens.list()).toEqual([API_TOKEN]);
});

describe("what a call says of its request", () => {
  const dispatcher = { dispatch: () => true };

  test("reaches fetch, but for what is the client's own", async () => {
    const { make, sent } = scripted([() => listed()]);
    await make.raw.GET(TOKENS, {
      credentials: "include",
      mode: "same-origin",
      keepalive: true,
      integrity: "sha256-x",
      priority: "low",
      referrerPolicy: "no-referrer",
      next: { revalidate: 60 },
      dispatcher,
      redirect: "follow",
      method: "DELETE",
      headers: { Host: "evil.example", "User-Agent": "x", "X-Trace": "7" },
    });
    expect(sent[0]?.init).toMatchObject({
      credentials: "include",
      mode: "same-origin",
      keepalive: true,
      integrity: "sha256-x",
      priority: "low",
      referrerPolicy: "no-referrer",
      next: { revalidate: 60 },
      dispatcher,
      redirect: "manual",
      method: "GET",
    });
    const names = ["parseAs", "params", "middleware", "fetch", "Request", "baseUrl", "timeout"];
    for (const name of names) expect(sent[0]?.init).not.toHaveProperty(name);
    expect([...(sent[0]?.headers.keys() ?? [])]).toEqual([
      "authorization",
      "user-agent",
      "x-trace",
    ]);
    expect(sent[0]?.headers.get("user-agent")).toMatch(/^make-api-tokens\//);
  });

  test("gives way to a middleware's request, which may have another method", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const { make, sent } = scripted([() => new Response("", { status: 503 })]);
    make.raw.use({
      onRequest: ({ request }) => new Request(request, { method: "POST", body: "x" }),
    });
    expect((await make.raw.GET(TOKENS)).response.status).toBe(503);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.method).toBe("POST");
    vi.restoreAllMocks();
  });
});

describe("the response", () => {
  test("has the url of its request, also for middleware", async () => {
    const { make, sent } = scripted([() => listed()]);
    const seen: string[] = [];
    make.raw.use({ onResponse: ({ response }) => void seen.push(response.url) });
    const { response } = await make.raw.GET(TOKENS);
    expect([response.url, ...seen]).toEqual(Array(2).fill(sent[0]?.url));
  });
});

describe("a signal", () => {
  test("that many calls share keeps no listener", async () => {
    const { make } = scripted([() => listed()]);
    const { signal } = new AbortController();
    for (let i = 0; i < 3; i++) await make.raw.GET(TOKENS, { signal });
    await failureOf(make.raw.GET("/../x" as typeof TOKENS, { signal }));
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("of a middleware's request is obeyed as well, and so is the call's own", async () => {
    const { make } = scripted([() => new Promise(() => {})]);
    const [call, middleware] = [new AbortController(), new AbortController()];
    make.raw.use({ onRequest: ({ request: { url } }) => new Request(url, middleware) });
    const first = failureOf(make.raw.GET(TOKENS, { signal: call.signal }));
    setImmediate(() => call.abort(new Error("by the caller")));
    expect(await first).toMatchObject({ message: "by the caller" });
    const second = failureOf(make.raw.GET(TOKENS));
    setImmediate(() => middleware.abort(new Error("by the middleware")));
    expect(await second).toMatchObject({ message: "by the middleware" });
  });

  test("has to be one", async () => {
    const { make, sent } = scripted([() => listed()]);
    const error = await failureOf(make.raw.GET(TOKENS, { signal: {} as AbortSignal }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/^signal: /);
    expect(sent).toEqual([]);
  });
});
