import type { MakeClient, MakeClientOptions } from "make-api-tokens";
import { createMakeClient, MakeError, zones } from "make-api-tokens";
import specification from "make-api-tokens/openapi.json" with { type: "json" };
import packageJson from "make-api-tokens/package.json" with { type: "json" };
import nock from "nock";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { json } from "./answers.js";
import { CALLS, CREATED, MADE, MASKED, SECRET, SPEC, TOKEN, TOKENS } from "./fixtures.js";
import { failureOf, scripted, startZone } from "./support.js";

const PATH = "/api/v2/users/me/api-tokens";
const DELETE_PATH = `${PATH}/2020-03-27T05%3A53%3A27.368Z`;
const AGENT = `make-api-tokens/${packageJson.version}`;
const SERVERS = specification.servers.map(({ url }) => {
  const { origin, host } = new URL(url);
  return { origin, host };
});

beforeEach(() => {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  nock.cleanAll();
  nock.enableNetConnect();
  nock.restore();
});

/** Answers one request to the host, whatever it is, and tells what came over the wire. */
function answerOnce(origin: string, body: nock.Body) {
  const wire: { request?: string; headers?: Record<string, string>; body?: unknown } = {};
  function record(this: nock.ReplyFnContext, uri: string, sent: nock.Body) {
    wire.request = `${this.req.method} ${uri}`;
    wire.headers = { ...this.req.headers };
    wire.body = sent;
    return [200, body] as const;
  }
  for (const method of ["GET", "POST", "DELETE"]) {
    nock(origin).intercept(/.*/, method).reply(record);
  }
  return wire;
}
const client = (options: MakeClientOptions) => createMakeClient({ token: TOKEN, ...options });
const MAKE = "https://eu1.make.com";

test("there is a zone for every server of the specification, named by its host", () => {
  const names = SERVERS.map(({ host }) => host.replace(".make.", ".").replace(/\.com$/, ""));
  expect(zones).toEqual(names);
});

/** What each call says over the wire, and what it makes of the answer. */
const ROUTES: Record<
  string,
  [
    request: string,
    sent: unknown,
    answer: nock.Body,
    (make: MakeClient) => Promise<unknown>,
    result: unknown,
  ]
> = {
  list: [`GET ${PATH}`, "", { apiTokens: [MASKED] }, CALLS.list, [MASKED]],
  create: [`POST ${PATH}`, SPEC, { apiToken: MADE }, CALLS.create, MADE],
  delete: [`DELETE ${DELETE_PATH}`, "", { apiToken: CREATED }, CALLS.delete, CREATED],
  raw: [
    `POST ${PATH}`,
    SPEC,
    { apiToken: MADE },
    async ({ raw }) => (await raw.POST(TOKENS, { body: SPEC })).data,
    { apiToken: MADE },
  ],
};

describe.each(zones.map((zone, i) => ({ zone, ...SERVERS[i]! })))("in zone $zone", (server) => {
  const { zone, origin, host } = server;
  const make = client({ zone });

  test("the client tells its zone and its base URL, and the host names the zone as well", () => {
    for (const it of [make, client({ zone: host })]) {
      expect(it).toMatchObject({ zone, baseUrl: `${origin}/api/v2` });
    }
  });

  test.each(Object.entries(ROUTES))("%s sends its request with the token", async (_, route) => {
    const [request, body, answer, call, result] = route;
    const wire = answerOnce(origin, answer);
    expect(await call(make)).toEqual(result);
    const headers = { host, authorization: `Token ${TOKEN}`, "user-agent": AGENT };
    expect(wire).toMatchObject({ request, headers, body });
    expect(wire.headers?.["content-type"]).toBe(body ? "application/json" : undefined);
  });
});

test("the user agent begins with the caller's own", async () => {
  const wire = answerOnce(MAKE, { apiTokens: [] });
  await client({ zone: "eu1", userAgent: "rotation-job/2 (ops)" }).apiTokens.list();
  expect(wire.headers).toMatchObject({ "user-agent": `rotation-job/2 (ops) ${AGENT}` });
});

