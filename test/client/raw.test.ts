import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { createMakeClient, type MakeClient, type paths } from "make-api-tokens";
import createClient from "openapi-fetch";
import { expect, onTestFinished, test, vi } from "vitest";
import { answering, json, type Sent, succeeding } from "./answers.js";
import { BASE_URL, CREATED, MASKED, ONE, SPEC, TOKEN, TOKENS } from "./fixtures.js";
import { expectRefused, failureOf, scripted, startZone } from "./support.js";

const BODIES = ['{"apiTokens":[]}', '"x"', "0", "false", "null", "", "not JSON", "<p>Log in"];
const HEADERS = (body: string): Record<string, string>[] => [
  { "content-type": "application/json" },
  { "content-type": "text/html", "content-length": String(body.length), "x-trace": "7" },
];
const KINDS = ["json", "text", "blob", "arrayBuffer", "stream", undefined] as const;

/** What a call comes to, with bytes as text. */
async function resultOf(raw: MakeClient["raw"], parseAs: (typeof KINDS)[number]) {
  const call = raw.GET(TOKENS, { ...(parseAs && { parseAs }) });
  const { data, error, response } = await call.catch((thrown: Error) => {
    return { data: undefined, error: thrown.name, response: undefined };
  });
  const isBytes = /[bm]$/.test(parseAs ?? "") || parseAs === "arrayBuffer";
  const read = isBytes && data ? await new Response(data as BodyInit).text() : data;
  return [read, error, response?.status, response?.ok, response?.headers.get("x-trace")];
}

test.each([200, 204, 302, 304, 400, 404, 500])(
  "raw gives what bare openapi-fetch does, for the status %d",
  async (status) => {
    for (const body of [204, 304].includes(status) ? [""] : BODIES) {
      for (const [headers, parseAs] of HEADERS(body).flatMap((it) =>
        KINDS.map((kind) => [it, kind] as const),
      )) {
        const answer = answering(status, headers, body);
        const { make } = scripted([answer], { retries: 0 });
        const bare = createClient<paths>({
          baseUrl: BASE_URL,
          fetch: async () => answer({} as Sent),
        });
        const expected = await resultOf(bare as MakeClient["raw"], parseAs);
        const isUnusable = expected[1] === "SyntaxError";
        const unusable = [undefined, "MakeResponseError", undefined, undefined, undefined];
        expect(await resultOf(make.raw, parseAs)).toEqual(isUnusable ? unusable : expected);
      }
    }
  },
);

