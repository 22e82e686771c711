import { describe, expect, test } from "vitest";
import { createMakeClient, MakeApiError, MakeError } from "../../src/index.js";
import { API_TOKEN, failureOf, listed, scripted, SPEC, startZone, TOKEN } from "./support.js";

const mask = (token: string) => ({
  ...API_TOKEN,
  token: `${token.slice(0, 8)}-****-****-****-****`,
});

describe("own", () => {
  test("is the token of the client, among others, with one request", async () => {
    const { zone, make } = await startZone();
    await make.apiTokens.create(SPEC);
    const found = await make.apiTokens.own();
    expect(found.created).toBe(zone.tokens[0]?.created);
    expect(zone.requests.map((it) => it.method)).toEqual(["POST", "GET"]);
  });

  test("is the token that the call was sent with, where a function gives another each time", async () => {
    const { zone, make } = await startZone();
    const other = await make.apiTokens.create({ label: "other", scope: ["user:read"] });
    const tokens = [zone.token, other.token];
    const { baseUrl } = zone;
    const changing = createMakeClient({ baseUrl, token: () => tokens.shift() ?? "" });
    expect((await changing.apiTokens.own()).created).toBe(zone.tokens[0]?.created);
    expect((await changing.apiTokens.own()).created).toBe(other.created);
  });

  test("of a short token, as in a test, is found as well", async () => {
    const short = { ...API_TOKEN, token: "t-1-****-****-****-************" };
    const { make } = scripted([() => listed(mask(TOKEN), short)], { token: "t-1" });
    expect(await make.apiTokens.own()).toEqual(short);
  });

  test.each([
    ["none fits", [], /no token/],
    ["all have other characters", [mask("00000000-0")], /no token/],
    ["nothing of them is visible", [mask("********")], /no token/],
    ["two fit", [mask(TOKEN), mask(TOKEN)], /more than one token/],
  ])("is an error where %s, which has changed nothing", async (_, tokens, message) => {
    const { make, sent } = scripted([() => listed(...tokens)]);
    const error = await failureOf(make.apiTokens.own());
    expect(error.constructor).toBe(MakeError);
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({
      operation: "GET /users/me/api-tokens",
      outcome: "not-sent",
      attempts: 1,
    });
    expect(sent).toHaveLength(1);
  });

  test("fails as a list does", async () => {
    const { make } = scripted([() => new Response("", { status: 403 })]);
    expect(await failureOf(make.apiTokens.own())).toBeInstanceOf(MakeApiError);
  });
});
