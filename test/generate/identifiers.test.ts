import fc from "fast-check";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { identifiersOf } from "../../scripts/generate/identifiers.js";

describe("the name of an operation in code", () => {
  test.each([
    ["GET /users/me/api-tokens", "getUsersMeApiTokens"],
    ["DELETE /users/me/api-tokens/{timestamp}", "deleteUsersMeApiTokensByTimestamp"],
    ["GET /things/{thing_id}.json", "getThingsByThingIdJson"],
    ["PATCH /v2/things/{a}-{b}", "patchV2ThingsByAByB"],
    ["DELETE /", "deleteRoot"],
    ["GET /~", "getRoot"],
    ["POST /2fa", "post2fa"],
  ])("%s is %s", (operation, name) => {
    expect([...identifiersOf([operation])]).toEqual([[operation, name]]);
  });

  test("has a digest behind it for each of those that would share it", () => {
    const names = identifiersOf(["GET /a-b", "GET /a/b", "GET /a"]);
    expect(names.get("GET /a")).toBe("getA");
    expect(names.get("GET /a-b")).toMatch(/^getAB_[0-9a-f]{12}$/);
    expect(names.get("GET /a/b")).toMatch(/^getAB_[0-9a-f]{12}$/);
    expect(names.get("GET /a-b")).not.toBe(names.get("GET /a/b"));
  });

  const operation = fc
    .tuple(
      fc.constantFrom("GET", "POST", "DELETE"),
      fc.array(fc.constantFrom("/", "a", "B", "-", "_", "1", "{a}", "{b-c}", "é", " "), {
        maxLength: 6,
      }),
    )
    .map(([method, parts]) => `${method} /${parts.join("")}`);

  test("is an identifier, no other's, and does not depend on the order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(operation, { minLength: 1, maxLength: 30 }), (operations) => {
        const names = identifiersOf(operations);
        expect(new Set(names.values()).size).toBe(operations.length);
        for (const name of names.values()) {
          const { statements } = ts.createSourceFile("a.ts", `const ${name} = 1;`, 99);
          expect(statements).toHaveLength(1);
          expect(name).toMatch(/^[a-z]+[A-Z0-9]\w*$/);
        }
        expect(identifiersOf([...operations].reverse())).toEqual(names);
      }),
      { numRuns: 200 },
    );
  });
});
