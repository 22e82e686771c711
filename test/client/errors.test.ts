import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as all from "make-api-tokens";
import { MakeApiError, MakeConnectionError, MakeError, MakeResponseError } from "make-api-tokens";
import { expect, test } from "vitest";
import { type Answering, answering, json } from "./answers.js";
import { CALLS, type CallName, MADE, NAMES, OPERATIONS, SPEC, TOKENS } from "./fixtures.js";
import { failureOf, scripted } from "./support.js";

async function failureWith(answer: Answering, name: CallName = "list") {
  const { make } = scripted([answer], { retries: 0 });
  return (await failureOf(CALLS[name](make))) as MakeApiError;
}

test("errors form a family, and a minifier changes no class's name", async () => {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "make-api-tokens"', resolveDir: import.meta.dirname },
    ...{ bundle: true, minify: true, format: "esm", platform: "node", write: false },
    tsconfig: fileURLToPath(new URL("../../tsconfig.json", import.meta.url)),
  });
  const code = `data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? "")}`;
  const minified: typeof all = await import(/* @vite-ignore */ code);
  for (const [child, parent] of Object.entries({
    ...{ MakeApiError: "MakeError", MakeConnectionError: "MakeError" },
    ...{ MakeTimeoutError: "MakeConnectionError", MakeResponseError: "MakeError" },
    ...{ MakeError: "Error", NotStoredError: "Error" },
  })) {
    const Class = minified[child as "MakeError"];
    const names = [Class.name, Class.prototype.name, Object.getPrototypeOf(Class).name];
    expect(names).toEqual([child, child, parent]);
  }
});

const SCOPES = { list: "user:read", create: "user:write", delete: "user:write" };
const WORDS = {
  ...{ detail: "Access denied.", code: "SC403" },
  suberrors: [{ message: "scope is missing" }, { message: "zone is wrong" }],
};
const BODY = { message: "Permission denied", ...WORDS };

test.each(NAMES)("an error answer to a %s has Make's words and its facts", async (name) => {
  const headers = { "x-request-id": "req-7", "Retry-After": "5" };
  const error = await failureWith(() => json(BODY, { status: 403, headers }), name);
  const facts = { operation: OPERATIONS[name], zone: "make.example", attempts: 1 };
  const answered = { status: 403, ...WORDS, requestId: "req-7", retryAfterMs: 5000 };
  expect(error).toMatchObject({ name: "MakeApiError", ...facts, ...answered });
  const parts = [WORDS.detail, WORDS.code, BODY.message, "scope is missing", "zone is wrong"];
  for (const part of [OPERATIONS[name], "make.example", "403", ...parts, SCOPES[name]]) {
    expect(error.message).toContain(part);
  }
});

test("an error answer names the scopes that a token needs for a 401 and a 403 alone", async () => {
  const statuses = [400, 401, 403, 404, 500];
  const errors = await Promise.all(statuses.map((it) => failureWith(answering(it))));
  const naming = errors.filter(({ message }) => message.includes("user:read"));
  expect(naming.map(({ status }) => status)).toEqual([401, 403]);
});

test.each([300, 302, 303, 307, 308])("a redirect, %d, is not followed", async (status) => {
  const error = await failureWith(answering(status));
  expect(error).toMatchObject({ constructor: MakeApiError, status, outcome: "unknown" });
  expect(error.message).toMatch(/redirect.*not followed/i);
});

test.each<[string, BodyInit | null, Partial<MakeApiError>]>([
  ["nothing", null, { detail: undefined, code: undefined, suberrors: [] }],
  ["HTML", "<h1>502 Bad Gateway</h1>", { detail: "<h1>502 Bad Gateway</h1>" }],
  ["text", "upstream timed out\n", { detail: "upstream timed out" }],
  ["JSON of another form", '{"error":"no"}', { detail: '{"error":"no"}', code: undefined }],
  ["a message alone", '{"message":"no"}', { detail: "no" }],
  ["other types", '{"detail":{},"message":1,"code":2,"suberrors":3}', { code: undefined }],
  ["odd suberrors", '{"detail":"d","suberrors":[null,1,"x",{},{"message":2}]}', { detail: "d" }],
])("an error answer with a body of %s keeps the status", async (_, body, expected) => {
  const error = await failureWith(() => new Response(body, { status: 400 }));
  expect(error).toMatchObject({ constructor: MakeApiError, status: 400, ...expected });
  expect(error.message).toContain(": 400");
  expect(error.message).not.toMatch(/· ?[.·]/);
});

