import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../scripts/lib/json.js";
import { lines } from "./report-documents.js";

type Bump = "patch" | "minor" | "major";

interface Rule {
  title: string;
  before: JsonObject;
  after: JsonObject;
  /** The place inside the schema, and what is said of it. */
  path?: string;
  what: string;
  request: Bump;
  response: Bump;
}

const text: JsonObject = { type: "string" };
const object = (properties: JsonObject, ...required: string[]): JsonObject => ({
  type: "object",
  properties,
  ...(required.length > 0 && { required }),
});
const major = { request: "major", response: "major" } as const;
const minor = { request: "minor", response: "minor" } as const;
const patch = { request: "patch", response: "patch" } as const;

const rules: Rule[] = [
  {
    title: "a property removed",
    before: object({ a: text, b: text }),
    after: object({ a: text }),
    path: "b",
    what: "property removed",
    ...major,
  },
  {
    title: "a required property removed",
    before: object({ a: text, b: text }, "b"),
    after: object({ a: text }),
    path: "b",
    what: "property removed",
    ...major,
  },
  {
    title: "an optional property added",
    before: object({ a: text }),
    after: object({ a: text, b: text }),
    path: "b",
    what: "optional property added",
    ...minor,
  },
  {
    title: "a required property added",
    before: object({ a: text }),
    after: object({ a: text, b: text }, "b"),
    path: "b",
    what: "required property added",
    request: "major",
    response: "minor",
  },
  {
    title: "a property named as what every object inherits, added",
    before: object({ a: text }),
    after: object({ a: text, toString: text }),
    path: "toString",
    what: "optional property added",
    ...minor,
  },
  {
    title: "a property newly required",
    before: object({ a: text, b: text }, "b"),
    after: object({ a: text, b: text }, "a", "b"),
    path: "a",
    what: "now required",
    request: "major",
    response: "minor",
  },
  {
    title: "a property no longer required",
    before: object({ a: text }, "a"),
    after: object({ a: text }),
    path: "a",
    what: "no longer required",
    request: "minor",
    response: "major",
  },
  {
    title: "a name newly required that is described elsewhere",
    before: { allOf: [object({ a: text }), { type: "object" }] },
    after: { allOf: [object({ a: text }), { type: "object", required: ["a"] }] },
    path: "a",
    what: "now required",
    request: "major",
    response: "minor",
  },
  {
    title: "an enum value added",
    before: object({ a: { type: "string", enum: ["x", "y"] } }),
    after: object({ a: { type: "string", enum: ["z", "x", "y"] } }),
    path: "a",
    what: "enum value added: z",
    request: "minor",
    response: "major",
  },
  {
    title: "an enum value removed",
    before: object({ a: { enum: ["x", 1, null] } }),
    after: object({ a: { enum: [null, "x"] } }),
    path: "a",
    what: "enum value removed: 1",
    request: "major",
    response: "minor",
  },
  {
    title: "an enum where there was none",
    before: object({ a: text }),
    after: object({ a: { type: "string", enum: ["x"] } }),
    path: "a",
    what: 'enum changed from none to ["x"]',
    ...major,
  },
  {
    title: "an enum gone as a whole",
    before: object({ a: { type: "string", enum: ["x"] } }),
    after: object({ a: text }),
    path: "a",
    what: 'enum changed from ["x"] to none',
    ...major,
  },
  {
    title: "a type changed",
    before: object({ a: { type: "string" } }),
    after: object({ a: { type: "integer" } }),
    path: "a",
    what: "type changed from string to integer",
    ...major,
  },
  {
    title: "the type of items changed",
    before: object({ a: { type: "array", items: { type: "array", items: text } } }),
    after: object({ a: { type: "array", items: { type: "array", items: { type: "number" } } } }),
    path: "a[][]",
    what: "type changed from string to number",
    ...major,
  },
  {
    title: "the type of a map's values changed",
    before: object({ a: { type: "object", additionalProperties: object({ b: text }) } }),
    after: object({
      a: { type: "object", additionalProperties: object({ b: { type: "number" } }) },
    }),
    path: "a.*.b",
    what: "type changed from string to number",
    ...major,
  },
  {
    title: "additional properties forbidden",
    before: object({}),
    after: { ...object({}), additionalProperties: false },
    what: "additionalProperties changed from none to false",
    ...major,
  },
  {
    title: "a format changed",
    before: object({ a: { type: "string", format: "date" } }),
    after: object({ a: { type: "string", format: "date-time" } }),
    path: "a",
    what: "format changed from date to date-time",
    ...major,
  },
  {
    title: "now nullable",
    before: object({ a: text }),
    after: object({ a: { type: "string", nullable: true } }),
    path: "a",
    what: "nullable changed from false to true",
    ...major,
  },
  {
    title: "no longer nullable",
    before: object({ a: { type: "string", nullable: true } }),
    after: object({ a: { type: "string", nullable: false } }),
    path: "a",
    what: "nullable changed from true to false",
    ...major,
  },
  ...(
    [
      ["default", undefined, "x", "from none to x"],
      ["maxLength", 3, 5, "from 3 to 5"],
      ["pattern", "^a$", undefined, 'from "^a$" to none'],
      ["readOnly", undefined, true, "from false to true"],
      ["writeOnly", true, undefined, "from true to false"],
      ["uniqueItems", false, true, "from false to true"],
      ["externalDocs", undefined, { url: "/" }, 'from none to {"url":"/"}'],
      ["not", { type: "null" }, {}, 'from {"type":"null"} to {}'],
      ["unheardOf", 1, 2, "from 1 to 2"],
      ["component", 1, 2, "from 1 to 2"],
    ] as const
  ).map(([key, from, to, words]) => ({
    title: `${key}, which no rule knows`,
    before: object({ a: from === undefined ? text : { ...text, [key]: from } }),
    after: object({ a: to === undefined ? text : { ...text, [key]: to } }),
    path: "a",
    what: `${key} changed ${words}`,
    ...major,
  })),
  ...(
    [
      ["description", undefined, "x", "from none to x"],
      ["description", "y".repeat(99), `${"y".repeat(98)}z`, ""],
      ["title", "x", undefined, "from x to none"],
      ["example", { a: 1 }, { a: 2 }, 'from {"a":1} to {"a":2}'],
      ["deprecated", false, true, "from false to true"],
      ["x-anything", undefined, { type: "number" }, 'from none to {"type":"number"}'],
    ] as const
  ).map(([key, from, to, words]) => ({
    title: `${key}, which callers do not depend on`,
    before: object({ a: from === undefined ? text : { ...text, [key]: from } }),
    after: object({ a: to === undefined ? text : { ...text, [key]: to } }),
    path: "a",
    what: `${key} changed ${words}`.trim(),
    ...patch,
  })),
  {
    title: "an alternative added",
    before: object({ a: { oneOf: [text] } }),
    after: object({ a: { oneOf: [{ type: "integer" }, text] } }),
    path: "a.oneOf[0]",
    what: 'alternative added: {"type":"integer"}',
    ...major,
  },
  {
    title: "an alternative removed",
    before: object({ a: { anyOf: [text, { type: "integer" }] } }),
    after: object({ a: { anyOf: [text] } }),
    path: "a.anyOf[1]",
    what: 'alternative removed: {"type":"integer"}',
    ...major,
  },
  {
    title: "a change inside an alternative that also moved",
    before: object({ a: { oneOf: [text, object({ b: text })] } }),
    after: object({ a: { oneOf: [object({ b: { type: "integer" } }), text] } }),
    path: "a.oneOf[0].b",
    what: "type changed from string to integer",
    ...major,
  },
  {
    title: "a part of allOf removed",
    before: { allOf: [object({ a: text }), object({ b: text })] },
    after: { allOf: [object({ a: text })] },
    what: 'allOf part removed: {"type":"object","properties":{"b":{"type":"string"}}}',
    ...major,
  },
  {
    title: "a property of a part of allOf added",
    before: { allOf: [object({ a: text }), object({})] },
    after: { allOf: [object({ a: text }), object({ b: text })] },
    path: "b",
    what: "optional property added",
    ...minor,
  },
  {
    title: "a discriminator",
    before: { oneOf: [object({ a: text })], discriminator: { propertyName: "a" } },
    after: { oneOf: [object({ a: text })], discriminator: { propertyName: "b" } },
    what: "propertyName changed from a to b",
    ...major,
  },
  {
    title: "a property with a name that is no word",
    before: object({ "a.b[]": text }),
    after: object({ "a.b[]": { type: "integer" } }),
    path: '"a.b[]"',
    what: "type changed from string to integer",
    ...major,
  },
];

