import fc from "fast-check";
import { expect, it } from "vitest";
import { isObject, type Json, type JsonObject } from "../../scripts/lib/json.js";
import { compare } from "../../scripts/pull/compare.js";
import { at, edited } from "./report-documents.js";

const names = ["A", "B", "C"];
const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

const { schema: anySchema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constant<JsonObject>({ type: "string", enum: ["x", "y"], nullable: true }),
    fc.constantFrom(...names).map(ref),
    fc
      .tuple(fc.constantFrom("allOf", "anyOf", "oneOf"), fc.subarray(names, { minLength: 1 }))
      .map(([keyword, some]) => ({ [keyword]: some.map(ref) })),
    tie("schema").map((additionalProperties) => ({ type: "object", additionalProperties })),
    tie("schema").map((items) => ({ type: "array", items })),
    fc
      .tuple(
        // An empty object of properties says no more than none.
        fc.dictionary(fc.constantFrom("p", "q", "r"), tie("schema"), { minKeys: 1 }),
        fc.boolean(),
      )
      .map(([properties, isNeeded]) => ({
        type: "object",
        properties,
        ...(isNeeded && { required: Object.keys(properties) }),
      })),
  ),
}));

const anyOperation = fc
  .record({ query: anySchema, sent: anySchema, received: anySchema })
  .map(({ query, sent, received }): JsonObject => ({
    summary: "One",
    tags: ["a", "b"],
    parameters: [
      { name: "id", in: "path", required: true, schema: { type: "string" } },
      { name: "q", in: "query", schema: query },
    ],
    requestBody: { required: true, content: { "application/json": { schema: sent } } },
    responses: {
      "200": { description: "Yes", content: { "application/json": { schema: received } } },
    },
    security: [{ token: ["a:read", "a:write"] }],
  }));

const anyDocument = fc
  .record({
    operations: fc.dictionary(fc.constantFrom("get", "put"), anyOperation, { minKeys: 1 }),
    schemas: fc.tuple(anySchema, anySchema, anySchema),
  })
  .map(({ operations, schemas }): JsonObject => ({
    openapi: "3.0.0",
    info: { title: "API", version: "1.0.0" },
    servers: ["eu1", "us1"].map((zone) => ({ url: `https://${zone}.make.com/api/v2` })),
    paths: { "/things/{id}": operations },
    components: {
      securitySchemes: { token: { type: "apiKey", in: "header", name: "Authorization" } },
      schemas: Object.fromEntries(names.map((name, index) => [name, schemas[index] ?? {}])),
    },
  }))
  // What fast-check draws may be shared between places.
  .map((document) => JSON.parse(JSON.stringify(document)) as JsonObject);

it("a document does not differ from itself with its keys and sets in another order", () => {
  const turn = (value: Json, key?: string): Json => {
    if (Array.isArray(value)) {
      const items = value.map((item) => turn(item));
      return key === "servers" || key === "tags" ? items : items.reverse();
    }
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([name, item]) => [name, turn(item, name)] as const);
    return Object.fromEntries(entries.reverse());
  };
  fc.assert(
    fc.property(anyDocument, (document) => {
      expect(compare(document, structuredClone(document))).toEqual([]);
      const turned = compare(document, turn(document) as JsonObject);
      // A component at no place counts as a whole.
      expect(turned.filter(({ where }) => !where.startsWith("component "))).toEqual([]);
    }),
  );
});

const places = (value: Json, place: string[] = []): string[][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, child]) => [
        [...place, key],
        ...places(child, [...place, key]),
      ])
    : [];

it("a document is never taken for one in which anything was replaced, deleted or renamed", () => {
  const actions = fc.constantFrom("something else", null, false, "delete", "rename");
  fc.assert(
    fc.property(anyDocument, fc.nat(), actions, (before, index, action) => {
      const all = places(before);
      const place = all[index % all.length] ?? [];
      const after = edited(before, (document) => {
        const parent = at(document, ...place.slice(0, -1));
        const [key = ""] = place.slice(-1);
        const value = parent[key] ?? null;
        if (action !== "delete" && action !== "rename") parent[key] = action;
        else if (Array.isArray(parent)) parent.splice(Number(key), 1);
        else delete parent[key];
        if (action === "rename" && !Array.isArray(parent)) parent[`${key}2`] = value;
      });
      expect(compare(before, after), place.join(" / ")).not.toEqual([]);
      expect(compare(after, before), place.join(" / ")).not.toEqual([]);
      expect(compare(after, structuredClone(after))).toEqual([]);
    }),
    { numRuns: Number(process.env["RANDOM_RUNS"] ?? 300) },
  );
});