test.each<[CallName, unknown]>([
  ...["token", "scope", "created", "label"].flatMap((name): [CallName, unknown][] => [
    ["list", { apiTokens: [MADE, { ...MADE, [name]: undefined }] }],
    ["create", { apiToken: { ...MADE, [name]: 1 } }],
  ]),
  ["list", { apiTokens: [{ ...MADE, scope: "user:read" }] }],
  ["list", { apiTokens: [{ ...MADE, scope: [1] }] }],
  ["list", { apiTokens: [null] }],
  ["list", { apiTokens: {} }],
  ...NAMES.map((name): [CallName, unknown] => [name, null]),
  ["create", { apiToken: { ...MADE, token: "" } }],
  ["create", { apiToken: [] }],
  ["delete", { apiToken: {} }],
  ["delete", {}],
])("an answer to a %s that is not documented is refused: %j", async (name, body) => {
  const error = await failureWith(() => json(body), name);
  const facts = { operation: OPERATIONS[name], outcome: "unknown", attempts: 1 };
  expect(error).toMatchObject({ constructor: MakeResponseError, ...facts });
});

const TEXT = JSON.stringify({ apiToken: MADE });
const HEAD = { ok: true, status: 200, statusText: "OK", headers: new Headers() };
const bytes = () => new TextEncoder().encode(TEXT).buffer;
const singly = (text: string) =>
  Readable.toWeb(Readable.from([...text].map((it) => Buffer.from(it))));

test.each<[string, () => object]>([
  ["a stream of single bytes", () => ({ body: singly(TEXT) })],
  ["a Node stream", () => ({ body: Readable.from([bytes()]) })],
  ["none", () => ({})],
  ["null", () => ({ body: null })],
])("an answer whose body is %s is read", async (_, parts) => {
  const like = () => ({ ...HEAD, arrayBuffer: async () => bytes(), ...parts() }) as Response;
  const { make } = scripted([like]);
  expect(await make.apiTokens.create(SPEC)).toEqual(MADE);
  const { data, response } = await make.raw.POST(TOKENS, { body: SPEC });
  expect([data?.apiToken, response.status]).toEqual([MADE, 200]);
});

const readBefore = async () => {
  const response = new Response(TEXT);
  await response.text();
  return response;
};

test.each<[string, () => unknown, (new (...args: never) => Error)?]>([
  ["nothing", () => undefined],
  ["text", () => TEXT],
  ["the data itself", () => JSON.parse(TEXT)],
  ["no status", () => ({ ...HEAD, status: undefined })],
  ["a status in words", () => ({ ...HEAD, status: "200" })],
  ["a status that is none", () => ({ ...HEAD, status: 999, arrayBuffer: bytes }), MakeApiError],
  ["no headers", () => ({ ...HEAD, headers: undefined })],
  ["no way to be read", () => HEAD, MakeError],
  ["a stream of no bytes", () => ({ ...HEAD, body: Readable.toWeb(Readable.from([{ a: 1 }])) })],
  ["a body that was read before", readBefore, MakeError],
  [
    "bytes that do not come",
    () => ({ ...HEAD, arrayBuffer: () => Promise.reject(new Error("closed")) }),
    MakeConnectionError,
  ],
])("nonsense for an answer is a MakeError: %s", async (_, answer, Class = MakeResponseError) => {
  const { make, sent } = scripted([answer as Answering]);
  for (const call of [make.apiTokens.create(SPEC), make.raw.POST(TOKENS, { body: SPEC })]) {
    const error = await failureOf(call);
    expect(error).toBeInstanceOf(Class);
    expect(error).toMatchObject({ outcome: "unknown", attempts: 1 });
    expect(error.message).not.toMatch(/undefined|\[object/);
  }
  expect(sent).toHaveLength(2);
});
