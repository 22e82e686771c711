import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../scripts/lib/json.js";
import { lines } from "./report-documents.js";

const object = (properties: JsonObject): JsonObject => ({ type: "object", properties });
const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

/** What is said of two schemas, and its levels where they are sent and where they are received. */
const table = `
b: property removed | major | {"properties":{"a":{},"b":{}}} | {"properties":{"a":{}}}
b: optional property added | minor | {"properties":{"a":{}}} | {"properties":{"a":{},"b":{"properties":{"c":{}}}}}
toString: optional property added | minor | {"properties":{"a":{}}} | {"properties":{"a":{},"toString":{}}}
b: required property added | major minor | {"properties":{"a":{}}} | {"properties":{"a":{},"b":{}},"required":["b"]}
a: now required | major minor | {"properties":{"a":{}}} | {"properties":{"a":{}},"required":["a"]}
a: no longer required | minor major | {"properties":{"a":{}},"required":["a"]} | {"properties":{"a":{}}}
a: required property added | major minor | {"allOf":[{"properties":{"a":{}}},{}]} | {"allOf":[{"properties":{"a":{}}},{"required":["a"]}]}
: enum value added: z | minor major | {"enum":["x",1]} | {"enum":["z",1,"x"]}
: enum value removed: 1 | major minor | {"enum":["x",1,null]} | {"enum":[null,"x"]}
: enum added: ["x"] | major | {"type":"string"} | {"type":"string","enum":["x"]}
: enum removed: ["x"] | major | {"type":"string","enum":["x"]} | {"type":"string"}
a[][]: type changed from string to number | major | {"properties":{"a":{"items":{"items":{"type":"string"}}}}} | {"properties":{"a":{"items":{"items":{"type":"number"}}}}}
a.*.b: type changed from string to number | major | {"properties":{"a":{"additionalProperties":{"properties":{"b":{"type":"string"}}}}}} | {"properties":{"a":{"additionalProperties":{"properties":{"b":{"type":"number"}}}}}}
*: additionalProperties removed: {} | major | {"additionalProperties":{}} | {}
oneOf[0]: alternative added: {"type":"number"} | major | {"oneOf":[{"type":"string"}]} | {"oneOf":[{"type":"number"},{"type":"string"}]}
oneOf[1].b: type changed from string to number | major | {"oneOf":[{"title":"A"},{"title":"B","properties":{"b":{"type":"string"}}}]} | {"oneOf":[{"title":"B","properties":{"b":{"type":"number"}}},{"title":"A"}]}
anyOf[1]: format changed from date to none | major | {"anyOf":[{"type":"string"},{"type":"string","format":"date"}]} | {"anyOf":[{"type":"string"},{"type":"string"}]}
: allOf part removed: {"type":"number"} | major | {"allOf":[{"type":"string"},{"type":"number"}]} | {"allOf":[{"type":"string"}]}
b: optional property added | minor | {"allOf":[{"type":"string"},{"properties":{"a":{}}}]} | {"allOf":[{"type":"string"},{"properties":{"a":{},"b":{}}}]}
: discriminator changed from {"propertyName":"a"} to {"propertyName":"b"} | major | {"discriminator":{"propertyName":"a"}} | {"discriminator":{"propertyName":"b"}}
a: type changed from string to integer | major | {"properties":{"a":{"type":"string"}}} | {"properties":{"a":{"type":"integer"}}}
a: format changed from date to date-time | major | {"properties":{"a":{"type":"string","format":"date"}}} | {"properties":{"a":{"type":"string","format":"date-time"}}}
a: nullable changed from none to true | major | {"properties":{"a":{"type":"string","nullable":false}}} | {"properties":{"a":{"type":"string","nullable":true}}}
a: maxLength changed from 3 to 5 | major | {"properties":{"a":{"type":"string","maxLength":3}}} | {"properties":{"a":{"type":"string","maxLength":5}}}
a: pattern changed from "^a$" to none | major | {"properties":{"a":{"type":"string","pattern":"^a$"}}} | {"properties":{"a":{"type":"string"}}}
a: readOnly changed from none to true | major | {"properties":{"a":{"type":"string"}}} | {"properties":{"a":{"type":"string","readOnly":true}}}
a: additionalProperties changed from none to false | major | {"properties":{"a":{"type":"string"}}} | {"properties":{"a":{"type":"string","additionalProperties":false}}}
a: not changed from {"type":"null"} to {} | major | {"properties":{"a":{"type":"string","not":{"type":"null"}}}} | {"properties":{"a":{"type":"string","not":{}}}}
a: description changed from none to x | patch | {"properties":{"a":{"type":"string"}}} | {"properties":{"a":{"type":"string","description":"x"}}}
a: description changed | patch | {"properties":{"a":{"type":"string","description":"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"}}} | {"properties":{"a":{"type":"string","description":"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyz"}}}
a: example changed from {"a":1} to {"a":2} | patch | {"properties":{"a":{"type":"string","example":{"a":1}}}} | {"properties":{"a":{"type":"string","example":{"a":2}}}}
a: deprecated changed from none to true | patch | {"properties":{"a":{"type":"string","deprecated":false}}} | {"properties":{"a":{"type":"string","deprecated":true}}}
a: x-anything changed from none to {"type":"number"} | patch | {"properties":{"a":{"type":"string"}}} | {"properties":{"a":{"type":"string","x-anything":{"type":"number"}}}}
`;

const rows = table
  .trim()
  .split("\n")
  .map((row) => {
    const [said = "", levels = "", before = "", after = ""] = row.split(" | ");
    const [, place = "", what = ""] = /^(.*?): (.*)$/.exec(said) ?? [];
    const [request = "", response = request] = levels.split(" ");
    const schemas = [JSON.parse(before), JSON.parse(after)] as [JsonObject, JsonObject];
    return { said, place, what, request, response, schemas };
  });

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
  it.each(rows)("$said", ({ place: inner, what, request, response, schemas }) => {
    const [before, after] = schemas.map(setting) as [JsonObject, JsonObject];
    const place = join(outer, inner);
    const inBody = place === "" ? "" : ` · ${place}`;
    const inParameter = place === "" ? "" : `.${place}`;
    const expected = [
      `${request}  GET /things · query q${inParameter}: ${what}`,
      `${request}  POST /things · request${inBody}: ${what}`,
      `${response}  GET /things · 200 · header H${inParameter}: ${what}`,
      `${response}  POST /things · 200${inBody}: ${what}`,
    ];
    expect(lines(before, after).sort()).toEqual(expected.sort());
    expect(lines(before, before)).toEqual([]);
    expect(lines(after, after)).toEqual([]);
  });
});

it("is major where an object that could hold anything names its first property", () => {
  const named = document({ type: "object", properties: { a: {} } });
  const report = lines(document({ type: "object" }), named);
  expect(report).toContain("major  POST /things · request: properties changed from none to named");
  expect(report).toContain("major  POST /things · 200: properties changed from none to named");
  expect(lines(document({ type: "object", properties: {} }), named)).toEqual(report);
});
