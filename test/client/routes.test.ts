import nock from "nock";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { zones as servers } from "../../generated/zones.js";
import packageJson from "../../package.json" with { type: "json" };
import { createMakeClient, type MakeClientOptions, zones } from "../../src/index.js";
import { API_TOKEN, CREATED, SECRET, SPEC, TOKEN } from "./support.js";

const PATH = "/api/v2/users/me/api-tokens";
const DELETE_PATH = `${PATH}/2020-03-27T05%3A53%3A27.368Z`;
const CREATED_TOKEN = { ...API_TOKEN, token: SECRET };

beforeEach(() => {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
});
afterEach(() => {
  vi.unstubAllEnvs();
  nock.cleanAll();
  nock.enableNetConnect();
  nock.restore();
});

/** Answers one request to the host, whatever it is, and tells what came over the wire. */
function answerOnce(origin: string, body: unknown) {
  const wire: { request?: string; headers?: Record<string, string>; body?: unknown } = {};
  nock(origin)
    .intercept(/.*/, "GET")
    .reply(record)
    .intercept(/.*/, "POST")
    .reply(record)
    .intercept(/.*/, "DELETE")
    .reply(record);
  function record(this: nock.ReplyFnContext, uri: string, sent: nock.Body) {
    wire.request = `${this.req.method} ${uri}`;
    wire.headers = { ...this.req.headers };
    wire.body = sent;
    return [200, body as nock.Body] as const;
  }
  return wire;
}

const client = (options: MakeClientOptions) => createMakeClient({ token: TOKEN, ...options });
const AGENT = `make-api-tokens/${packageJson.version}`;

test("there is a zone for every server of the specification", () => {
  expect(zones).toEqual(Object.keys(servers));
});

describe.each(Object.entries(servers))("in zone %s", (zone, server) => {
  const { origin, host } = new URL(server);
  const make = client({ zone: zone as keyof typeof servers });

  test("the client tells its zone and its base URL, and the host names the zone as well", () => {
    expect(make).toMatchObject({ zone, baseUrl: `${origin}/api/v2` });
    const byHost = client({ zone: host } as MakeClientOptions);
    expect(byHost).toMatchObject({ zone, baseUrl: make.baseUrl });
  });

  test("list sends GET with the token, and returns the tokens", async () => {
    const wire = answerOnce(origin, { apiTokens: [API_TOKEN] });
    expect(await make.apiTokens.list()).toEqual([API_TOKEN]);
    expect(wire.request).toBe(`GET ${PATH}`);
    expect(wire.headers).toMatchObject({ host, authorization: `Token ${TOKEN}` });
    expect(wire.headers).toMatchObject({ "user-agent": AGENT });
    expect(wire.body).toBe("");
  });

  test("create sends POST with label and scope as JSON, and returns the readable token", async () => {
    const wire = answerOnce(origin, { apiToken: CREATED_TOKEN });
    expect(await make.apiTokens.create(SPEC)).toEqual(CREATED_TOKEN);
    expect(wire.request).toBe(`POST ${PATH}`);
    expect(wire.headers).toMatchObject({ host, authorization: `Token ${TOKEN}` });
    expect(wire.headers?.["content-type"]).toBe("application/json");
    expect(wire.body).toEqual(SPEC);
  });

  test("delete sends DELETE with the timestamp encoded once, and returns the timestamp", async () => {
    const wire = answerOnce(origin, { apiToken: CREATED });
    expect(await make.apiTokens.delete(CREATED)).toBe(CREATED);
    expect(wire.request).toBe(`DELETE ${DELETE_PATH}`);
    expect(wire.headers).toMatchObject({ host, authorization: `Token ${TOKEN}` });
    expect(wire.headers).not.toHaveProperty("content-type");
    expect(wire.body).toBe("");
  });

  test("raw goes the same way", async () => {
    const wire = answerOnce(origin, { apiToken: CREATED });
    const { data } = await make.raw.DELETE("/users/me/api-tokens/{timestamp}", {
      params: { path: { timestamp: CREATED } },
    });
    expect(data).toEqual({ apiToken: CREATED });
    expect(wire.request).toBe(`DELETE ${DELETE_PATH}`);
    expect(wire.headers).toMatchObject({ host, authorization: `Token ${TOKEN}` });
    expect(wire.headers).toMatchObject({ "user-agent": AGENT });
  });
});

