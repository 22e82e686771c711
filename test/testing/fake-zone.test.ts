import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createMakeClient } from "../../src/index.js";
import { type FakeZone, startFakeZone } from "../../src/testing/index.js";
import { ask, PATH, SPEC } from "./ask.js";
import { type Exchange, violations } from "./violations.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UNKNOWN = "2020-03-27T05%3A53%3A27.368Z";

let zone: FakeZone;
let exchanges: Exchange[];

beforeEach(async () => {
  exchanges = [];
  const { fetch } = globalThis;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
    const { method, headers, body } = { method: "GET", body: "", ...init };
    const response = await fetch(url, init);
    exchanges.push({
      method,
      path: new URL(String(url)).pathname,
      authorization: new Headers(headers).get("authorization"),
      body: String(body ?? ""),
      status: response.status,
      answer: await response.clone().text(),
    });
    return response;
  });
  zone = await startFakeZone();
});

afterEach(async () => {
  await zone.close();
  vi.restoreAllMocks();
  // Every exchange of every test here, the client's too, is as spec/openapi.json has it.
  expect(exchanges.flatMap(violations)).toEqual([]);
});

describe("a fake zone", () => {
  test("listens on loopback, and has a token with which the client can do everything", async () => {
    expect(zone.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v2$/);
    expect(zone.tokens).toMatchObject([
      { token: zone.token, label: "fake zone", scope: ["user:read", "user:write"] },
    ]);
    const { apiTokens } = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
    const { created } = await apiTokens.create(SPEC);
    const successor = await apiTokens.rotate(created, { store: () => {} });
    expect(await apiTokens.list()).toHaveLength(2);
    expect(await apiTokens.delete(successor.created)).toBe(successor.created);
    await expect(apiTokens.delete(created)).rejects.toHaveProperty("status", 404);
    expect(new Set(exchanges.map(({ method }) => method)).size).toBe(3);
  });

  test("takes the first token's secret and scopes", async () => {
    await using own = await startFakeZone({ token: "secret", scope: ["user:read"] });
    expect(own.tokens).toMatchObject([{ token: "secret", scope: ["user:read"] }]);
    expect((await ask(own, `GET ${PATH}`, "secret")).status).toBe(200);
    expect((await ask(own, `POST ${PATH}`, "secret", SPEC)).status).toBe(403);
  });

  test("lists tokens with their secrets masked, as Make shows them", async () => {
    const token = `${zone.token.slice(0, 8)}-****-****-****-************`;
    const { text } = await ask(zone, `GET ${PATH}`);
    expect(JSON.parse(text)).toEqual({ apiTokens: [{ ...zone.tokens[0], token }] });
  });

  test("shows a secret once, when it creates it, and takes it from then on", async () => {
    const { text } = await ask(zone, `POST ${PATH}`, zone.token, SPEC);
    const { apiToken } = JSON.parse(text);
    const token = expect.stringMatching(UUID);
    expect(apiToken).toEqual({ ...SPEC, token, created: expect.any(String) });
    expect(apiToken).toEqual(zone.tokens[1]);
    const reader = { ...zone, token: apiToken.token };
    expect((await ask(reader, `GET ${PATH}`)).text).not.toContain(apiToken.token);
  });

  test("deletes by the decoded timestamp, answers with it, and takes the token no more", async () => {
    const { created = "" } = zone.tokens[0] ?? {};
    const answer = await ask(zone, `DELETE ${PATH}/${encodeURIComponent(created)}`);
    expect(answer).toMatchObject({ status: 200, text: JSON.stringify({ apiToken: created }) });
    expect(zone.tokens).toEqual([]);
    expect((await ask(zone, `GET ${PATH}`)).status).toBe(401);
  });

  test.each<[number, string, string | undefined, unknown]>([
    [401, `GET ${PATH}`, "", undefined],
    [401, `GET ${PATH}`, "7615989d-d213-48dc-b625-27133ae3f1a8", undefined],
    [404, "GET /users/me", undefined, undefined],
    [404, `PATCH ${PATH}`, undefined, SPEC],
    [404, `GET ${PATH}/${UNKNOWN}`, undefined, undefined],
    [404, `DELETE ${PATH}/${UNKNOWN}`, undefined, undefined],
    [404, `DELETE ${PATH}/%zz`, undefined, undefined],
    [400, `POST ${PATH}`, undefined, "not JSON"],
    [400, `POST ${PATH}`, undefined, { label: "ci" }],
    [400, `POST ${PATH}`, undefined, { label: 1, scope: [] }],
    [400, `POST ${PATH}`, undefined, { label: "ci", scope: [1] }],
  ])("answers %d to %s (token %j, body %j)", async (status, request, token, sent) => {
    const answer = await ask(zone, request, token, sent);
    expect(answer.status).toBe(status);
    const suberrors = [{ message: expect.any(String) }];
    const body = { code: `SC${status}`, ...(status === 400 && { suberrors }) };
    expect(JSON.parse(answer.text)).toMatchObject(body);
    expect(zone.tokens).toHaveLength(1);
  });

  test.each(["GET", "POST", "DELETE"])("refuses a %s that a token has no scope for", async (it) => {
    await ask(zone, `POST ${PATH}`, zone.token, { label: "none", scope: [] });
    const request = `${it} ${PATH}${it === "DELETE" ? `/${UNKNOWN}` : ""}`;
    const { status, text } = await ask(zone, request, zone.tokens[1]?.token);
    expect([status, JSON.parse(text).code]).toEqual([403, "SC403"]);
  });

  test("remembers each request as it came", async () => {
    await ask(zone, `POST ${PATH}`, zone.token, SPEC);
    await ask(zone, `DELETE ${PATH}/${UNKNOWN}?x=%20`);
    const headers = { authorization: `Token ${zone.token}` };
    expect(zone.requests).toMatchObject([
      { method: "POST", path: `/api/v2${PATH}`, headers, body: JSON.stringify(SPEC) },
      { method: "DELETE", path: `/api/v2${PATH}/${UNKNOWN}?x=%20`, headers, body: "" },
    ]);
  });
});

test("leaving the scope closes a zone, stalled connections too; it may be closed again", async () => {
  let stalled: Promise<unknown>[];
  let closed: FakeZone;
  {
    await using scoped = await startFakeZone();
    closed = scoped;
    scoped.fail("stall-headers");
    scoped.fail("stall-body");
    stalled = [1, 2].map(() => ask(scoped, `GET ${PATH}`).catch(() => "broken"));
    await vi.waitUntil(() => scoped.requests.length === 2);
  }
  await Promise.all([closed.close(), closed.close()]);
  expect(await Promise.all(stalled)).toEqual(["broken", "broken"]);
  const refused = { cause: { code: "ECONNREFUSED" } };
  await expect(ask(closed, `GET ${PATH}`)).rejects.toMatchObject(refused);
});
