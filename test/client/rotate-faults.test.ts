import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MakeError, NotStoredError } from "../../src/index.js";
import type { Fault } from "../../src/testing/index.js";
import {
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
  startRotation,
  TOKEN,
} from "./support.js";

beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const fails = () => {
  throw new NotStoredError("vault is sealed");
};

describe("where store fails", () => {
  test.each<[string, unknown, unknown]>([
    ["an error", new Error("sealed", { cause: new Error("x") }), { message: "sealed", cause: {} }],
    ["a string", "sealed", { message: "sealed" }],
    ["nothing", undefined, undefined],
    ["null", null, { message: "null" }],
    ["an object without a prototype", Object.create(null), { message: "no message" }],
    ["a symbol", Symbol("sealed"), { message: "Symbol(sealed)" }],
  ])("with %s, nobody knows what it wrote, so both stay alive", async (_, thrown, cause) => {
    for (const store of [() => Promise.reject(thrown), thrower(thrown)]) {
      const { zone, old, rotate, methods } = await startRotation();
      const error = await failureOf(rotate({ store }));
      const successor = zone.tokens.at(-1)?.created;
      expect(error.constructor).toBe(MakeError);
      expect(error).toMatchObject({ outcome: "unknown", successor });
      if (cause) expect(error.cause).toMatchObject(cause);
      else expect("cause" in error).toBe(false);
      expect(error.message).toMatch(/both .*alive/);
      expect(error.message).toContain(old.created);
      expect(error.message).toContain(successor);
      expect(methods()).toEqual(["GET", "POST"]);
    }
  });

  test("and says that nothing was written, the successor is deleted and that is passed on", async () => {
    class SealedError extends NotStoredError {}
    for (const thrown of [new NotStoredError("vault is sealed"), new SealedError("sealed")]) {
      for (const store of [() => Promise.reject(thrown), thrower(thrown)]) {
        const { zone, old, rotate, methods } = await startRotation();
        expect(await failureOf(rotate({ store }))).toBe(thrown);
        expect(methods()).toEqual(["GET", "POST", "GET", "DELETE"]);
        expect(zone.tokens.map((it) => it.created)).toEqual([expect.any(String), old.created]);
      }
    }
  });
  const thrower = (thrown: unknown) => () => {
    throw thrown;
  };

  test("and the successor's deletion is lost, a second one finds out that it worked", async () => {
    const { zone, rotate } = await startRotation();
    zone.fail("reset", { method: "DELETE", done: true });
    expect((await failureOf(rotate({ store: fails }))).message).toBe("vault is sealed");
    expect(zone.tokens).toHaveLength(2);
  });

  test.each<[Fault, string]>([
    [{ status: 403 }, "rejected"],
    [{ status: 500 }, "unknown"],
    ["reset", "unknown"],
    ["html", "unknown"],
  ])(
    "and the successor's deletion too, by %j, both are said to be alive",
    async (fault, outcome) => {
      const { zone, old, rotate } = await startRotation();
      zone.fail(fault, { method: "DELETE", times: Infinity });
      const cause = new NotStoredError("vault is sealed");
      const error = await failureOf(rotate({ store: () => Promise.reject(cause) }));
      const successor = zone.tokens.at(-1)?.created;
      expect(error.constructor).toBe(MakeError);
      expect(error).toMatchObject({ successor, outcome, cause });
      expect(error.cause).toBe(cause);
      expect(error).toMatchObject({ operation: "DELETE /users/me/api-tokens/{timestamp}" });
      expect(error.message).toMatch(/both .*alive/);
      expect(error.message).toContain(old.created);
      expect(error.message).toContain(successor);
      expect(zone.tokens).toHaveLength(3);
    },
  );
});

describe("where the old token cannot be deleted after store resolved", () => {
  test.each<Fault>([{ status: 403 }, { status: 404 }, { status: 503 }, "close", "html"])(
    "because of %j, both are said to be alive, and the successor is named",
    async (fault) => {
      const { zone, old, rotate, store, stored } = await startRotation();
      zone.fail(fault, { method: "DELETE", times: Infinity });
      const error = await failureOf(rotate({ store }));
      expect(error.constructor).toBe(MakeError);
      expect(error).toMatchObject({ successor: stored[0]?.created });
      expect(error.message).toMatch(/both .*alive/);
      expect(error.message).toContain(old.created);
      expect(error.cause).toBeInstanceOf(MakeError);
      expect(zone.tokens).toHaveLength(3);
    },
  );
});