test("a mock that is installed after the client was made is seen, and one that is gone is not", async () => {
  nock.restore();
  const make = client({ zone: "eu1" });
  nock.activate();
  answerOnce(MAKE, { apiTokens: [] });
  expect(await make.apiTokens.list()).toEqual([]);
  answerOnce(MAKE, { apiTokens: [] });
  expect((await make.raw.GET(TOKENS)).data).toEqual({ apiTokens: [] });
  vi.stubGlobal("fetch", async () => json({ apiTokens: [MASKED] }));
  expect(await make.apiTokens.list()).toEqual([MASKED]);
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
    const wire = answerOnce(MAKE, { apiTokens: [] });
    await client({ zone: "eu1" }).apiTokens.list();
    expect(wire.headers).toMatchObject({ authorization: `Token ${TOKEN}` });
    expect(client({ baseUrl: "https://make.example/api/v2" }).zone).toBe("make.example");
  });
});

test("fields that the specification does not know pass through", async () => {
  const more = { ...MADE, owner: { id: 7 }, expires: null };
  answerOnce(MAKE, { apiTokens: [more], pg: { limit: 10 } });
  expect(await client({ zone: "eu1" }).apiTokens.list()).toEqual([more]);
  nock.cleanAll();
  answerOnce(MAKE, { apiToken: more });
  expect(await client({ zone: "eu1" }).apiTokens.create(SPEC)).toEqual(more);
});

describe("own", () => {
  beforeEach(() => {
    nock.restore();
  });

  test("is the token that the call was sent with, also where each call has another", async () => {
    const { zone, make } = await startZone();
    const other = await make.apiTokens.create({ label: "other", scope: ["user:read"] });
    const tokens = [zone.token, other.token];
    const { baseUrl } = zone;
    const changing = createMakeClient({ baseUrl, token: () => tokens.shift() ?? "" });
    expect((await changing.apiTokens.own()).created).toBe(zone.tokens[0]?.created);
    expect((await changing.apiTokens.own()).created).toBe(other.created);
    expect(zone.requests.map((it) => it.method)).toEqual(["POST", "GET", "GET"]);
  });

  const mask = (start: string) => ({ ...MASKED, token: `${start}-****-****-****-************` });
  const own = mask(TOKEN.slice(0, 8));

  test("of a short token, as in a test, is found as well", async () => {
    const short = mask("t-1");
    const { make } = scripted([() => json({ apiTokens: [own, short] })], { token: "t-1" });
    expect(await make.apiTokens.own()).toEqual(short);
  });

  test.each([
    ["none fits", [], /no token/],
    ["all have other characters", [mask("00000000")], /no token/],
    ["nothing of them is visible", [mask("********")], /no token/],
    ["two fit", [own, own], /more than one token/],
  ])("is an error where %s", async (_, apiTokens, message) => {
    const { make, sent } = scripted([() => json({ apiTokens })]);
    const error = await failureOf(make.apiTokens.own());
    const operation = "GET /users/me/api-tokens";
    expect(error).toMatchObject({ constructor: MakeError, operation, attempts: 1 });
    expect(error.message).toMatch(message);
    expect(sent).toHaveLength(1);
  });
});

test("300 calls at once on one client have each its own answer", async () => {
  nock.restore();
  const { zone, make } = await startZone();
  zone.fail({ status: 429 }, { times: 2 });
  const all = Array.from({ length: 300 }, (_, i) => `token ${i}`);
  const created = await Promise.all(
    all.map((label) => make.apiTokens.create({ label, scope: [] })),
  );
  expect(created.map(({ label }) => label)).toEqual(all);
  const deleted = await Promise.all(created.map((it) => make.apiTokens.delete(it.created)));
  expect(deleted).toEqual(created.map((it) => it.created));
  expect([zone.tokens.length, zone.requests.length]).toEqual([1, 602]);
});