test("raw reads what was compressed", async () => {
  const server = createServer((_, response) => {
    response.setHeader("Content-Encoding", "gzip");
    response.end(gzipSync(JSON.stringify({ apiTokens: [MASKED] })));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const make = createMakeClient({ baseUrl: `http://127.0.0.1:${port}`, token: TOKEN });
  expect((await make.raw.GET(TOKENS)).data?.apiTokens).toEqual([MASKED]);
  expect(await make.apiTokens.list()).toEqual([MASKED]);
});

test.each([200, 403])("raw takes any reason phrase of a %d", async (status) => {
  const statusText = { value: "D\u2019acc\n" };
  const odd = () => Object.defineProperty(json({}, { status }), "statusText", statusText);
  const { make } = scripted([odd]);
  const { data, error, response } = await make.raw.GET(TOKENS);
  expect([data ?? error, response.status]).toEqual([{}, status]);
});

test("raw is sent again as the policy says, also where a middleware has changed the method", async () => {
  const { make, sent } = scripted([answering(503)]);
  expect((await make.raw.GET(TOKENS)).response.status).toBe(503);
  expect(sent).toHaveLength(3);
  expect((await make.raw.POST(TOKENS, { body: SPEC })).response.status).toBe(503);
  expect(sent).toHaveLength(4);
  make.raw.use({ onRequest: ({ request }) => new Request(request, { method: "POST", body: "x" }) });
  await make.raw.GET(TOKENS);
  expect(sent.slice(4).map(({ method }) => method)).toEqual(["POST"]);
});

test.each([
  ...["https://evil.example/api/v2", "http://make.example/api/v2"],
  ...["https://make.example:444/api/v2", "https://make.example/api/v2evil"],
  ...["https://make.example/api", "https://make.example/api/v2/..", "https://make.example"],
  ...["https://make.example.evil.example/api/v2", "https://make.example@evil.example/api/v2"],
  "https://evil.example/?https://make.example/api/v2",
])("no token leaves by a call's baseUrl %s", async (baseUrl) => {
  const token = vi.fn(() => TOKEN);
  const { make, sent } = scripted([succeeding], { token });
  const error = await failureOf(make.raw.GET(TOKENS, { baseUrl }));
  expect(error).toBeInstanceOf(TypeError);
  expect([sent.length, token.mock.calls.length]).toEqual([0, 0]);
});

test.each(["/../x", "/../../x", "/%2e%2e/x", "/..\\x", "@evil.example/", ".evil.example/"])(
  "no token leaves by a path %s",
  async (path) => {
    const { make, sent } = scripted([succeeding]);
    const params = { path: { timestamp: CREATED } };
    const pathSerializer = () => `${BASE_URL}${path}`;
    expect(await failureOf(make.raw.GET(path as typeof TOKENS))).toBeInstanceOf(TypeError);
    const serialized = make.raw.DELETE(ONE, { params, pathSerializer });
    expect(await failureOf(serialized)).toBeInstanceOf(TypeError);
    expect(sent).toEqual([]);
  },
);

test("no token leaves by a middleware, which sees it in none of its requests, and none of the facade's", async () => {
  const { make, sent } = scripted([succeeding]);
  const seen: Request[] = [];
  const urls: string[] = [];
  make.raw.use({
    onRequest: ({ request }) => {
      seen.push(request);
      return seen.length > 1 ? new Request("https://evil.example/", request) : undefined;
    },
    onResponse: ({ response }) => void urls.push(response.url),
  });
  const { response } = await make.raw.GET(TOKENS);
  expect([response.url, ...urls]).toEqual(Array(2).fill(`${BASE_URL}${TOKENS}`));
  expect(await failureOf(make.raw.GET(TOKENS))).toBeInstanceOf(TypeError);
  expect(sent).toHaveLength(1);
  for (const { headers } of seen) expect([...headers.values()].join()).not.toContain(TOKEN);
  await make.apiTokens.list();
  expect(seen).toHaveLength(2);
});

test("no token leaves by a call's own fetch, which gets a request without it", async () => {
  const { make, sent } = scripted([succeeding]);
  const own = vi.fn<(it: Request) => Promise<Response>>(async () => json({ apiTokens: [MASKED] }));
  const { data } = await make.raw.GET(TOKENS, { fetch: own });
  expect(data?.apiTokens).toEqual([MASKED]);
  expect(own.mock.calls[0]?.[0].headers.get("authorization")).toBeNull();
  expect(sent).toEqual([]);
});

test("no token leaves by a redirect, whatever the call says of it", async () => {
  const { zone, make } = await startZone();
  zone.fail("redirect", { times: 2 });
  for (const redirect of ["manual", "follow"] as const) {
    expect((await make.raw.GET(TOKENS, { redirect })).response.status).toBe(307);
  }
  expect(zone.requests).toHaveLength(2);
});

test("the client's token goes to the client's own base URL, given again; and no other token goes there", async () => {
  const { make, sent } = scripted([succeeding]);
  const headers = { Authorization: "Token other", "X-Trace": "7" };
  await make.raw.GET(TOKENS, { baseUrl: `${BASE_URL}/`, headers });
  expect(sent[0]?.url).toBe(`${BASE_URL}${TOKENS}`);
  expect(sent[0]?.headers.get("authorization")).toBe(`Token ${TOKEN}`);
  expect(sent[0]?.headers.get("x-trace")).toBe("7");
});

const remove = (timestamp: string) => {
  const { make, sent } = scripted([succeeding]);
  return { call: make.raw.DELETE(ONE, { params: { path: { timestamp } } }), sent };
};

test.each(["", ".", ".."])("the path parameter %j is refused", async (value) => {
  const { call, sent } = remove(value);
  await expectRefused(".*timestamp", () => call);
  expect(sent).toEqual([]);
});

test.each([CREATED, "a/b", "%2e%2e", "../x", "a?b#c", "ü"])(
  "the path parameter %j is one segment",
  async (value) => {
    const { call, sent } = remove(value);
    await call;
    expect(sent[0]?.url).toBe(`${BASE_URL}${TOKENS}/${encodeURIComponent(value)}`);
  },
);

test("what a call says of its request reaches fetch, but for what is the client's own", async () => {
  const { make, sent } = scripted([succeeding]);
  const dispatcher = { dispatch: () => true };
  const given = { credentials: "include", keepalive: true, next: { a: 1 }, dispatcher } as const;
  await make.raw.GET(TOKENS, {
    ...given,
    redirect: "follow",
    method: "DELETE",
    ...{ parseAs: "text", timeout: 1000 },
    headers: { Host: "evil.example", "User-Agent": "x", "X-Trace": "7" },
  });
  expect(sent[0]?.init).toMatchObject({ ...given, redirect: "manual", method: "GET" });
  expect(sent[0]?.init).not.toHaveProperty("timeout");
  expect([...(sent[0]?.headers.keys() ?? [])]).toEqual(["authorization", "user-agent", "x-trace"]);
  expect(sent[0]?.headers.get("user-agent")).toMatch(/^make-api-tokens\//);
});