const document = (schema: JsonObject, components: JsonObject = {}): JsonObject => {
  const content = { "application/json": { schema } };
  return {
    openapi: "3.0.0",
    components: { schemas: components },
    paths: {
      "/things": {
        post: {
          requestBody: { content },
          responses: { "200": { description: "", content } },
        },
        get: {
          parameters: [{ name: "q", in: "query", schema }],
          responses: { "200": { description: "", headers: { H: { description: "", schema } } } },
        },
      },
    },
  };
};
const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

const join = (outer: string, path: string) =>
  outer === "" || path === "" ? outer + path : `${outer}.${path}`;

/** Ways to have a schema in a document, and the place at which it is then found. */
const settings: [string, string, (schema: JsonObject) => JsonObject][] = [
  ["inlined", "", (schema) => document(schema)],
  ["inlined below", "list[]", (schema) => document(object({ list: { items: schema } }))],
  ["referenced", "", (schema) => document(ref("S"), { S: schema })],
  [
    "referenced by a component",
    "list[].deep",
    (schema) =>
      document(object({ list: { type: "array", items: ref("Outer") } }), {
        Outer: object({ deep: ref("Alias") }),
        Alias: ref("S"),
        S: schema,
      }),
  ],
  [
    "referenced by a component that refers to itself",
    "node.deep",
    (schema) =>
      document(object({ node: ref("Node") }), {
        Node: object({ next: ref("Node"), others: { items: ref("Node") }, deep: ref("S") }),
        S: schema,
      }),
  ],
];

describe.each(settings)("%s", (_, outer, setting) => {
  it.each(rules)("$title", ({ before, after, path = "", what, request, response }) => {
    const place = join(outer, path);
    const inBody = place === "" ? "" : ` · ${place}`;
    const inParameter = place === "" ? "" : `.${place}`;
    const expected = [
      `${request}  GET /things · query q${inParameter}: ${what}`,
      `${request}  POST /things · request${inBody}: ${what}`,
      `${response}  GET /things · 200 · header H${inParameter}: ${what}`,
      `${response}  POST /things · 200${inBody}: ${what}`,
    ];
    expect(lines(setting(before), setting(after)).sort()).toEqual(expected.sort());
    expect(lines(setting(before), setting(before))).toEqual([]);
    expect(lines(setting(after), setting(after))).toEqual([]);
  });
});
