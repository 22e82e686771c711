import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { MakeApiError, MakeError } from "../../src/index.js";
import {
  API_TOKEN,
  created,
  failureOf,
  json,
  listed,
  scripted,
  SECRET,
  shown,
  SPEC,
  startZone,
  TOKEN,
} from "./support.js";

describe("a token that occurs in the words of this package", () => {
  test("leaves the documented name of the operation as it is", async () => {
    const { make } = scripted([() => json({}, { status: 500 })], { token: "token", retries: 0 });
    const error = await failureOf(make.apiTokens.create({ label: "ci", scope: [] }));
    expect(error).toMatchObject({ operation: "POST /users/me/api-tokens" });
    expect(error.message).toContain("The token may exist");
  });
});

describe("an error answer that echoes the token", () => {
  test("is returned by raw without it, body and headers", async () => {
    const { make } = scripted([
      () =>
        json({ detail: `no ${TOKEN}` }, { status: 400, headers: { "x-echo": `Token ${TOKEN}` } }),
    ]);
    const { error, response } = await make.raw.GET("/users/me/api-tokens");
    expect(error).toEqual({ detail: "no [redacted]" });
    expect(inspect([...response.headers])).not.toContain(TOKEN);
    expect(response.status).toBe(400);
  });

  test("and breaks off within it keeps the status, and quotes nothing", async () => {
    const body = () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(`{"detail":"no ${TOKEN.slice(0, -1)}`));
        },
        pull(controller) {
          controller.error(new TypeError("terminated"));
        },
      });
    const { make } = scripted([() => new Response(body(), { status: 401 })]);
    const error = await failureOf(make.apiTokens.list());
    expect(error).toBeInstanceOf(MakeApiError);
    expect(error).toMatchObject({ status: 401, detail: undefined, outcome: "rejected" });
    expect(inspect(error)).not.toContain(TOKEN.slice(0, 8));
  });
});

describe("a create that is answered with an error shows no secret, though nobody knows it yet,", () => {
  const apiToken = { ...API_TOKEN, token: SECRET };
  const text = JSON.stringify({ apiToken });
  const REQUEST_ID = "0b8e6c1a-3f52-4a7b-9c1d-8e2f6a5b4c3d";

  test.each<[string, string]>([
    ["as documented for a success", text],
    ["with text after it", `${text}\n<!-- upstream timed out -->`],
    ["cut", text.slice(0, -1)],
    ["with a warning before it", `Notice: x\n${text}`],
    ["twice", text + text],
    ["without its envelope", JSON.stringify(apiToken)],
    ["in a list", JSON.stringify({ apiTokens: [apiToken] })],
    ["inside detail", JSON.stringify({ detail: `created ${SECRET}`, code: "SC500" })],
    ["as JSON inside detail", JSON.stringify({ detail: text, suberrors: [{ message: text }] })],
    ["in a query", `GET /?token=${SECRET} failed`],
  ])("%s", async (_, body) => {
    for (const status of [302, 400, 502]) {
      const init = { status, headers: { "x-request-id": REQUEST_ID, Location: `/?${SECRET}` } };
      const { make } = scripted([() => new Response(body, init)], { retries: 0 });
      const error = await failureOf(make.apiTokens.create(SPEC));
      expect(error).toBeInstanceOf(MakeApiError);
      expect(error).toMatchObject({ status, requestId: REQUEST_ID });
      const raw = await make.raw.POST("/users/me/api-tokens", { body: SPEC });
      expect(raw.response.status).toBe(status);
      expect(raw.response.headers.get("x-request-id")).toBe(REQUEST_ID);
      const texts = [shown(error), inspect(raw.error), inspect([...raw.response.headers])];
      for (const it of [...texts, JSON.stringify(raw.error)]) {
        expect(it).not.toContain(SECRET);
      }
    }
  });
});

test("a successor that bears the timestamp of a third token is not deleted by it", async () => {
  const third = { ...API_TOKEN, created: "2021-01-01T00:00:00.000Z", label: "third" };
  const { make, sent } = scripted([
    () => listed(API_TOKEN, third),
    () => created({ ...third, token: SECRET }),
  ]);
  const failure = new Error("the vault is sealed");
  const error = await failureOf(
    make.apiTokens.rotate(API_TOKEN.created, { store: () => Promise.reject(failure) }),
  );
  expect(error).toBeInstanceOf(MakeError);
  expect(error).toMatchObject({ successor: third.created, cause: { message: failure.message } });
  expect(sent.map(({ method }) => method)).toEqual(["GET", "POST"]);
});

test.each([0, -1, NaN, "none"])("a fault cannot be asked for %s times", async (times) => {
  const { zone } = await startZone();
  expect(() => zone.fail("reset", { times: times as number })).toThrow(TypeError);
});
