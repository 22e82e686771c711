import { type MakeApiError, MakeError, NotStoredError } from "make-api-tokens";
import { describe, expect, test } from "vitest";
import { answering, json, rejecting, succeeding } from "./answers.js";
import { CALLS, NAMES, OPERATIONS, SECRET, SPEC, TOKEN, TOKENS } from "./fixtures.js";
import { failureOf, scripted, shown, startRotation, startZone } from "./support.js";

/** Of another form than Make's, and as short as a secret may be: only the client can know it. */
const OTHER_TOKEN = "s3cret-8";

function expectNone(value: unknown, ...secrets: string[]): void {
  const text = [value].flat().map(shown).join("\n").toLowerCase();
  for (const secret of secrets) expect(text).not.toContain(secret.toLowerCase());
}

/** Answers that hold secrets, by the status and the body. */
const ECHOES: Readonly<Record<string, (both: string) => [status: number, body: unknown]>> = {
  detail: (both) => [400, { detail: both, message: "m", code: "c" }],
  code: (both) => [400, { detail: "d", code: both }],
  suberrors: (both) => [400, { detail: "d", suberrors: [{ message: both }] }],
  "JSON of another form": (both) => [502, { error: { request: { headers: [both] } } }],
  "a new token, after all": (both) => [502, { apiToken: { token: both, label: "ci" } }],
  "capital letters": (both) => [400, { detail: both.replace(SECRET, (it) => it.toUpperCase()) }],
  "cut JSON": (both) => [400, `{"detail":"${both}`],
  HTML: (both) => [500, `<pre>${both}</pre>`],
  "a query": (both) => [302, `GET /?${both.replaceAll(" ", "&")} failed`],
  "text that is cut within it": (both) => [400, "x".repeat(280) + both.slice(6)],
  "text over several lines": (both) => [400, both.replaceAll(" ", "\r\n\t")],
  "a 200 of another form": (both) => [200, { apiTokens: [{ token: both }], apiToken: { both } }],
  "a 200 that JSON.parse would quote": (both) => [200, `{"a":${both.slice(6)}`],
};

test.each(Object.entries(ECHOES))(
  "no error shows a secret that the server echoes in %s",
  async (_, write) => {
    for (const token of [TOKEN, OTHER_TOKEN]) {
      const [status, body] = write(`Token ${token} and ${SECRET}`);
      const headers = { Location: `/?${token}&${SECRET}`, "x-echo": `Token ${token}, ${SECRET}` };
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const echo = answering(status, headers, text);
      const { make, attempts } = scripted([echo], { token, retries: 0 });
      for (const name of NAMES) {
        const error = await failureOf(CALLS[name](make));
        expect(error).toBeInstanceOf(MakeError);
        expectNone([error, attempts], token, SECRET);
      }
      if (status === 200) continue;
      const { error, response } = await make.raw.POST(TOKENS, { body: SPEC });
      expectNone([error, response, ...response.headers], token, SECRET);
    }
  },
);

test("no error shows a secret in an answer that breaks off", async () => {
  const reason = new Error(`Token ${TOKEN}, ${SECRET}`);
  const broken = () => new Response(new ReadableStream({ pull: (it) => it.error(reason) }));
  const { make } = scripted([broken], { retries: 0 });
  for (const name of NAMES) expectNone(await failureOf(CALLS[name](make)), TOKEN, SECRET);
});

test("the request's id, which may have the form of a token, stays readable", async () => {
  const { make, attempts } = scripted([answering(400, { "x-request-id": SECRET })]);
  expect(await failureOf(make.apiTokens.list())).toMatchObject({ requestId: SECRET });
  expect(attempts).toMatchObject([{ requestId: SECRET }]);
  const { response } = await make.raw.GET(TOKENS);
  expect(response.headers.get("x-request-id")).toBe(SECRET);
});

const errorWith = (facts: object, message = "x") => Object.assign(new Error(message), facts);
const headersWith = (secret: string) => ({ headers: { Authorization: `Token ${secret}` } });

/** Where an error of other people's code holds a secret. */
const PLACES: Readonly<Record<string, (secret: string) => unknown>> = {
  "its message": (secret) => new Error(`refused Token ${secret}`),
  "its name": (secret) => errorWith({ name: secret }),
  "its code": (secret) => errorWith({ code: secret }),
  "its stack alone": (secret) => errorWith({ message: "x" }, secret),
  "the request that failed": (secret) =>
    new Error("x", { cause: new Request("https://make.example/", headersWith(secret)) }),
  "its cause's cause": (secret) => new Error("x", { cause: new Error("y", { cause: secret }) }),
  "a cycle": (secret) => {
    const error = new Error(secret);
    return Object.assign(error, { cause: error });
  },
  "one of its errors": (secret) => new AggregateError([new Error(secret)], "x"),
  "a DOMException": (secret) => new DOMException(secret, "AbortError"),
  "a string that is thrown": (secret) => `Token ${secret}`,
  "an object that is thrown": (secret) => ({ token: secret }),
};

