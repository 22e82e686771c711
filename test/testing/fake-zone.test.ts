import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createMakeClient } from "../../src/index.js";
import { type FakeZone, startFakeZone } from "../../src/testing/index.js";
import { ask, askJson, PATH, SPEC } from "./ask.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

let zone: FakeZone;
beforeEach(async () => {
  zone = await startFakeZone();
});
afterEach(() => zone.close());

describe("a fake zone", () => {
  test("listens on loopback, and has a token that may do everything", async () => {
    expect(zone.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v2$/);
    expect(zone.token).toMatch(UUID);
    expect(zone.tokens).toMatchObject([
      { token: zone.token, label: "fake zone", scope: ["user:read", "user:write"] },
    ]);
    const { apiTokens } = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
    const { created } = await apiTokens.create(SPEC);
    expect(await apiTokens.list()).toHaveLength(2);
    expect(await apiTokens.delete(created)).toBe(created);
  });

  test("takes the first token's secret and scopes", async () => {
    await using own = await startFakeZone({ token: "secret", scope: ["user:read"] });
    expect(own.tokens).toMatchObject([{ token: "secret", scope: ["user:read"] }]);
    const { apiTokens } = createMakeClient({ baseUrl: own.baseUrl, token: "secret" });
    expect(await apiTokens.list()).toHaveLength(1);
    await expect(apiTokens.create(SPEC)).rejects.toMatchObject({ status: 403, code: "SC403" });
  });

  test("lists tokens with their secrets masked, as Make shows them", async () => {
    const { body } = await askJson(zone, `GET ${PATH}`);
    const [listed] = body["apiTokens"] as { token: string }[];
    expect(listed).toEqual({
      ...zone.tokens[0],
      token: `${zone.token.slice(0, 8)}-****-****-****-************`,
    });
  });

  test("shows a secret once, when it creates it, and takes it from then on", async () => {
    const { status, body } = await askJson(zone, `POST ${PATH}`, zone.token, SPEC);
    const created = body["apiToken"] as { token: string; created: string };
    expect(status).toBe(200);
    expect(created).toEqual({
      ...SPEC,
      token: expect.stringMatching(UUID),
      created: expect.any(String),
    });
    expect(created).toEqual(zone.tokens[1]);
    expect((await ask(zone, `GET ${PATH}`, created.token)).status).toBe(200);
    expect((await ask(zone, `GET ${PATH}`)).text).not.toContain(created.token);
  });

  test("gives no two tokens one timestamp, however fast they come", async () => {
    const all = Array.from({ length: 50 }, () => askJson(zone, `POST ${PATH}`, zone.token, SPEC));
    await Promise.all(all);
    const times = zone.tokens.map((it) => it.created);
    expect(new Set(times).size).toBe(51);
    for (const time of times) expect(new Date(time).toISOString()).toBe(time);
  });

  test("deletes by the decoded timestamp, and answers with it", async () => {
    await askJson(zone, `POST ${PATH}`, zone.token, SPEC);
    const { created } = zone.tokens[1] as { created: string };
    const answer = await askJson(zone, `DELETE ${PATH}/${encodeURIComponent(created)}`);
    expect(answer).toEqual({ status: 200, body: { apiToken: created } });
    expect(zone.tokens).toHaveLength(1);
  });

  test("takes no token that was deleted", async () => {
    const path = `${PATH}/${encodeURIComponent(zone.tokens[0]?.created ?? "")}`;
    expect((await ask(zone, `DELETE ${path}`)).status).toBe(200);
    expect((await ask(zone, `GET ${PATH}`)).status).toBe(401);
  });

  test.each<[number, string, string | undefined, unknown]>([
    [401, `GET ${PATH}`, "", undefined],
    [401, `GET ${PATH}`, "7615989d-d213-48dc-b625-27133ae3f1a8", undefined],
    [401, "GET /users/me", "wrong", undefined],
    [404, "GET /users/me", undefined, undefined],
    [404, "GET /users/me/api-tokens/", undefined, undefined],
    [404, `PATCH ${PATH}`, undefined, SPEC],
    [404, `GET ${PATH}/2020-03-27T05%3A53%3A27.368Z`, undefined, undefined],
    [404, `DELETE ${PATH}/2020-03-27T05%3A53%3A27.368Z`, undefined, undefined],
    [404, `DELETE ${PATH}/%zz`, undefined, undefined],
    [404, `DELETE ${PATH}/constructor`, undefined, undefined],
    [400, `POST ${PATH}`, undefined, "not JSON"],
    [400, `POST ${PATH}`, undefined, "null"],
    [400, `POST ${PATH}`, undefined, { label: "ci" }],
    [400, `POST ${PATH}`, undefined, { label: 1, scope: [] }],
    [400, `POST ${PATH}`, undefined, { label: "ci", scope: [1] }],
  ])(
    "answers %d in Make's form to %s (token %j, body %j)",
    async (status, request, token, sent) => {
      const { status: answered, body } = await askJson(zone, request, token, sent);
      expect(answered).toBe(status);
      expect(body).toMatchObject({ code: `SC${status}`, message: expect.any(String) });
      expect(body["detail"]).toEqual(expect.any(String));
      if (status === 400) expect(body["suberrors"]).toEqual([{ message: expect.any(String) }]);
      expect(zone.tokens).toHaveLength(1);
    },
  );

  test("refuses what a token has no scope for", async () => {
    const { body } = await askJson(zone, `POST ${PATH}`, zone.token, { label: "none", scope: [] });
    const { token } = body["apiToken"] as { token: string };
    for (const request of [`GET ${PATH}`, `POST ${PATH}`, `DELETE ${PATH}/x`]) {
      const { status, body } = await askJson(
        zone,
        request,
        token,
        request.startsWith("POST") ? SPEC : undefined,
      );
      expect([status, body["code"]]).toEqual([403, "SC403"]);
    }
  });

  test("remembers each request as it came over the wire", async () => {
    await ask(zone, `POST ${PATH}`, zone.token, SPEC);
    await ask(zone, `DELETE ${PATH}/2020-03-27T05%3A53%3A27.368Z?x=%20`);
    expect(zone.requests).toMatchObject([
      {
        method: "POST",
        path: `/api/v2${PATH}`,
        headers: { authorization: `Token ${zone.token}` },
        body: JSON.stringify(SPEC),
      },
      { method: "DELETE", path: `/api/v2${PATH}/2020-03-27T05%3A53%3A27.368Z?x=%20`, body: "" },
    ]);
  });

  test("is independent of every other", async () => {
    await using other = await startFakeZone();
    expect(other.baseUrl).not.toBe(zone.baseUrl);
    expect((await ask(zone, `GET ${PATH}`, other.token)).status).toBe(401);
  });
});

describe("close", () => {
  test("ends the server and its connections, stalled ones too, and may be called again", async () => {
    zone.fail("stall-headers");
    zone.fail("stall-body");
    const stalled = [ask(zone, `GET ${PATH}`), ask(zone, `GET ${PATH}`)].map((it) =>
      it.catch(() => "broken"),
    );
    while (zone.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([zone.close(), zone.close()]);
    await zone.close();
    expect(await Promise.all(stalled)).toEqual(["broken", "broken"]);
    await expect(ask(zone, `GET ${PATH}`)).rejects.toMatchObject({
      cause: { code: "ECONNREFUSED" },
    });
  });

  test("is what leaving the scope does", async () => {
    let baseUrl: string;
    {
      await using scoped = await startFakeZone();
      baseUrl = scoped.baseUrl;
    }
    await expect(fetch(baseUrl)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  });
});
