import { describe, expect, test } from "vitest";
import { MakeApiError, MakeError, NotStoredError, type Rotation } from "../../src/index.js";
import { CREATED, failureOf, SPEC, startRotation, startZone } from "./support.js";

describe("rotate", () => {
  test("creates the successor, stores it, deletes the old token, and returns the successor", async () => {
    const { zone, old, stored, store, methods, rotate, alive } = await startRotation();
    const successor = await rotate({ store });
    expect(methods()).toEqual(["GET", "POST", "GET", "DELETE"]);
    expect(stored).toEqual([successor]);
    expect(successor).toMatchObject(SPEC);
    expect(zone.tokens.find((it) => it.created === successor.created)).toEqual(successor);
    expect(alive(old.created)).toBe(false);
    expect(zone.tokens).toHaveLength(2);
  });

  test("takes another label and other scopes", async () => {
    const { rotate, store } = await startRotation();
    const wanted = { label: "new", scope: ["user:write", "user:read"] };
    expect(await rotate({ store, ...wanted })).toMatchObject(wanted);
  });

  test("finds the token by its time, however that is written, and deletes it by Make's own", async () => {
    const { make, old, store, zone } = await startRotation();
    const written = old.created.replace("Z", "+00:00");
    const second = await make.apiTokens.rotate(written, { store });
    expect(decodeURIComponent(zone.requests.at(-1)?.path ?? "")).toContain(`/${old.created}`);
    await make.apiTokens.rotate(new Date(second.created), { store });
    expect(zone.tokens).toHaveLength(2);
  });

  test("deletes the old token only after store has resolved", async () => {
    const { rotate, methods, alive, old } = await startRotation();
    let stored = () => {};
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const rotation = rotate({
      store() {
        asked();
        return new Promise<void>((resolve) => (stored = resolve));
      },
    });
    await isAsked;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(methods()).toEqual(["GET", "POST"]);
    expect(alive(old.created)).toBe(true);
    stored();
    await rotation;
    expect(alive(old.created)).toBe(false);
  });

  test("replaces the client's own token where the token is read from the store", async () => {
    let kept = "";
    const { zone, make } = await startZone({ token: () => kept });
    kept = zone.token;
    const [own] = zone.tokens;
    const successor = await make.apiTokens.rotate(own?.created ?? "", {
      store: ({ token }) => void (kept = token),
    });
    expect(zone.requests.map((it) => it.headers["authorization"])).toEqual([
      `Token ${zone.token}`,
      `Token ${zone.token}`,
      `Token ${successor.token}`,
      `Token ${successor.token}`,
    ]);
    expect(await make.apiTokens.list()).toMatchObject([{ created: successor.created }]);
  });

  test("is not misled by what store does to the successor's object", async () => {
    const { zone, make, old, rotate, alive } = await startRotation();
    const other = await make.apiTokens.create({ label: "other", scope: [] });
    await failureOf(
      rotate({
        store(successor) {
          successor.created = other.created;
          throw new NotStoredError("vault is sealed");
        },
      }),
    );
    expect(alive(other.created) && alive(old.created)).toBe(true);
    expect(zone.tokens).toHaveLength(3);
  });
});

describe("rotate refuses, and has created nothing", () => {
  test("where there is no such token", async () => {
    const { make, store, methods } = await startRotation();
    const error = await failureOf(make.apiTokens.rotate(CREATED, { store }));
    expect(error.constructor).toBe(MakeError);
    expect(error).toMatchObject({ outcome: "not-sent", attempts: 0 });
    expect(methods()).toEqual(["GET"]);
  });

  test("where two tokens were created at that time, however that is written", async () => {
    for (const twin of [(it: string) => it, (it: string) => it.replace("Z", "+00:00")]) {
      const { zone, old, store, rotate, methods } = await startRotation();
      zone.fail({ body: { apiTokens: [old, { ...old, created: twin(old.created) }] } });
      const error = await failureOf(rotate({ store }));
      expect(error.constructor).toBe(MakeError);
      expect(error.message).toContain("more than one token");
      expect(methods()).toEqual(["GET"]);
    }
  });

  test.each<[string, unknown[]]>([
    ["store", [CREATED]],
    ["store", [CREATED, null]],
    ["store", [CREATED, {}]],
    ["store", [CREATED, { store: "vault" }]],
    ["label", [CREATED, { store: () => {}, label: 1 }]],
    ["scope", [CREATED, { store: () => {}, scope: "user:read" }]],
    ["scope", [CREATED, { store: () => {}, scope: [1] }]],
    ["scope", [CREATED, { store: () => {}, scope: new Array(1) }]],
    ["signal", [CREATED, { store: () => {} }, { signal: "now" }]],
    ["created", ["yesterday", { store: () => {} }]],
  ])("where %s is wrong: %j", async (name, args) => {
    const { zone, make } = await startZone();
    const error = await failureOf(make.apiTokens.rotate(...(args as [string, Rotation])));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(new RegExp(`^${name}: .*\\bpass\\b`));
    expect(zone.requests).toEqual([]);
  });

  test("where the list or the create is refused, with that error", async () => {
    for (const method of ["GET", "POST"]) {
      const { zone, rotate, store, stored } = await startRotation();
      zone.fail({ status: 403 }, { method });
      const error = await failureOf(rotate({ store }));
      expect(error.constructor).toBe(MakeApiError);
      expect(error).toMatchObject({ status: 403, outcome: "rejected" });
      expect([zone.tokens.length, stored.length]).toEqual([2, 0]);
    }
  });
});
