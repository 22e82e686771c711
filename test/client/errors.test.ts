import { describe, expect, test } from "vitest";
import { MakeApiError, MakeResponseError } from "../../src/index.js";
import { CALLS, type CallName, OPERATIONS } from "./fault-rows.js";
import { CREATED, failureOf, json, scripted, SPEC } from "./support.js";

const NAMES = Object.keys(CALLS) as CallName[];
const SCOPES = { list: "user:read", create: "user:write", delete: "user:write" };

async function failureWith(answer: () => Response, name: CallName = "list") {
  const { make } = scripted([answer], { retries: 0 });
  return (await failureOf(CALLS[name](make, CREATED))) as MakeApiError;
}
const text = (body: BodyInit | null, status = 400) =>
  failureWith(() => new Response(body, { status }));

describe("an error answer", () => {
  test("is told in Make's words, with its facts as properties", async () => {
    const error = await failureWith(() =>
      json(
        {
          detail: "Access denied.",
          message: "Permission denied",
          code: "SC403",
          suberrors: [{ message: "scope is missing" }, { message: "zone is wrong" }],
        },
        { status: 403, headers: { "x-request-id": "req-7", "Retry-After": "5" } },
      ),
    );
    expect(error).toMatchObject({
      name: "MakeApiError",
      status: 403,
      code: "SC403",
      detail: "Access denied.",
      suberrors: [{ message: "scope is missing" }, { message: "zone is wrong" }],
      requestId: "req-7",
      retryAfterMs: 5000,
      operation: OPERATIONS.list,
      zone: "make.example",
      attempts: 1,
      outcome: "rejected",
    });
    for (const part of [
      OPERATIONS.list,
      "make.example",
      "403",
      "SC403",
      "Access denied.",
      "Permission denied",
      "scope is missing",
      "zone is wrong",
    ]) {
      expect(error.message).toContain(part);
    }
  });

  test.each([401, 403])(
    "of status %d names the zone, the scopes, and Make's words",
    async (status) => {
      const body = { detail: "Access denied.", message: "Permission denied", code: "SC403" };
      for (const name of NAMES) {
        const { message } = await failureWith(() => json(body, { status }), name);
        for (const part of ["make.example", SCOPES[name], "SC403", "Access denied."]) {
          expect(message).toContain(part);
        }
      }
    },
  );

  test("of another status does not blame the token", async () => {
    expect((await text("", 400)).message).not.toContain("user:read");
  });

  test.each([300, 301, 302, 303, 307, 308])(
    "of status %d says that it is not followed",
    async (status) => {
      const error = await text("", status);
      expect(error.constructor).toBe(MakeApiError);
      expect(error.message).toMatch(/redirect.*not followed/i);
      expect(error).toMatchObject({ status, outcome: "unknown" });
    },
  );

  test("that a browser hides, because it is a redirect, has the status 0", async () => {
    const hidden = () =>
      Object.defineProperties(new Response(null), { status: { value: 0 }, ok: { value: false } });
    const { make } = scripted([hidden]);
    for (const call of [make.apiTokens.create(SPEC), make.raw.GET("/users/me/api-tokens")]) {
      const error = await failureOf(call);
      expect(error.constructor).toBe(MakeApiError);
      expect(error).toMatchObject({ status: 0, outcome: "unknown" });
    }
  });
});

