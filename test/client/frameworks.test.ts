import { afterEach, describe, expect, test, vi } from "vitest";
import { type Attempt, MakeError } from "../../src/index.js";
import {
  type Answering,
  created,
  CREATED,
  failureOf,
  json,
  listed,
  scripted,
  SPEC,
  TOKEN,
} from "./support.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

const answer: Answering = ({ method }) =>
  method === "GET" ? listed() : method === "POST" ? created() : json({ apiToken: CREATED });

describe("a framework that keeps answers", () => {
  test("is told by every request to keep none", async () => {
    const { make, sent } = scripted([answer]);
    await make.apiTokens.list();
    await make.apiTokens.create(SPEC);
    await make.apiTokens.delete(CREATED);
    await make.raw.GET("/users/me/api-tokens");
    await make.raw.POST("/users/me/api-tokens", { body: SPEC });
    expect(sent.map(({ init }) => init.cache)).toEqual(Array(5).fill("no-store"));
  });

  test.each(["default", "force-cache", "no-cache"] as const)(
    "is told %s where a call on raw says so",
    async (cache) => {
      const { make, sent } = scripted([answer]);
      await make.raw.GET("/users/me/api-tokens", { cache });
      expect(sent[0]?.init.cache).toBe(cache);
    },
  );

  test("is told nothing where the runtime does not know the word", async () => {
    for (const Request of [class {}, undefined]) {
      vi.stubGlobal("Request", Request);
      const { make, sent } = scripted([answer]);
      await make.apiTokens.list();
      expect(sent.map(({ init }) => "cache" in init)).toEqual([false]);
    }
  });
});

describe("a framework's control flow", () => {
  const bailOut = () =>
    Object.assign(new Error(`Dynamic server usage, ${TOKEN}`), { digest: "DYNAMIC_SERVER_USAGE" });

  test("that fetch throws is passed on as it is, and nothing is sent again", async () => {
    for (const thrown of [bailOut(), { digest: "NEXT_REDIRECT;replace;/login" }]) {
      const attempts: Attempt[] = [];
      const { make, sent } = scripted([() => Promise.reject(thrown)], {
        onAttempt: (attempt) => void attempts.push(attempt),
      });
      const calls = [
        () => make.apiTokens.list(),
        () => make.apiTokens.create(SPEC),
        () => make.apiTokens.delete(CREATED),
        () => make.raw.GET("/users/me/api-tokens"),
      ];
      for (const call of calls) expect(await failureOf(call)).toBe(thrown);
      expect(sent).toHaveLength(calls.length);
      expect(attempts.map((it) => it.retryInMs)).toEqual(Array(calls.length).fill(undefined));
    }
  });

  test("that the token function throws is passed on as it is, and nothing is sent", async () => {
    const thrown = bailOut();
    for (const token of [
      () => Promise.reject(thrown),
      () => {
        throw thrown;
      },
    ]) {
      const { make, sent } = scripted([answer], { token });
      expect(await failureOf(make.apiTokens.list())).toBe(thrown);
      expect(await failureOf(make.raw.GET("/users/me/api-tokens"))).toBe(thrown);
      expect(sent).toEqual([]);
    }
  });

  test("is not what has a digest that is no text", async () => {
    const { make } = scripted([() => Promise.reject({ digest: 7 })], { retries: 0 });
    expect(await failureOf(make.apiTokens.list())).toBeInstanceOf(MakeError);
  });

  test("gives way to the reason of an aborted call", async () => {
    const controller = new AbortController();
    const reason = new Error("shutdown");
    const { make } = scripted([
      () => {
        controller.abort(reason);
        throw bailOut();
      },
    ]);
    const { signal } = controller;
    expect(await failureOf(make.apiTokens.list({ signal }))).toBe(reason);
  });
});