describe("where the successor bears the timestamp of the old token, nothing is deleted", () => {
  test.each([
    ["resolves", () => {}],
    ["has written nothing", fails],
  ])("whether store %s", async (_, store) => {
    for (const write of [(it: string) => it, (it: string) => it.replace("Z", "+00:00")]) {
      const { zone, old, rotate, methods } = await startRotation();
      const created = write(old.created);
      zone.fail(
        { body: { apiToken: { ...SPEC, token: "its-secret", created } } },
        { method: "POST" },
      );
      const error = await failureOf(rotate({ store }));
      expect(error.constructor).toBe(MakeError);
      expect(error).toMatchObject({ successor: created });
      expect(shown(error)).not.toContain("its-secret");
      expect(methods()).toEqual(["GET", "POST"]);
    }
  });
});

describe("before a deletion, the tokens are listed again", () => {
  test.each([
    ["old token", () => {}, "old"],
    ["successor", fails, "successor"],
  ])(
    "and where another bears the timestamp of the %s, none is deleted",
    async (_, store, which) => {
      const { zone, old, rotate, methods } = await startRotation();
      const twin = () => ({ ...SPEC, token: "x", created: which === "old" ? old.created : born() });
      const born = () => zone.tokens.at(-1)?.created ?? "";
      const storing = () => {
        zone.fail(() => ({ body: { apiTokens: [...zone.tokens, twin()] } }), { method: "GET" });
        return store();
      };
      const error = await failureOf(rotate({ store: storing }));
      expect(error).toMatchObject({ constructor: MakeError, successor: born() });
      expect(error.message).toContain("another token bears the same timestamp");
      expect(methods()).toEqual(["GET", "POST", "GET"]);
      expect(zone.tokens).toHaveLength(3);
    },
  );
});

describe("where it is unknown whether the successor was created", () => {
  test.each<Fault>(["reset", "truncate", "cut-json", "wrong-shape", { status: 502 }])(
    "after %j, the error says how to find it, and nothing is deleted",
    async (fault) => {
      const { zone, rotate, store, stored, methods } = await startRotation();
      zone.fail(fault, { method: "POST", done: true });
      const error = await failureOf(rotate({ store }));
      expect(error).toBeInstanceOf(MakeError);
      expect(error).toMatchObject({ outcome: "unknown", operation: "POST /users/me/api-tokens" });
      expect(error).not.toHaveProperty("successor");
      expect(error.message).toMatch(/The token may exist.*list\(\).*delete\(\)/);
      expect(stored).toEqual([]);
      expect(methods()).toEqual(["GET", "POST"]);
      expect(zone.tokens).toHaveLength(3);
    },
  );
});

describe("the signal", () => {
  /** A rotation whose answers can be held back, until the signal was given. */
  async function rotateAborting(
    on: "GET" | "POST" | "look" | "DELETE" | "store" | "token of POST",
  ) {
    const controller = new AbortController();
    const abort = (now: typeof on) => {
      if (now === on) controller.abort("shutdown");
    };
    let asked = 0;
    const { make, sent } = scripted(
      [
        () => (abort("GET"), listed(API_TOKEN)),
        () => (abort("POST"), created({ ...API_TOKEN, created: LATER, token: SECRET })),
        () => (abort("look"), listed(API_TOKEN, { ...API_TOKEN, created: LATER })),
        () => (abort("DELETE"), json({ apiToken: CREATED })),
      ],
      { token: () => (++asked === 2 && abort("token of POST"), TOKEN) },
    );
    const result = await make.apiTokens
      .rotate(CREATED, { store: () => abort("store") }, { signal: controller.signal })
      .then(
        ({ created }) => created,
        (error: unknown) => error,
      );
    expect(controller.signal.aborted).toBe(true);
    return [result, ...sent.map((it) => it.method)];
  }
  const LATER = "2026-01-01T00:00:00.000Z";

  test("is obeyed until the create is sent", async () => {
    expect(await rotateAborting("GET")).toEqual(["shutdown", "GET"]);
    expect(await rotateAborting("token of POST")).toEqual(["shutdown", "GET"]);
  });

  test("is not obeyed from then on, so that nothing is left half done", async () => {
    for (const moment of ["POST", "store", "look", "DELETE"] as const) {
      expect(await rotateAborting(moment)).toEqual([LATER, "GET", "POST", "GET", "DELETE"]);
    }
  });
});
