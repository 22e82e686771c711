import { expect, test } from "vitest";
import { type Exchange, violations } from "./violations.js";

const path = "/api/v2/users/me/api-tokens";
const created = "2020-03-27T05:53:27.368Z";
const token = { token: "t", scope: ["user:read"], created, label: "l" };
const answer = (apiToken: unknown) => JSON.stringify({ apiToken });
const seen = { path, authorization: "Token t", status: 200 };
const body = JSON.stringify({ label: "l", scope: ["user:read"] });
const create: Exchange = { ...seen, method: "POST", body, answer: answer(token) };
const at = `${path}/${encodeURIComponent(created)}`;
const remove: Exchange = { ...seen, method: "DELETE", path: at, body: "", answer: answer(created) };

test.each<[string, number, Exchange]>([
  ["a create as documented", 0, create],
  ["a delete as documented", 0, remove],
  ["an answer of another type", 1, { ...create, answer: answer({ ...token, scope: "user:read" }) }],
  ["a timestamp that is none", 1, { ...remove, answer: answer("yesterday") }],
  ["a status that is not documented", 1, { ...create, status: 201 }],
  ["a body that should have been refused", 1, { ...create, body: '{"label":"l"}' }],
  ["a body where none belongs", 1, { ...remove, body }],
  ["a path that is not there", 1, { ...remove, path: "/api/v2/users/me" }],
  ["an answer to nobody", 1, { ...create, authorization: null }],
  ["an error without Make's fields", 1, { ...create, status: 400, answer: "{}" }],
])("%s violates the specification %d times", (_, times, exchange) => {
  expect(violations(exchange)).toHaveLength(times);
});
