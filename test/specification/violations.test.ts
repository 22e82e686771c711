import { createMakeClient } from "make-api-tokens";
import { startFakeZone } from "make-api-tokens/testing";
import { describe, expect, test } from "vitest";
import { violations } from "./violations.js";

const AT = "/api/v2/users/me/api-tokens";
const TIMESTAMP = "2020-03-27T05:53:27.368Z";
const TOKEN = { token: "t", scope: ["user:read"], created: TIMESTAMP, label: "l" };
const headers = { authorization: "Token t" };
const body = JSON.stringify({ label: "l", scope: ["user:read"] });
const create = { method: "POST", path: AT, headers, body };
const remove = {
  method: "DELETE",
  path: `${AT}/${encodeURIComponent(TIMESTAMP)}`,
  headers,
  body: "",
};

test("a whole life with the fake zone is as the specification has it", async () => {
  await using zone = await startFakeZone();
  const { apiTokens } = createMakeClient({ baseUrl: zone.baseUrl, token: zone.token });
  const { created } = await apiTokens.create({ label: "ci", scope: ["user:read"] });
  await apiTokens.rotate(created, { store: () => {} });
  await apiTokens.list();
  await expect(apiTokens.delete(created)).rejects.toHaveProperty("status", 404);
  // A check after each test reads what was exchanged.
  expect(zone.requests.length).toBeGreaterThan(5);
});

test("an exchange as documented is none", () => {
  expect(violations(create, { body: { apiToken: TOKEN } })).toEqual([]);
  expect(violations(remove, { body: { apiToken: TIMESTAMP } })).toEqual([]);
});

describe("a violation is", () => {
  test.each([
    ["an answer of another type", create, { body: { apiToken: { ...TOKEN, scope: "user:read" } } }],
    ["a timestamp that is none", remove, { body: { apiToken: "yesterday" } }],
    ["a status that is not documented", create, { status: 201, body: { apiToken: TOKEN } }],
    ["a body that should have been refused", { ...create, body: '{"label":"l"}' }, {}],
    ["a path parameter that should have been", { ...remove, path: `${AT}/now` }, {}],
    ["a body where none belongs", { ...remove, body }, { body: { apiToken: TIMESTAMP } }],
    ["a path that is not there", { ...remove, path: "/api/v2/users/me" }, {}],
    ["an answer to nobody", { ...create, headers: {} }, { body: { apiToken: TOKEN } }],
    ["an error without Make's fields", create, { status: 400, body: { message: "no" } }],
  ])("%s", (_, request, answer) => {
    expect(violations(request, answer)).not.toEqual([]);
  });
});
