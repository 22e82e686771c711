import { createMakeClient, type MakeClientOptions, MakeError, zones } from "make-api-tokens";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answering, hanging, json, succeeding, throwing } from "./answers.js";
import { BASE_URL, CREATED, NAMES, SPEC, TOKEN, TOKENS } from "./fixtures.js";
import { expectRefused, failureOf, scripted } from "./support.js";

beforeEach(() => {
  vi.stubEnv("MAKE_ZONE", undefined);
  vi.stubEnv("MAKE_API_KEY", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Options as JavaScript may pass them. */
const clientOf = (options: object) => createMakeClient(options as MakeClientOptions);
const RIGHT = { baseUrl: BASE_URL, token: TOKEN };
const titled = (values: unknown[]) =>
  values.map((it) => [typeof it === "bigint" ? `${it}n` : (JSON.stringify(it) ?? it), it] as const);

/** Too long for a timer, not a whole number, or none at all. */
const NO_NUMBER = [-1, 1.5, NaN, Infinity, 2 ** 31, "5", true, 5n, {}, [5]];
const NO_TOKEN = [
  ...[`${TOKEN}\n`, `\n${TOKEN}`, `${TOKEN}\r\nX-Evil: 1`, `${TOKEN} `, ` ${TOKEN}`, `${TOKEN}\t`],
  ...[`Token ${TOKEN}`, `${TOKEN} ${TOKEN}`, `${TOKEN}é`, `${TOKEN}\0`, `${TOKEN}\u200b`, ""],
  ...[5, {}, null, [TOKEN]],
];
const NO_BASE_URL = [
  ...["http://make.example/api/v2", "http://127.0.0.1.evil.example/api/v2"],
  ...["http://localhost.evil.example/api/v2", "http://evil.example/127.0.0.1"],
  ...["http://localhost@evil.example/api/v2", "http://evil.example#@127.0.0.1/api/v2"],
  ...["http://evil.example\\@127.0.0.1/api/v2", "http://[::2]/api/v2", "http://0.0.0.0/api/v2"],
  ...["http://126.255.255.255/api/v2", "http://128.0.0.1/api/v2", "ws://localhost/api/v2"],
  ...["https://user@make.example/api/v2", `https://:${TOKEN}@make.example`, "file:///api/v2"],
  ...["https://make.example/api/v2?", `https://make.example/?token=${TOKEN}`, "https://x/#"],
  ...["https://", "make.example/api/v2", "/api/v2", "", " ", 5, {}, null, [BASE_URL]],
];
const NO_ZONE = [
  ...["eu9", "", "EU1", "eu1.make.com.evil.example", "https://eu1.make.com", 1, {}, null],
  ...["constructor", "__proto__", "toString", TOKEN],
];

const LIMITS: [name: string, values: unknown[]][] = [
  ["timeout", [0, ...NO_NUMBER]],
  ["totalTimeout", [0, ...NO_NUMBER]],
  ["retries", NO_NUMBER],
];

describe.each<[name: string, values: unknown[], options?: object]>([
  ...LIMITS,
  ["maxBytes", [0, ...NO_NUMBER]],
  ["fetch", ["fetch", {}, true, 1]],
  ["onAttempt", ["log", {}, true, 1]],
  ["retryDelay", [0, "0", {}, true]],
  ["userAgent", ["a\nb", "a\r\nX-Evil: 1", " a", "ü", "a\0", 5, {}, ["a"], true]],
  ["token", NO_TOKEN],
  ["baseUrl", NO_BASE_URL],
  ["zone", NO_ZONE, { token: TOKEN }],
  ["zone", ["eu1"]],
])("a wrong %s is refused", (name, values, options = RIGHT) => {
  test.each(titled(values))("%s", (_, value) =>
    expectRefused(name, () => clientOf({ ...options, [name]: value })),
  );
});

describe.each([...LIMITS, ["signal", ["now", {}, 5]] as [string, unknown[]]])(
  "a wrong %s of a call is refused, before anything is sent",
  (name, values) => {
    test.each(titled(values))("%s", async (_, value) => {
      const { make, sent } = scripted([succeeding]);
      const options = { [name]: value } as { timeout: number };
      await expectRefused(name, () => make.apiTokens.list(options));
      await expectRefused(name, () => make.raw.GET(TOKENS, options));
      expect(sent).toEqual([]);
    });
  },
);

test.each(["timeout", "totalTimeout", "retries", "maxBytes"])(
  "%s may be 1, and as long as a timer can be",
  (name) => {
    for (const value of [1, 2 ** 31 - 1]) {
      expect(clientOf({ ...RIGHT, [name]: value }).zone).toBe("make.example");
    }
  },
);

test.each([
  ["https://make.example/api/v2///", "https://make.example/api/v2"],
  ["HTTPS://MAKE.example:443/api/v2", "https://make.example/api/v2"],
  ["http://localhost:8080/api/v2", "http://localhost:8080/api/v2"],
  ["http://127.45.67.89/api/v2", "http://127.45.67.89/api/v2"],
  ["http://[::1]:8080/api/v2", "http://[::1]:8080/api/v2"],
])("the baseUrl %s is accepted", (baseUrl, expected) => {
  expect(clientOf({ baseUrl, token: TOKEN }).baseUrl).toBe(expected);
});

test("an option that does not exist is refused, also if it is undefined, and the known ones are named", async () => {
  for (const options of [{ retry: 3 }, { retry: undefined }]) {
    const call = () => clientOf({ ...RIGHT, ...options });
    await expectRefused("retry", call);
    const { message } = await failureOf(call);
    expect(message).toMatch(/zone.*baseUrl.*token.*timeout.*totalTimeout.*retries/);
    for (const name of ["retryDelay", "maxBytes", "fetch"]) expect(message).toContain(name);
  }
});

test.each(NAMES)("an option that no call has is refused by a %s", async (name) => {
  const { make, sent } = scripted([succeeding]);
  for (const options of [{ signals: undefined }, { maxBytes: 1 }] as object[]) {
    const calls = {
      list: () => make.apiTokens.list(options),
      create: () => make.apiTokens.create(SPEC, options),
      delete: () => make.apiTokens.delete(CREATED, options),
    };
    await expectRefused(Object.keys(options).join(), calls[name]);
    const { message } = await failureOf(calls[name]);
    expect(message).toMatch(/signal.*timeout.*totalTimeout.*retries/);
  }
  expect(sent).toEqual([]);
});

test("options are refused where they are no object", async () => {
  for (const options of ["eu1", TOKEN, 5, true] as unknown[] as object[]) {
    await expectRefused("options", () => clientOf(options));
  }
});

test("an option that does not exist is one that is inherited: it is not read", async () => {
  const inherited = Object.assign(Object.create({ zone: "mars", retries: -1 }), RIGHT);
  expect(clientOf(inherited).baseUrl).toBe(BASE_URL);
  const { make, sent } = scripted([answering(503)]);
  const none = Object.create({ retries: 0, signal: AbortSignal.abort() });
  await failureOf(make.apiTokens.list(none));
  expect(sent).toHaveLength(3);
});

test.each<[string, unknown, string, (string | undefined)[], string[]]>([
  ["zone", { token: TOKEN }, "MAKE_ZONE", [undefined, "mars", ""], [...zones, "baseUrl"]],
  ["token", { zone: "eu1" }, "MAKE_API_KEY", [undefined, `Token ${TOKEN}`], []],
])(
  "the %s is missing with %j where %s is none: %j",
  async (name, options, variable, values, words) => {
    for (const value of values) {
      vi.stubEnv(variable, value);
      const call = () => clientOf(Object(options));
      await expectRefused(name, call);
      const { message } = await failureOf(call);
      for (const word of [variable, ...words]) expect(message).toContain(word);
    }
  },
);

test.each(titled(NO_TOKEN))("a token function may not return %s", async (_, token) => {
  const { make, sent } = scripted([succeeding], { token: () => token as string });
  await expectRefused("token", () => make.apiTokens.list());
  expect(sent).toEqual([]);
});

test.each([
  ["sync", () => TOKEN],
  ["async", async () => TOKEN],
])("a token function may be %s, and is asked once per call", async (_, it) => {
  const token = vi.fn<() => string | Promise<string>>(it);
  const { make, sent } = scripted([answering(503), answering(503), succeeding], { token });
  expect(token).not.toHaveBeenCalled();
  await make.apiTokens.list();
  expect(token).toHaveBeenCalledTimes(1);
  const authorizations = sent.map(({ headers }) => headers.get("authorization"));
  expect(authorizations).toEqual(Array(3).fill(`Token ${TOKEN}`));
  await make.raw.GET(TOKENS);
  expect(token).toHaveBeenCalledTimes(2);
});

test.each([
  ["throws", throwing(new Error("sealed"))],
  ["rejects", () => Promise.reject(new Error("sealed"))],
])("a token function that %s fails the call before it is sent", async (_, token) => {
  const { make, sent } = scripted([succeeding], { token });
  const facts = { attempts: 0, outcome: "not-sent", cause: { message: "sealed" } };
  const operation = "DELETE /users/me/api-tokens/{timestamp}";
  const error = await failureOf(make.apiTokens.delete(CREATED));
  expect(error).toMatchObject({ constructor: MakeError, ...facts, operation });
  expect(await failureOf(make.raw.GET(TOKENS))).toMatchObject(facts);
  expect(sent).toEqual([]);
});

test.each<[name: string, token: unknown]>([
  ["label", { scope: [] }],
  ["label", { label: 1, scope: [] }],
  ["label", null],
  ["scope", { label: "ci" }],
  ["scope", { label: "ci", scope: "user:read" }],
  ["scope", { label: "ci", scope: [1] }],
])("what is to be created is refused for its %s: %j", async (name, token) => {
  const { make, sent } = scripted([hanging]);
  await expectRefused(name, () => make.apiTokens.create(token as typeof SPEC));
  expect(sent).toEqual([]);
});

test("a function among the options is not called as a method of the client's own", async () => {
  const options = {
    fetch: vi.fn(async () => json({}, { status: 429 })),
    token: vi.fn(() => TOKEN),
    retryDelay: vi.fn(() => 0),
    onAttempt: vi.fn(),
  };
  await failureOf(scripted([], options).make.apiTokens.list());
  for (const { mock } of Object.values(options))
    expect(new Set(mock.contexts)).toEqual(new Set([undefined]));
});
