import { Readable } from "node:stream";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  type Attempt,
  MakeApiError,
  MakeConnectionError,
  MakeResponseError,
} from "../../src/index.js";
import {
  type Answering,
  API_TOKEN,
  created,
  failureOf,
  json,
  scripted,
  SECRET,
  SPEC,
} from "./support.js";

afterEach(() => {
  vi.restoreAllMocks();
});

const CREATED_TOKEN = { ...API_TOKEN, token: SECRET };
const TEXT = JSON.stringify({ apiToken: CREATED_TOKEN });
const bytes = (text = TEXT) => new TextEncoder().encode(text);
const HEAD = { ok: true, status: 200, statusText: "OK", headers: new Headers() };

/** What stands for a `Response` in other implementations of fetch, and in mocks. */
const answering =
  (parts: () => unknown): Answering =>
  () =>
    parts() as Response;

const streamOf = (...chunks: unknown[]) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

describe("the answer to a create is read", () => {
  test.each<[string, () => object]>([
    [
      "whose body is a Node stream",
      () => ({ body: Readable.from([bytes()]), arrayBuffer: async () => bytes().buffer }),
    ],
    ["that has no body, but bytes", () => ({ arrayBuffer: async () => bytes().buffer })],
    ["whose body is null", () => ({ body: null, arrayBuffer: async () => bytes().buffer })],
    ["that gives a Buffer", () => ({ arrayBuffer: async () => Buffer.from(TEXT) })],
    [
      "whose body gives Buffers",
      () => ({ body: streamOf(...[...TEXT].map((it) => Buffer.from(it))) }),
    ],
    ["that says no `ok`", () => ({ ok: undefined, arrayBuffer: async () => bytes().buffer })],
    [
      "whose headers are a Map",
      () => ({ headers: new Map([["x-a", "1"]]), arrayBuffer: async () => bytes().buffer }),
    ],
    [
      "whose headers know get alone",
      () => ({ headers: { get: () => undefined }, arrayBuffer: async () => bytes().buffer }),
    ],
  ])("%s", async (_, parts) => {
    const answer = answering(() => ({ ...HEAD, ...parts() }));
    const { make, sent } = scripted([answer]);
    expect(await make.apiTokens.create(SPEC)).toEqual(CREATED_TOKEN);
    const { data, response } = await make.raw.POST("/users/me/api-tokens", { body: SPEC });
    expect(data?.apiToken).toEqual(CREATED_TOKEN);
    expect(response.status).toBe(200);
    expect(sent).toHaveLength(2);
  });
});

describe("an answer of unknown outcome that says what is wrong with it", () => {
  test.each<[string, () => unknown, RegExp]>([
    ["is nothing", () => undefined, /no Response.*without a status/],
    ["is null", () => null, /no Response.*without a status/],
    ["is text", () => TEXT, /no Response.*without a status/],
    ["is the data itself", () => JSON.parse(TEXT), /no Response.*without a status/],
    ["has a status in words", () => ({ ...HEAD, status: "200" }), /no Response.*without a status/],
    ["has no headers", () => ({ ...HEAD, headers: undefined }), /no Response.*headers/],
    ["has null for headers", () => ({ ...HEAD, headers: null }), /no Response.*headers/],
    ["is locked", () => ({ ...HEAD, body: locked(streamOf(bytes())) }), /body.*read before/],
  ])("%s", async (_, answer, message) => {
    const attempts: Attempt[] = [];
    const { make, sent } = scripted([answering(answer)], {
      onAttempt: (attempt) => void attempts.push(attempt),
    });
    const calls = [
      () => make.apiTokens.create(SPEC),
      () => make.apiTokens.list(),
      () => make.raw.POST("/users/me/api-tokens", { body: SPEC }),
    ];
    for (const call of calls) {
      const error = await failureOf(call);
      expect(error.constructor).toBe(MakeResponseError);
      expect(error).toMatchObject({ outcome: "unknown", attempts: 1 });
      expect(error.message).toMatch(message);
      expect(error.message).not.toMatch(/undefined|\[object/);
    }
    expect(sent).toHaveLength(calls.length);
    expect(attempts.map((it) => it.error)).toEqual(Array(calls.length).fill("unusable"));
  });

  function locked(stream: ReadableStream): ReadableStream {
    stream.getReader();
    return stream;
  }

  test("was read before", async () => {
    const answer: Answering = async () => {
      const response = created(CREATED_TOKEN);
      await response.text();
      return response;
    };
    const { make } = scripted([answer]);
    const error = await failureOf(make.apiTokens.create(SPEC));
    expect(error.constructor).toBe(MakeResponseError);
    expect(error.message).toMatch(/body.*read before/);
  });
});

test("an error answer that cannot be read keeps its status", async () => {
  const { make } = scripted([answering(() => ({ ...HEAD, ok: false, status: 403 }))]);
  const error = await failureOf(make.apiTokens.create(SPEC));
  expect(error.constructor).toBe(MakeApiError);
  expect(error).toMatchObject({ status: 403, outcome: "rejected", detail: undefined });
  expect((await make.raw.GET("/users/me/api-tokens")).response.status).toBe(403);
});

test("an answer that fails while its bytes are taken is a connection that failed", async () => {
  const fails = () => ({ ...HEAD, arrayBuffer: () => Promise.reject(new Error("socket closed")) });
  const { make, sent } = scripted([answering(fails)], { retries: 0 });
  const error = await failureOf(make.apiTokens.create(SPEC));
  expect(error.constructor).toBe(MakeConnectionError);
  expect(error).toMatchObject({ outcome: "unknown", cause: { message: "socket closed" } });
  expect(sent).toHaveLength(1);
});

test("a Node stream that nobody reads is destroyed", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  const body = new Readable({ read: () => {} });
  const busy = answering(() => ({ ...HEAD, ok: false, status: 503, body }));
  const { make } = scripted([busy, () => json({ apiTokens: [] })]);
  expect(await make.apiTokens.list()).toEqual([]);
  expect(body.destroyed).toBe(true);
});
