import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  type Attempt,
  createMakeClient,
  type MakeClientOptions,
  MakeConnectionError,
  MakeError,
} from "../../src/index.js";
import { startFakeZone } from "../../src/testing/index.js";
import {
  CALLS,
  type CallName,
  FAULT_ROWS,
  type FaultRow,
  isEndless,
  testOf,
  titleOf,
} from "./fault-rows.js";
import { HIDING_PLACES } from "./hiding-places.js";
import {
  type Answering,
  API_TOKEN,
  created,
  CREATED,
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

beforeAll(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterAll(() => {
  vi.restoreAllMocks();
});

/** A secret in the forms that it takes on its way. */
const forms = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
];
function expectClean(value: unknown, ...secrets: string[]): void {
  const text = shown(value);
  for (const form of secrets.flatMap(forms)) expect(text).not.toContain(form);
}

describe("nothing shows a secret where there is", () => {
  async function expectNoSecret([fault, when, name]: FaultRow): Promise<void> {
    await using zone = await startFakeZone();
    const attempts: Attempt[] = [];
    const make = createMakeClient({
      baseUrl: zone.baseUrl,
      token: zone.token,
      retries: isEndless(fault) ? 0 : 2,
      timeout: isEndless(fault) ? 1000 : 30_000,
      onAttempt: (attempt) => void attempts.push(attempt),
    });
    const old = await make.apiTokens.create(SPEC);
    zone.fail(fault, when);
    const error = await failureOf(CALLS[name](make, old.created));
    const secrets = [old.token, zone.token, ...zone.tokens.map((it) => it.token)];
    expectClean(error, ...secrets);
    expectClean(attempts, ...secrets);
  }

  for (const row of FAULT_ROWS) testOf(row[0])(titleOf(row), () => expectNoSecret(row));
});

describe("a server that echoes secrets", () => {
  const [token, secret] = [TOKEN, SECRET];
  const both = `Token ${token} and ${secret}`;
  const error = (body: unknown, init: ResponseInit = {}): Answering =>
    typeof body === "string"
      ? () => new Response(body, { status: 400, ...init })
      : () => json(body, { status: 400, ...init });

  test.each<[string, Answering]>([
    ["detail", error({ detail: both, message: "m", code: "c" })],
    ["message", error({ message: both })],
    ["code", error({ detail: "d", code: token })],
    ["suberrors", error({ detail: "d", suberrors: [{ message: token }, { message: secret }] })],
    ["JSON of another form", error({ error: { request: { headers: [token, secret] } } })],
    ["a JSON string", error(JSON.stringify(both))],
    ["a cut JSON string", error(JSON.stringify({ detail: both }).slice(0, -1))],
    ["a query", error(`GET /?${encodeURIComponent(token)}&${encodeURIComponent(secret)} failed`)],
    ["HTML", error(`<pre>${both}</pre>`, { status: 500 })],
    ["text that is cut within it", error(`${"x".repeat(280)}${token}${"x".repeat(280)}${secret}`)],
    ["text over several lines", error(`a\n${token}\r\n\t${secret}\0`)],
    ["x-request-id", error("", { headers: { "x-request-id": `Token ${token}` } })],
    [
      "Location",
      error("", { status: 307, headers: { Location: `/?${encodeURIComponent(both)}` } }),
    ],
    ["status text", error("", { statusText: encodeURIComponent(both) })],
    ["a 200 of another form", () => json({ apiTokens: [{ token }, { token: secret }] })],
    ["a 200 that is not JSON", () => new Response(`{"apiTokens":[${both}`)],
    ["a 200 that JSON.parse would quote", () => new Response(`{"a":${secret}}`)],
    ["a failing stream", () => new Response(failing(both))],
  ])("in %s finds none in the error", async (_, answer) => {
    for (const name of Object.keys(CALLS) as CallName[]) {
      const attempts: Attempt[] = [];
      const { make } = scripted([() => created({ ...API_TOKEN, token: secret }), answer], {
        token,
        retries: 0,
        onAttempt: (attempt) => void attempts.push(attempt),
      });
      await make.apiTokens.create(SPEC);
      const failure = await failureOf(CALLS[name](make, CREATED));
      expect(failure).toBeInstanceOf(MakeError);
      expectClean(failure, token, secret);
      expectClean(attempts, token, secret);
    }
  });

  const failing = (message: string) =>
    new ReadableStream({ pull: (controller) => controller.error(new Error(message)) });
});

describe("a fetch that throws an error with the token in", () => {
  test.each(HIDING_PLACES)("%s does not show it", async (_, hide) => {
    // A token that is a word may be taken for the code of an error.
    for (const token of [TOKEN, "abcdef0123456789abcdef0123456789"]) {
      const attempts: Attempt[] = [];
      const { make } = scripted([() => Promise.reject(hide(token))], {
        token,
        retries: 1,
        onAttempt: (attempt) => void attempts.push(attempt),
      });
      for (const call of [make.apiTokens.list(), make.raw.GET("/users/me/api-tokens")]) {
        const error = await failureOf(call);
        expect(error.constructor).toBe(MakeConnectionError);
        expectClean(error, token);
      }
      expectClean(attempts, token);
      expect(attempts).toHaveLength(4);
    }
  });

  test("the init that it was called with does not show it", async () => {
    const { make } = scripted([
      ({ init, url }) =>
        Promise.reject(Object.assign(new TypeError("fetch failed"), { init, url })),
      ({ init, url }) => Promise.reject(new Error("x", { cause: new Request(url, init) })),
    ]);
    expectClean(await failureOf(make.apiTokens.create(SPEC)), TOKEN);
    expectClean(await failureOf(make.apiTokens.create(SPEC)), TOKEN);
  });
});

describe("a token function that throws an error with an earlier token in", () => {
  test.each(HIDING_PLACES)("%s does not show it", async (_, hide) => {
    const token = vi.fn<() => string>().mockReturnValueOnce(TOKEN);
    token.mockImplementation(() => {
      throw hide(TOKEN);
    });
    const { make } = scripted([() => listed()], { token });
    await make.apiTokens.list();
    const error = await failureOf(make.apiTokens.list());
    expect(error.constructor).toBe(MakeError);
    expectClean(error, TOKEN);
  });
});

describe("rotate with a store that throws an error with the successor's secret in", () => {
  test.each(HIDING_PLACES)("%s does not show it, and both tokens stay alive", async (_, hide) => {
    const { zone, make } = await startZone();
    const old = await make.apiTokens.create(SPEC);
    let secret = "";
    const error = await failureOf(
      make.apiTokens.rotate(old.created, {
        store(successor) {
          secret = successor.token;
          throw hide(secret);
        },
      }),
    );
    expect(secret).not.toBe("");
    expectClean(error, secret, old.token, zone.token);
    expect(zone.tokens.map((it) => it.token)).toEqual([zone.token, old.token, secret]);
  });
});

describe("a secret is known", () => {
  const options: Partial<MakeClientOptions> = { retries: 0 };
  const echo: Answering = () => json({ detail: `no ${SECRET}` }, { status: 400 });
  const token = { ...API_TOKEN, token: SECRET };

  test.each(["json", "text", "stream"] as const)(
    "where raw created it, read as %s",
    async (parseAs) => {
      const { make } = scripted([() => created(), echo], options);
      await make.raw.POST("/users/me/api-tokens", { body: SPEC, parseAs });
      expectClean(await failureOf(make.apiTokens.list()), SECRET);
    },
  );

  test("in the error answers that raw returns", async () => {
    const both = `Token ${TOKEN} and ${SECRET}`;
    const headers = { "x-request-id": `Token ${TOKEN}`, Location: `/?${encodeURIComponent(both)}` };
    const answers: Answering[] = [both, JSON.stringify({ detail: both })].flatMap((body) =>
      [302, 400, 500].map(
        (status) => () => new Response(body, { status, statusText: both, headers }),
      ),
    );
    const { make } = scripted([() => created(), ...answers], options);
    await make.apiTokens.create(SPEC);
    for (const _ of answers) {
      const { error, response } = await make.raw.GET("/users/me/api-tokens");
      expect(JSON.stringify(error)).toMatch(/Token .* and /);
      expectClean([error, response, response.statusText, ...response.headers], TOKEN, SECRET);
    }
  });

  test.each<[string, Answering]>([
    ["comes without a label", () => created({ ...token, label: undefined })],
    ["comes with a gateway's status", () => json({ apiToken: token }, { status: 502 })],
    ["comes with a redirect", () => json({ apiToken: token }, { status: 302 })],
  ])("where the answer to its creation %s", async (_, answer) => {
    const { make } = scripted([answer, echo], options);
    expectClean(await failureOf(make.apiTokens.create(SPEC)), SECRET);
    expectClean(await failureOf(make.apiTokens.list()), SECRET);
  });

  test("and an empty one is no answer", async () => {
    const { make } = scripted([() => created({ ...token, token: "" }), echo], options);
    expect(await failureOf(make.apiTokens.create(SPEC))).toMatchObject({ outcome: "unknown" });
    expect((await failureOf(make.apiTokens.list())).message).not.toContain("[redacted]S");
  });

  test("where it stands in a path that the specification does not have", async () => {
    const attempts: Attempt[] = [];
    const { make } = scripted([() => Promise.reject(new Error("x"))], {
      ...options,
      onAttempt: (attempt) => void attempts.push(attempt),
    });
    const path = `/users/${TOKEN}` as "/users/me/api-tokens";
    const error = await failureOf(make.raw.GET(path));
    expect(error.constructor).toBe(MakeConnectionError);
    expectClean(error, TOKEN);
    expectClean(attempts, TOKEN);
  });
});

test("inspecting a client, before and after its calls, shows no secret", async () => {
  const { zone, make } = await startZone();
  expectClean(make, zone.token);
  const { token } = await make.apiTokens.create(SPEC);
  const answer = await make.raw.GET("/users/me/api-tokens");
  expectClean([make, make.apiTokens, make.raw, answer, answer.response], zone.token, token);
});
