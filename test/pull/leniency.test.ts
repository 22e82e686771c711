import { describe, expect, test } from "vitest";
import { generate } from "../../scripts/generate/emit.js";
import type { JsonObject } from "../../scripts/lib/json.js";
import { type Leniency, leniency } from "../../scripts/pull/leniency.js";
import { check, notesOn, openapi, operation, page, withComponents } from "./support.js";

const paths = (items: object): JsonObject => openapi({ paths: items });
const get = (more: object): JsonObject => paths({ "/things": { get: operation(more) } });
const schema = (one: unknown): JsonObject => withComponents({ schemas: { Thing: one } });
const property = (one: unknown): JsonObject =>
  schema({ type: "object", properties: { a: one, b: { type: "string" } } });
const id = (more: object) => ({ name: "a", in: "path", schema: { type: "string" }, ...more });

type Row = [title: string, documents: object[], fault: Leniency];

const noted: Row[] = [
  ["an unknown type", [property({ type: "bigint" })], "unknown type"],
  ["the type null", [property({ anyOf: [{ type: "string" }, { type: "null" }] })], "unknown type"],
  ["a list of types", [property({ type: ["string", "null"] })], "unknown type"],
  ["a type that is no text", [property({ type: { a: 1 } })], "unknown type"],
  [
    "an unknown type of items",
    [property({ type: "array", items: { type: "int" } })],
    "unknown type",
  ],
  ["an unknown type in allOf", [property({ allOf: [{ type: "text" }] })], "unknown type"],
  [
    "an unknown type of a parameter",
    [get({ parameters: [{ name: "q", in: "query", schema: { type: "long" } }] })],
    "unknown type",
  ],
  ["a schema that is none", [property("text")], "unreadable schema"],
  ["properties that are a list", [property({ properties: [] })], "unreadable schema"],
  ["nullable as text", [property({ type: "string", nullable: "true" })], "unreadable schema"],
  ["an array without items", [property({ type: "array" })], "array without items"],
  ["items as a list", [property({ type: "array", items: [{}] })], "array without items"],
  ["an empty enum", [property({ type: "string", enum: [] })], "empty choice"],
  ["an empty oneOf", [property({ oneOf: [] })], "empty choice"],
  [
    "required that names nothing",
    [schema({ type: "object", properties: { a: {} }, required: ["a", "b"] })],
    "required nothing",
  ],
  ["required of a property", [property({ type: "string", required: true })], "wrong value"],
  ["a response without description", [get({ responses: { 200: {} } })], "missing text"],
  ["an info without title", [openapi({ info: { version: "1" } })], "missing text"],
  ["a title that is no text", [schema({ type: "object", title: {} })], "wrong value"],
  ["a description that is null", [get({ description: null })], "wrong value"],
  ["an unknown key of a schema", [property({ type: "string", optional: true })], "unknown key"],
  ["an unknown key of an operation", [get({ respones: {} })], "unknown key"],
  ["an unknown root key", [openapi({ webhooks: {} })], "unknown key"],
  ["an unknown method", [paths({ "/a": { get: operation(), fetch: {} } })], "unknown key"],
  ["an unknown section", [withComponents({ pathItems: { A: {} } })], "unknown key"],
  ["a path without an operation", [paths({ "/a": {}, "/b": { get: operation() } })], "empty path"],
  ["an id with a percent sign", [get({ operationId: "a%zz" })], "unfit id"],
  ["an id that is a reference", [get({ operationId: "a#/b" })], "unfit id"],
  [
    "equal ids",
    [
      paths({
        "/a": { get: operation({ operationId: "x" }), put: operation({ operationId: "x" }) },
      }),
    ],
    "id twice",
  ],
  [
    "a path parameter that is not required",
    [paths({ "/{a}": { get: operation({ parameters: [id({ required: false })] }) } })],
    "path parameter optional",
  ],
  [
    "a parameter without a schema",
    [get({ parameters: [{ name: "q", in: "query" }] })],
    "parameter without schema",
  ],
  [
    "a reference in an example",
    [schema({ type: "object", example: { a: [{ $ref: "/etc/passwd" }] } })],
    "reference in data",
  ],
  ["a reference in a default", [schema({ default: { $ref: "x" } })], "reference in data"],
  ["a reference in an extension", [openapi({ "x-a": { $ref: "x" } })], "reference in data"],
  [
    "a server in capitals, with a slash at the end",
    [openapi({ servers: [{ url: "https://EU1.make.com/api/v2/" }] })],
    "server form",
  ],
  ["other versions of 3.0", [openapi(), openapi({ openapi: "3.0.3" })], "other version"],
  [
    "other words in info",
    [openapi(), openapi({ info: { title: "X", version: "2" } })],
    "other words",
  ],
  ["other words in operations", [get({ summary: "a" }), get({ summary: "b" })], "other words"],
  ["words in one only", [get({}), get({ description: "b", deprecated: true })], "other words"],
  [
    "other words in components",
    [
      schema({ properties: { description: { example: 1 } } }),
      schema({ properties: { description: {} } }),
    ],
    "other words",
  ],
  [
    "other words in tags",
    [openapi({ tags: [{ name: "t", description: "a" }] }), openapi({ tags: [{ name: "t" }] })],
    "other words",
  ],
  [
    "servers in another order",
    [openapi(), openapi({ servers: [...(openapi()["servers"] as object[])].reverse() })],
    "other order",
  ],
  [
    "a root key that only one has",
    [openapi({ externalDocs: { url: "https://a.example" } }), openapi()],
    "said once",
  ],
];

describe("a page is taken, and the note says what was made of it:", () => {
  test.each(noted)("%s", async (_, documents, fault) => {
    const notes = await notesOn(page(...documents));
    expect(notes.some((note) => note.includes(leniency[fault]))).toBe(true);
    for (const note of notes) expect(note).toMatch(/^page\.md:\d+, /);
    const other = await check(page(...[...documents].reverse()));
    const taken = await check(page(...documents));
    expect(JSON.stringify(other)).toBe(JSON.stringify(taken));
    await expect(generate(`${JSON.stringify(taken)}\n`)).resolves.toHaveProperty("size", 3);
  });

  test("every row of the table is tried", () => {
    expect(new Set(noted.map(([, , fault]) => fault))).toEqual(new Set(Object.keys(leniency)));
  });
});

test.each([
  ["the same twice", [openapi(), openapi()]],
  [
    "components alone in a fragment",
    [openapi(), { openapi: "3.0.0", components: { schemas: {} } }],
  ],
  ["a name that every object has", [schema({ properties: { constructor: {}, toString: {} } })]],
  [
    "required of a part, which another part describes",
    [schema({ allOf: [{ properties: { a: {} } }, { required: ["a"] }] })],
  ],
])("a page with %s has no note", async (_, documents) => {
  expect(await notesOn(page(...documents))).toEqual([]);
});

test("an unknown type is unknown, and no record", async () => {
  const document = await check(page(property({ type: "bigint", properties: { x: {} } })));
  const files = await generate(`${JSON.stringify(document)}\n`);
  expect(files.get("generated/paths.ts")).toContain("a?: unknown;");
});

test("every fault is noted, however many there are", async () => {
  const numbers = Array.from({ length: 900 }, (_, i) => [`p${i}`, { type: "bigint" }]);
  const schemas = { A: { properties: Object.fromEntries(numbers) as JsonObject } };
  expect(await notesOn(page(withComponents({ schemas })))).toHaveLength(900);
});