describe("an error body", () => {
  test.each<[string, BodyInit | null, Partial<MakeApiError>]>([
    ["nothing", null, { detail: undefined, code: undefined, suberrors: [] }],
    ["an empty text", "", { detail: undefined }],
    ["HTML", "<h1>502 Bad Gateway</h1>", { detail: "<h1>502 Bad Gateway</h1>" }],
    ["text", "upstream timed out\n", { detail: "upstream timed out" }],
    ["JSON of another form", '{"error":"no"}', { detail: '{"error":"no"}', code: undefined }],
    ["a message alone", '{"message":"no"}', { detail: "no" }],
    ["an array", '["no"]', { detail: '["no"]', suberrors: [] }],
    ["a JSON string", '"no"', { detail: '"no"' }],
    ["null", "null", { detail: "null" }],
    ["0", "0", { detail: "0" }],
    ["false", "false", { detail: "false" }],
    ["cut JSON", '{"detail":"Acc', { detail: '{"detail":"Acc' }],
    ["other types", '{"detail":{},"message":1,"code":2,"suberrors":3}', { code: undefined }],
    [
      "odd suberrors",
      '{"detail":"d","suberrors":[null,1,"x",{},{"message":2},{"message":"m"}]}',
      { suberrors: expect.arrayContaining([{ message: "m" }]) as MakeApiError["suberrors"] },
    ],
    ["an own __proto__", '{"detail":"d","__proto__":{"code":"evil"}}', { code: undefined }],
    ["bytes that are no text", Uint8Array.of(0xff, 0xfe, 0x00, 0x41), { code: undefined }],
  ])("of %s keeps the status", async (_, body, expected) => {
    for (const status of [400, 500]) {
      const error = await text(body, status);
      expect(error.constructor).toBe(MakeApiError);
      expect(error).toMatchObject({ status, ...expected });
      expect(error.message).toContain(String(status));
    }
  });

  test("is cut to a readable length", async () => {
    const long = "x".repeat(2 ** 19);
    const many = Array(10_000).fill({ message: "y".repeat(1000) });
    for (const body of [
      long,
      JSON.stringify({ detail: long, message: long, code: long }),
      JSON.stringify({ detail: "d", suberrors: many.slice(0, 500) }),
    ]) {
      const error = await text(body);
      expect(error.message.length).toBeLessThan(2000);
      expect((error.detail ?? "").length).toBeLessThan(1000);
      expect((error.code ?? "").length).toBeLessThan(1000);
      expect(error.suberrors.length).toBeLessThan(100);
    }
  });

  test("cannot steer a terminal or break a line of a log", async () => {
    const evil = "a\u001b[31mb\u0007c\nd\re\u2028f\u202eg\u0085h\u009bi\u200bj";
    for (const body of [evil, JSON.stringify({ detail: evil, message: evil, code: evil })]) {
      const { message, detail, code } = await text(body);
      for (const part of [message, detail, code ?? ""]) {
        expect(part).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u);
      }
    }
  });
});

describe("an answer that is not documented", () => {
  test.each<[CallName, unknown]>([
    ["list", { apiTokens: [{ token: "x", scope: [], created: CREATED }] }],
    ["list", { apiTokens: [{ token: "x", scope: "user:read", created: CREATED, label: "l" }] }],
    ["list", { apiTokens: [{ token: "x", scope: [1], created: CREATED, label: "l" }] }],
    ["list", { apiTokens: [{ token: "x", scope: [], created: 1, label: "l" }] }],
    ["list", { apiTokens: {} }],
    ["list", {}],
    ["list", []],
    ["list", "apiTokens"],
    ["create", { apiToken: { scope: [], created: CREATED, label: "l" } }],
    ["create", { apiToken: { token: null, scope: [], created: CREATED, label: "l" } }],
    ["create", { apiToken: [] }],
    ["create", { apiTokens: [] }],
    ["delete", { apiToken: {} }],
    ["delete", {}],
    ["delete", null],
  ])("%s: %j is a MakeResponseError of unknown outcome", async (name, body) => {
    const error = await failureWith(() => json(body), name);
    expect(error.constructor).toBe(MakeResponseError);
    expect(error).toMatchObject({ operation: OPERATIONS[name], outcome: "unknown", attempts: 1 });
  });

  test("says how to find what a create may have left, and only then", async () => {
    for (const name of NAMES) {
      const { message } = await failureWith(() => json({}), name);
      expect(/list\(\).*delete\(\)/.test(message)).toBe(name === "create");
    }
  });
});
