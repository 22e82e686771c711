import { createMakeClient, MakeError } from "make-api-tokens";
import { expect, test } from "vitest";
import { json } from "./answers.js";
import { MASKED, TOKEN } from "./fixtures.js";
import { failureOf, scripted, startZone } from "./support.js";

test("own is the token that the call was sent with, also where each call has another", async () => {
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

test.each([
  ["none fits", [], /no token/],
  ["all have other characters", [mask("00000000")], /no token/],
  ["nothing of them is visible", [mask("********")], /no token/],
  ["two fit", [own, own], /more than one token/],
])("own is an error where %s", async (_, apiTokens, message) => {
  const { make, sent } = scripted([() => json({ apiTokens })]);
  const error = await failureOf(make.apiTokens.own());
  const facts = { operation: "GET /users/me/api-tokens", outcome: "not-sent" };
  expect(error).toMatchObject({ constructor: MakeError, ...facts, attempts: 1 });
  expect(error.message).toMatch(message);
  expect(sent).toHaveLength(1);
});
