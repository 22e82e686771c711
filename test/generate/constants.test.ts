import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { identifiersOf } from "../../scripts/generate/constants.js";
import { generate } from "../../scripts/generate/emit.js";
import { Refusal } from "../../scripts/lib/refusal.js";
import { documentWith, richDocument, textOf } from "./documents.js";
import { run } from "./run.js";

describe("zones.ts", () => {
  test("names each zone by its host without `make` and `com`, in the order of servers", async () => {
    const zones = (await generate(textOf(documentWith({})))).get("generated/zones.ts") ?? "";
    expect(Object.entries(run(zones).exports["zones"] as object)).toEqual([
      ["eu1", "https://eu1.make.com/api/v2"],
      ["us1.celonis", "https://us1.make.celonis.com/api/v2"],
    ]);
  });

  test.each([
    [[{ url: "https://eu1.make.com/a" }, { url: "https://eu1.make.com/b" }], /https:.*\/b/],
    [[{ url: "https://make.com/api/v2" }], /https:\/\/make\.com/],
    [[{ url: "/api/v2" }], /Invalid URL/],
    [[], /names no servers/],
    ["eu1.make.com", /names no servers/],
  ])("refuses servers %j", async (servers, message) => {
    const refused = generate(textOf({ ...documentWith({}), servers }));
    await expect(refused).rejects.toThrow(Refusal);
    await expect(refused).rejects.toThrow(message);
  });
});

describe("operations.ts", () => {
  test("holds the name and the scopes of each operation, by path and method, not by their order", async () => {
    const files = await generate(textOf(richDocument));
    const { exports } = run(files.get("generated/operations.ts") ?? "");
    const of = (name: string, ...scopes: string[]) => ({ name, scopes });
    expect(Object.entries(exports)).toEqual([
      ["getThings", of("GET /things", "things:read", "users:read")],
      ["optionsThings", of("OPTIONS /things")],
      ["postThings", of("POST /things", "things:write")],
      ["getThingsByThingIdTextByLine", of("GET /things/{thingId}/text/{line}")],
    ]);
  });
});

describe("the name of an operation in code", () => {
  test.each([
    ["GET /users/me/api-tokens", "getUsersMeApiTokens"],
    ["DELETE /users/me/api-tokens/{timestamp}", "deleteUsersMeApiTokensByTimestamp"],
    ["GET /things/{thing_id}.json", "getThingsByThingIdJson"],
    ["PATCH /v2/things/{a}-{b}", "patchV2ThingsByAByB"],
    ["DELETE /", "deleteRoot"],
    ["POST /2fa", "post2fa"],
  ])("%s is %s", (operation, name) => {
    expect(identifiersOf([operation])).toEqual([name]);
  });

  const part = fc.constantFrom("/", "a", "B", "-", "_", "1", "{a}", "{b-c}", "é", " ");
  const operation = fc
    .tuple(fc.constantFrom("GET", "POST"), fc.array(part, { maxLength: 6 }))
    .map(([method, parts]) => `${method} /${parts.join("")}`);

  test("is an identifier, no other's, and does not depend on the order", () => {
    const operations = fc.uniqueArray(operation, { minLength: 1, maxLength: 30 });
    const property = fc.property(operations, (list) => {
      const names = identifiersOf(list);
      expect(new Set(names).size).toBe(list.length);
      // No reserved word has a capital letter or a digit.
      for (const name of names) expect(name).toMatch(/^[a-z]+[A-Z0-9]\w*$/);
      expect(identifiersOf([...list].reverse()).reverse()).toEqual(names);
    });
    fc.assert(property, { numRuns: 200 });
  });
});
