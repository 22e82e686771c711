import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../scripts/lib/json.js";
import type { Level } from "../../scripts/pull/bump-rules.js";
import { lines } from "./report-documents.js";

const text: JsonObject = { type: "string" };
const number: JsonObject = { type: "number" };
const object = (properties: JsonObject, ...required: string[]): JsonObject => ({
  type: "object",
  properties,
  ...(required.length > 0 && { required }),
});
const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

/** Two schemas, the place at which they differ, what is said, and its levels where sent and received. */
type Row = [JsonObject, JsonObject, place: string, what: string, request: Level, response?: Level];

/** A keyword of a property, its values before and after, and the words for them. */
const keyword = (
  level: Level,
  key: string,
  from: Json | undefined,
  to: Json | undefined,
  words: string,
): Row => [
  object({ a: { ...text, ...(from !== undefined && { [key]: from }) } }),
  object({ a: { ...text, ...(to !== undefined && { [key]: to }) } }),
  ...(["a", `${key} changed ${words}`.trim(), level] as const),
];

const rows: Row[] = [
  [object({ a: text, b: text }), object({ a: text }), "b", "property removed", "major"],
  [object({}), object({ b: text }), "b", "optional property added", "minor"],
  [object({}), object({ toString: text }), "toString", "optional property added", "minor"],
  [object({}), object({ b: text }, "b"), "b", "required property added", "major", "minor"],
  [object({ a: text }), object({ a: text }, "a"), "a", "now required", "major", "minor"],
  [object({ a: text }, "a"), object({ a: text }), "a", "no longer required", "minor", "major"],
  [
    { allOf: [object({ a: text }), {}] },
    { allOf: [object({ a: text }), { required: ["a"] }] },
    ...(["a", "required property added", "major", "minor"] as const),
  ],
  [{ enum: ["x", 1] }, { enum: ["z", 1, "x"] }, "", "enum value added: z", "minor", "major"],
  [{ enum: ["x", 1, null] }, { enum: [null, "x"] }, "", "enum value removed: 1", "major", "minor"],
  [text, { ...text, enum: ["x"] }, "", 'enum added: ["x"]', "major"],
  [{ ...text, enum: ["x"] }, text, "", 'enum removed: ["x"]', "major"],
  [
    object({ a: { items: { items: text } } }),
    object({ a: { items: { items: number } } }),
    ...(["a[][]", "type changed from string to number", "major"] as const),
  ],
  [
    object({ a: { additionalProperties: object({ b: text }) } }),
    object({ a: { additionalProperties: object({ b: number }) } }),
    ...(["a.*.b", "type changed from string to number", "major"] as const),
  ],
  [{ additionalProperties: {} }, {}, "*", "additionalProperties removed: {}", "major"],
  [
    { oneOf: [text] },
    { oneOf: [number, text] },
    "oneOf[0]",
    'alternative added: {"type":"number"}',
    "major",
  ],
  [
    { oneOf: [text, object({ b: text })] },
    { oneOf: [object({ b: number }), text] },
    ...(["oneOf[1].b", "type changed from string to number", "major"] as const),
  ],
  [
    { allOf: [text, number] },
    { allOf: [text] },
    "",
    'allOf part removed: {"type":"number"}',
    "major",
  ],
  [
    { discriminator: { propertyName: "a" } },
    { discriminator: { propertyName: "b" } },
    ...([
      "",
      'discriminator changed from {"propertyName":"a"} to {"propertyName":"b"}',
      "major",
    ] as const),
  ],
  [
    { allOf: [text, object({})] },
    { allOf: [text, object({ b: text })] },
    ...(["b", "optional property added", "minor"] as const),
  ],
  keyword("major", "type", "string", "integer", "from string to integer"),
  keyword("major", "format", "date", "date-time", "from date to date-time"),
  keyword("major", "nullable", undefined, true, "from none to true"),
  keyword("major", "maxLength", 3, 5, "from 3 to 5"),
  keyword("major", "pattern", "^a$", undefined, 'from "^a$" to none'),
  keyword("major", "readOnly", undefined, true, "from none to true"),
  keyword("major", "additionalProperties", undefined, false, "from none to false"),
  keyword("major", "not", { type: "null" }, {}, 'from {"type":"null"} to {}'),
  keyword("patch", "description", undefined, "x", "from none to x"),
  keyword("patch", "description", "y".repeat(99), `${"y".repeat(98)}z`, ""),
  keyword("patch", "example", { a: 1 }, { a: 2 }, 'from {"a":1} to {"a":2}'),
  keyword("patch", "deprecated", false, true, "from none to true"),
  keyword("patch", "x-anything", undefined, { type: "number" }, 'from none to {"type":"number"}'),
];

const document = (schema: JsonObject, components: JsonObject = {}): JsonObject => {
  const body = { content: { "application/json": { schema } } };
  const header = { description: "", headers: { H: { description: "", schema } } };
  return {
    components: { schemas: components },
    paths: {
      "/things": {
        post: { requestBody: body, responses: { "200": { description: "", ...body } } },
        get: { parameters: [{ name: "q", in: "query", schema }], responses: { "200": header } },
      },
    },
  };
};

/** Ways to have a schema in a document, and the place at which it is then found. */
const settings: [string, string, (schema: JsonObject) => JsonObject][] = [
  ["inlined", "", (schema) => document(schema)],
  ["inlined below", "list[]", (schema) => document(object({ list: { items: schema } }))],
  ["referenced", "", (schema) => document(ref("S"), { S: schema })],
  [
    "referenced by a component that refers to itself",
    "node.deep",
    (schema) =>
      document(object({ node: ref("Node") }), {
        Node: object({ next: ref("Node"), others: { items: ref("Node") }, deep: ref("Alias") }),
        ...{ Alias: ref("S"), S: schema },
      }),
  ],
];

const join = (outer: string, path: string) => (outer && path ? `${outer}.${path}` : outer + path);

describe.each(settings)("a schema %s", (_, outer, setting) => {
  it.each(rows)("%j → %j: at %j, %s", (before, after, path, what, request, response = request) => {
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
