import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  createMakeClient,
  type MakeClientOptions,
  MakeError,
  MakeTimeoutError,
  zones,
} from "../../src/index.js";
import { BASE_URL, CREATED, failureOf, listed, scripted, shown, TOKEN } from "./support.js";

beforeEach(() => {
  vi.stubEnv("MAKE_ZONE", undefined);
  vi.stubEnv("MAKE_API_KEY", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Options as JavaScript may pass them. */
const clientOf = (options: object) => createMakeClient(options as MakeClientOptions);
const titled = (values: unknown[]) => values.map((value) => [inspectShort(value), value] as const);
const inspectShort = (value: unknown): string =>
  typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));

async function expectRefused(name: string, call: () => unknown): Promise<void> {
  const error = await failureOf(call);
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toMatch(new RegExp(`^${name}: .*\\bpass\\b`));
  expect(shown(error)).not.toContain(TOKEN);
}

/** Too long for a timer, not a whole number, or none at all. */
const NO_NUMBER = [-1, 1.5, NaN, Infinity, -Infinity, 2 ** 31, "5", true, 5n, {}, [5]];

describe.each<[name: string, values: unknown[]]>([
  ["timeout", [0, ...NO_NUMBER]],
  ["totalTimeout", [0, ...NO_NUMBER]],
  ["retries", NO_NUMBER],
  ["maxBytes", [0, ...NO_NUMBER]],
  ["fetch", ["fetch", {}, true, 1]],
  ["retryDelay", ["0", {}, true, 0]],
  ["onAttempt", ["log", {}, true, 1]],
  ["userAgent", ["a\nb", "a\r\nX-Evil: 1", " a", "ü", "a\0", 5, {}, ["a"], true]],
  ["zone", ["eu9", "", "EU1", "eu1.make.com.evil.example", "https://eu1.make.com", 1, {}, null]],
  ["zone", ["constructor", "__proto__", "toString", "hasOwnProperty", TOKEN]],
])("a wrong %s is refused", (name, values) => {
  test.each(titled(values))("%s", (_, value) =>
    expectRefused(name, () => clientOf({ zone: "eu1", token: TOKEN, [name]: value })),
  );
});

test.each(["timeout", "totalTimeout", "retries", "maxBytes"])(
  "%s may be as long as a timer can be",
  (name) => {
    clientOf({ zone: "eu1", token: TOKEN, [name]: 2 ** 31 - 1 });
    clientOf({ zone: "eu1", token: TOKEN, [name]: 1 });
  },
);

describe("an option that does not exist", () => {
  const right = { baseUrl: BASE_URL, token: TOKEN };

  test("is refused, and the known ones are named", async () => {
    const { message } = await failureOf(() => clientOf({ ...right, retry: 3, tokn: undefined }));
    expect(message).toBe(
      "retry: there is no such option: pass only zone, baseUrl, token, timeout, totalTimeout, " +
        "retries, retryDelay, maxBytes, fetch, userAgent, onAttempt",
    );
  });

  test("of a call is refused before anything is sent", async () => {
    const { make, sent } = scripted([() => listed()]);
    const { apiTokens } = make;
    for (const options of [{ signals: undefined }, { maxBytes: 1 }, { retry: 1 }]) {
      for (const call of [
        () => apiTokens.list(options as object),
        () => apiTokens.create({ label: "", scope: [] }, options as object),
        () => apiTokens.delete(CREATED, options as object),
        () => apiTokens.rotate(CREATED, { store: () => {} }, options as object),
      ]) {
        const error = await failureOf(call);
        expect(error).toBeInstanceOf(TypeError);
        expect(error.message).toBe(
          `${Object.keys(options)}: there is no such option: pass only signal, timeout, totalTimeout, retries`,
        );
      }
    }
    expect(sent).toEqual([]);
  });

  test("is not quoted where it may be a token", () =>
    expectRefused("options", () => clientOf({ ...right, [TOKEN]: true })));

  test("is whatever is no object", async () => {
    for (const options of ["eu1", TOKEN, 5, true]) {
      await expectRefused("options", () => clientOf(options as unknown as object));
    }
    const { make, sent } = scripted([() => listed()]);
    for (const options of [0, "signal"]) {
      await expectRefused("options", () => make.apiTokens.list(options as unknown as object));
    }
    expect(sent).toEqual([]);
  });

  test("is one that is inherited", async () => {
    const inherited = Object.assign(Object.create({ zone: "mars", retries: -1 }), right);
    expect(clientOf(inherited).baseUrl).toBe(BASE_URL);
    class Options {
      get zone() {
        return "eu1";
      }
    }
    await expectRefused("zone", () => clientOf(new Options()));
  });

  test("is read once, so that it is still right when it is used", () => {
    let asked = 0;
    const changing = {
      token: TOKEN,
      get baseUrl() {
        return asked++ ? "https://elsewhere.example" : BASE_URL;
      },
    };
    expect(clientOf(changing).baseUrl).toBe(BASE_URL);
    expect(asked).toBe(1);
  });
});

describe.each<[name: string, values: unknown[]]>([
  ["timeout", [0, ...NO_NUMBER]],
  ["totalTimeout", [0, ...NO_NUMBER]],
  ["retries", NO_NUMBER],
  ["signal", ["now", {}, 5]],
])("a wrong %s of a call is refused", (name, values) => {
  test.each(titled(values))("%s", async (_, value) => {
    const { make, sent } = scripted([() => listed()]);
    await expectRefused(name, () => make.apiTokens.list({ [name]: value }));
    expect(sent).toEqual([]);
  });
});

describe("the zone", () => {
  test("names the known ones where it is unknown or missing", async () => {
    for (const options of [{ zone: "mars" }, {}]) {
      const { message } = await failureOf(() => clientOf({ token: TOKEN, ...options }));
      for (const zone of zones) expect(message).toContain(zone);
      expect(message).toContain("MAKE_ZONE");
      expect(message).toContain("baseUrl");
    }
  });

  test("excludes baseUrl", () =>
    expectRefused("zone", () => clientOf({ zone: "eu1", baseUrl: BASE_URL, token: TOKEN })));

  test("is refused where MAKE_ZONE is wrong or empty", async () => {
    for (const zone of ["mars", ""]) {
      vi.stubEnv("MAKE_ZONE", zone);
      await expectRefused("zone", () => clientOf({ token: TOKEN }));
    }
  });
});

describe("baseUrl", () => {
  test.each([
    ["https://make.example/api/v2", "https://make.example/api/v2"],
    ["https://make.example/api/v2/", "https://make.example/api/v2"],
    ["https://make.example/api/v2///", "https://make.example/api/v2"],
    ["https://make.example", "https://make.example"],
    ["HTTPS://MAKE.example:443/api/v2", "https://make.example/api/v2"],
    ["http://localhost:8080/api/v2", "http://localhost:8080/api/v2"],
    ["http://127.0.0.1:8080/api/v2", "http://127.0.0.1:8080/api/v2"],
    ["http://127.45.67.89/api/v2", "http://127.45.67.89/api/v2"],
    ["http://[::1]:8080/api/v2", "http://[::1]:8080/api/v2"],
  ])("%s is accepted", (baseUrl, expected) => {
    expect(clientOf({ baseUrl, token: TOKEN }).baseUrl).toBe(expected);
  });

  test.each(
    titled([
      "http://make.example/api/v2",
      "http://127.0.0.1.evil.example/api/v2",
      "http://localhost.evil.example/api/v2",
      "http://evil.example/127.0.0.1",
      "http://localhost@evil.example/api/v2",
      "http://127.0.0.1:80@evil.example/api/v2",
      "http://evil.example#@127.0.0.1/api/v2",
      "http://evil.example\\@127.0.0.1/api/v2",
      "http://[::2]/api/v2",
      "http://0.0.0.0/api/v2",
      "http://126.255.255.255/api/v2",
      "http://128.0.0.1/api/v2",
      "ws://localhost/api/v2",
      "file:///api/v2",
      "javascript:alert(1)",
      "https://user@make.example/api/v2",
      `https://user:${TOKEN}@make.example/api/v2`,
      `https://:${TOKEN}@make.example/api/v2`,
      "https://make.example/api/v2?",
      `https://make.example/api/v2?token=${TOKEN}`,
      "https://make.example/api/v2#",
      "https://make.example/api/v2#x",
      "https://",
      "make.example/api/v2",
      "//make.example/api/v2",
      "/api/v2",
      "",
      " ",
      5,
      {},
      null,
      [BASE_URL],
    ]),
  )("%s is refused", (_, baseUrl) =>
    expectRefused("baseUrl", () => clientOf({ baseUrl, token: TOKEN })),
  );
});

const WRONG_TOKENS = titled([
  `${TOKEN}\n`,
  `\n${TOKEN}`,
  `${TOKEN}\r\nX-Evil: 1`,
  `${TOKEN} `,
  ` ${TOKEN}`,
  `${TOKEN}\t`,
  `Token ${TOKEN}`,
  `token ${TOKEN}`,
  `${TOKEN} ${TOKEN}`,
  `${TOKEN}é`,
  `${TOKEN}\u0000`,
  `${TOKEN}\u007f`,
  `${TOKEN}\u200b`,
  `${TOKEN}🔑`,
  "",
  5,
  {},
  null,
  [TOKEN],
]);

describe("the token", () => {
  test.each(WRONG_TOKENS)("%s is refused", async (_, token) => {
    await expectRefused("token", () => clientOf({ zone: "eu1", token }));
  });

  test.each(WRONG_TOKENS)("%s is refused where a function returns it", async (_, token) => {
    const { make, sent } = scripted([() => listed()], { token: () => token as string });
    await expectRefused("token", () => make.apiTokens.list());
    expect(sent).toEqual([]);
  });

  test("is missing where neither option nor environment has it", async () => {
    await expectRefused("token", () => clientOf({ zone: "eu1" }));
    const { message } = await failureOf(() => clientOf({ zone: "eu1" }));
    expect(message).toContain("MAKE_API_KEY");
    vi.stubEnv("MAKE_API_KEY", `Token ${TOKEN}`);
    await expectRefused("token", () => clientOf({ zone: "eu1" }));
  });

  test.each<[string, () => string | Promise<string>]>([
    ["", () => TOKEN],
    ["async ", async () => TOKEN],
  ])("may be an %sfunction, asked once per call however often it is sent", async (_, token) => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const asked = vi.fn(token);
    const broken = () => new Response("", { status: 503 });
    const { make, sent } = scripted([broken, broken, () => listed()], { token: asked });
    expect(asked).not.toHaveBeenCalled();
    await make.apiTokens.list();
    expect(asked).toHaveBeenCalledTimes(1);
    expect(sent.map((it) => it.headers.get("authorization"))).toEqual(
      Array(3).fill(`Token ${TOKEN}`),
    );
    await make.raw.GET("/users/me/api-tokens");
    expect(asked).toHaveBeenCalledTimes(2);
  });

  test.each<[string, () => string | Promise<string>]>([
    [
      "throws",
      () => {
        throw new Error("vault is sealed");
      },
    ],
    ["rejects", () => Promise.reject(new Error("vault is sealed"))],
  ])("function that %s fails the call before it is sent", async (_, token) => {
    const { make, sent } = scripted([() => listed()], { token });
    const error = await failureOf(make.apiTokens.delete(CREATED));
    expect(error).toBeInstanceOf(MakeError);
    expect(error).toMatchObject({ attempts: 0, outcome: "not-sent", zone: "make.example" });
    expect(error).toMatchObject({ operation: "DELETE /users/me/api-tokens/{timestamp}" });
    expect(error.cause).toMatchObject({ message: "vault is sealed" });
    expect(sent).toEqual([]);
  });

  test("function that hangs is given up after totalTimeout", async () => {
    vi.useFakeTimers();
    const { make, sent } = scripted([() => listed()], {
      token: () => new Promise(() => {}),
      totalTimeout: 5000,
    });
    let error: unknown;
    void failureOf(make.apiTokens.list()).then((it) => (error = it));
    await vi.advanceTimersByTimeAsync(4999);
    expect(error).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(error).toBeInstanceOf(MakeTimeoutError);
    expect(error).toMatchObject({ attempts: 0, outcome: "not-sent" });
    expect(sent).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("function's time counts for totalTimeout", async () => {
    vi.useFakeTimers();
    const { make } = scripted([() => new Promise(() => {})], {
      token: () => new Promise((resolve) => setTimeout(resolve, 4000, TOKEN)),
      totalTimeout: 5000,
    });
    let error: unknown;
    void failureOf(make.apiTokens.list()).then((it) => (error = it));
    await vi.advanceTimersByTimeAsync(5000);
    expect(error).toBeInstanceOf(MakeTimeoutError);
    expect(error).toMatchObject({ attempts: 1, outcome: "unknown" });
  });
});

test("fetch is no method of another object, as which that of a browser throws", async () => {
  const objects: unknown[] = [];
  const { make } = scripted([], {
    async fetch(this: unknown) {
      objects.push(this);
      return listed();
    },
  });
  await make.apiTokens.list();
  await make.raw.GET("/users/me/api-tokens");
  expect(objects).toEqual([undefined, undefined]);
});