describe.each(Object.entries(PLACES))(
  "an error with a secret in %s does not show it",
  (_, hide) => {
    test("where fetch throws it", async () => {
      for (const token of [TOKEN, OTHER_TOKEN]) {
        const { make, attempts } = scripted([rejecting(hide(token))], { token, retries: 1 });
        for (const call of [make.apiTokens.list, () => make.raw.GET(TOKENS)]) {
          expectNone([await failureOf(call()), attempts], token);
        }
      }
    });

    test("where the token function throws it", async () => {
      const { make } = scripted([succeeding], { token: () => Promise.reject(hide(TOKEN)) });
      expectNone(await failureOf(make.apiTokens.list()), TOKEN);
    });

    test("where the store of a rotation throws it", async () => {
      const { rotate, zone, old } = await startRotation();
      const error = await failureOf(rotate({ store: ({ token }) => Promise.reject(hide(token)) }));
      expectNone(error, ...zone.tokens.map(({ token }) => token), old.token);
    });
  },
);

const causeOf = async (thrown: unknown) => {
  const { make } = scripted([succeeding], { token: () => Promise.reject(thrown) });
  return (await failureOf(make.apiTokens.list())).cause as Error;
};

test("the cause of an error is a copy of what describes it", async () => {
  const inner = Object.assign(new TypeError(`no ${TOKEN}`), { code: "E1", config: { TOKEN } });
  const thrown = new Error("sealed", { cause: inner });
  const cause = await causeOf(thrown);
  expect(cause).not.toBe(thrown);
  expect(cause).toMatchObject({ name: "Error", message: "sealed" });
  expect(cause.stack).toContain("secrets.test.ts");
  expect(cause.cause).toMatchObject({ name: "TypeError", code: "E1" });
  expect((cause.cause as Error).message).toMatch(/^no \S+$/);
  expect(cause.cause).not.toHaveProperty("config");
});

test("the cause of an error is described by text alone", async () => {
  const none: unknown = Object.create(null);
  const cause = await causeOf(Object.assign(new Error("sealed"), { code: none, stack: none }));
  expect(cause).toMatchObject({ message: "sealed" });
  expect(cause).not.toHaveProperty("code");
  // As gRPC has it.
  expect(await causeOf(Object.assign(new Error("denied"), { code: 7 }))).toMatchObject({
    code: "7",
  });
  for (const thrown of [none, { message: none }]) {
    expect(await causeOf(thrown)).toMatchObject({ message: "no message" });
  }
});

test("the cause of an error is a MakeError or a NotStoredError itself", async () => {
  const { make } = scripted([answering(400)]);
  for (const thrown of [await failureOf(make.apiTokens.list()), new NotStoredError("sealed")]) {
    expect(await causeOf(thrown)).toBe(thrown);
  }
});

test("a token of fewer than 8 characters, as in a test, garbles nothing", async () => {
  const detail = "This is no token of make.example, to be sure.";
  const { make } = scripted([() => json({ detail }, { status: 400 })], { token: "example" });
  const error = await failureOf(make.apiTokens.create(SPEC));
  expect(error).toMatchObject({ detail, zone: "make.example", operation: OPERATIONS.create });
  expect(error.message).toContain(detail);
  expect((await make.raw.GET(TOKENS)).error).toEqual({ detail });
});

test("a token in a path that the specification does not have is not shown", async () => {
  const { make, attempts } = scripted([rejecting(new Error("x"))], { retries: 0 });
  expectNone(await failureOf(make.raw.GET(`/users/${TOKEN}` as typeof TOKENS)), TOKEN);
  expectNone(attempts, TOKEN);
});

test("text of others is on one line, steers no terminal, and is cut", async () => {
  const evil = "a\u001b[31mb\u0007c\nd\re\u2028f\u202eg\u0085h\u009bi";
  for (const text of [evil, "y".repeat(2 ** 16)]) {
    const suberrors = Array(200).fill({ message: text.slice(0, 999) });
    const whole = JSON.stringify({ detail: text, message: text, code: text, suberrors });
    for (const answer of [
      ...[text, whole].map((it) => answering(400, {}, it)),
      rejecting(new Error(text)),
    ]) {
      const { make } = scripted([answer], { retries: 0 });
      const error = (await failureOf(make.apiTokens.list())) as MakeApiError;
      for (const shown of [error.message, error.detail ?? "", error.code ?? ""]) {
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u);
        expect(shown.length).toBeLessThan(2000);
      }
    }
  }
});

test("inspecting a client, before and after its calls, shows no secret", async () => {
  const { zone, make } = await startZone();
  expectNone(make, zone.token);
  const { token } = await make.apiTokens.create(SPEC);
  const { response } = await make.raw.GET(TOKENS);
  expectNone([make, make.apiTokens, make.raw, response], zone.token, token);
});
