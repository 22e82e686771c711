import type { MakeClient, MakeClientOptions } from "make-api-tokens";
import { createMakeClient, zones } from "make-api-tokens";
import specification from "make-api-tokens/openapi.json" with { type: "json" };
import nock from "nock";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { json } from "./answers.js";
import { CALLS, CREATED, MADE, MASKED, SECRET, SPEC, TOKEN, TOKENS } from "./fixtures.js";

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

const createRaw = async ({ raw }: MakeClient) => (await raw.POST(TOKENS, { body: SPEC })).data;
/** What each call says over the wire, the answer to it, and what the call makes of that. */
const ROUTES = [
  ["list", `GET ${PATH}`, "", { apiTokens: [MASKED] }, CALLS.list, [MASKED]],
  ["create", `POST ${PATH}`, SPEC, { apiToken: MADE }, CALLS.create, MADE],
  ["delete", `DELETE ${DELETE_PATH}`, "", { apiToken: CREATED }, CALLS.delete, CREATED],
  ["raw", `POST ${PATH}`, SPEC, { apiToken: MADE }, createRaw, { apiToken: MADE }],
] as const;

describe.each(zones.map((zone, i) => ({ zone, ...SERVERS[i]! })))("in zone $zone", (server) => {
  const { zone, origin, host } = server;
  const make = client({ zone });

  test("the client tells its zone and its base URL, and the host names the zone as well", () => {
    for (const it of [make, client({ zone: host })]) {
      expect(it).toMatchObject({ zone, baseUrl: `${origin}/api/v2` });
    }
  });

  test.each(ROUTES)(
    "%s sends %s with the token",
    async (_, request, body, answer, call, result) => {
      const wire = answerOnce(origin, answer);
      expect(await call(make)).toEqual(result);
      const headers = { host, authorization: `Token ${TOKEN}`, "user-agent": AGENT };
      expect(wire).toMatchObject({ request, headers, body });
      expect(wire.headers?.["content-type"]).toBe(body ? "application/json" : undefined);
    },
  );
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

test.each(["us2", "us2.make.com"])(
  "the environment gives the zone as %s, and the token",
  async (zone) => {
    vi.stubEnv("MAKE_ZONE", zone);
    vi.stubEnv("MAKE_API_KEY", TOKEN);
    const wire = answerOnce("https://us2.make.com", { apiTokens: [] });
    await createMakeClient().apiTokens.list();
    expect(wire.headers).toMatchObject({ host: "us2.make.com", authorization: `Token ${TOKEN}` });
  },
);

test("the environment gives way to options", async () => {
  vi.stubEnv("MAKE_ZONE", "us2");
  vi.stubEnv("MAKE_API_KEY", SECRET);
  const wire = answerOnce(MAKE, { apiTokens: [] });
  await client({ zone: "eu1" }).apiTokens.list();
  expect(wire.headers).toMatchObject({ authorization: `Token ${TOKEN}` });
  expect(client({ baseUrl: "https://make.example/api/v2" }).zone).toBe("make.example");
});

test("fields that the specification does not know pass through", async () => {
  const more = { ...MADE, owner: { id: 7 }, expires: null };
  answerOnce(MAKE, { apiTokens: [more], pg: { limit: 10 } });
  expect(await client({ zone: "eu1" }).apiTokens.list()).toEqual([more]);
  nock.cleanAll();
  answerOnce(MAKE, { apiToken: more });
  expect(await client({ zone: "eu1" }).apiTokens.create(SPEC)).toEqual(more);
});