test("a Date is sent in Make's own form", async () => {
  const wire = answerOnce("https://eu1.make.com", { apiToken: CREATED });
  await client({ zone: "eu1" }).apiTokens.delete(new Date(CREATED));
  expect(wire.request).toBe(`DELETE ${DELETE_PATH}`);
});

test("the user agent begins with the caller's own", async () => {
  const wire = answerOnce("https://eu1.make.com", { apiTokens: [] });
  await client({ zone: "eu1", userAgent: "rotation-job/2 (ops)" }).apiTokens.list();
  expect(wire.headers).toMatchObject({ "user-agent": `rotation-job/2 (ops) ${AGENT}` });
});

test("a mock that is installed after the client was made is seen, and one that is gone is not", async () => {
  nock.restore();
  const make = client({ zone: "eu1" });
  nock.activate();
  const wire = answerOnce("https://eu1.make.com", { apiTokens: [] });
  expect(await make.apiTokens.list()).toEqual([]);
  const raw = answerOnce("https://eu1.make.com", { apiTokens: [] });
  expect((await make.raw.GET("/users/me/api-tokens")).data).toEqual({ apiTokens: [] });
  expect([wire.request, raw.request]).toEqual([`GET ${PATH}`, `GET ${PATH}`]);

  vi.stubGlobal("fetch", async () => Response.json({ apiTokens: [API_TOKEN] }));
  expect(await make.apiTokens.list()).toEqual([API_TOKEN]);
  vi.unstubAllGlobals();
});

test("a private instance is reached by its base URL, whatever the path before /api/v2", async () => {
  const wire = answerOnce("https://make.corp.example:8443", { apiTokens: [] });
  const make = client({ baseUrl: "https://make.corp.example:8443/tools/api/v2" });
  expect(make.zone).toBe("make.corp.example:8443");
  await make.apiTokens.list();
  expect(wire.request).toBe("GET /tools/api/v2/users/me/api-tokens");
});

describe("the environment", () => {
  test.each(["us2", "us2.make.com"])("gives the zone as %s, and the token", async (zone) => {
    vi.stubEnv("MAKE_ZONE", zone);
    vi.stubEnv("MAKE_API_KEY", TOKEN);
    const wire = answerOnce("https://us2.make.com", { apiTokens: [] });
    await createMakeClient().apiTokens.list();
    expect(wire.headers).toMatchObject({ host: "us2.make.com", authorization: `Token ${TOKEN}` });
  });

  test("gives way to options", async () => {
    vi.stubEnv("MAKE_ZONE", "us2");
    vi.stubEnv("MAKE_API_KEY", SECRET);
    const wire = answerOnce("https://eu1.make.com", { apiTokens: [] });
    await client({ zone: "eu1" }).apiTokens.list();
    expect(wire.headers).toMatchObject({ authorization: `Token ${TOKEN}` });
    expect(client({ baseUrl: "https://make.example/api/v2" }).zone).toBe("make.example");
  });
});

describe("what the specification does not know", () => {
  const MORE = { ...CREATED_TOKEN, owner: { id: 7 }, expires: null };

  test("passes through in tokens", async () => {
    answerOnce("https://eu1.make.com", { apiTokens: [MORE], pg: { limit: 10 } });
    expect(await client({ zone: "eu1" }).apiTokens.list()).toEqual([MORE]);
    nock.cleanAll();
    answerOnce("https://eu1.make.com", { apiToken: MORE });
    expect(await client({ zone: "eu1" }).apiTokens.create(SPEC)).toEqual(MORE);
  });
});
