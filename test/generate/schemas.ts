import type { Json, JsonObject } from "../../scripts/lib/json.js";
import { ref } from "./documents.js";

/** A schema, values that it allows, and values that its type must not take. */
type Kind = [schema: JsonObject, allows: Json[], refuses?: Json[]];

const string = { type: "string" };
const integer = { type: "integer" };
const id = { ...integer, readOnly: true };
const list = (items: JsonObject): JsonObject => ({ type: "array", items });
const map = (additionalProperties: JsonObject): JsonObject => ({
  ...{ type: "object", additionalProperties },
});
const object = (properties: JsonObject, ...required: string[]): JsonObject => ({
  type: "object",
  properties,
  ...(required.length > 0 && { required }),
});

const withId = object({ id: integer }, "id");
const a = object({ a: string });
const choice = [a, object({ b: string })];

/** What the kinds refer to. */
export const schemas: JsonObject = {
  Id: integer,
  ReadOnly: id,
  Named: object({ name: string }, "name"),
  Other: object({ id: integer, other: string }),
  Thing: {
    ...object({ id, secret: { ...string, writeOnly: true }, name: string }),
    required: ["id", "secret", "name"],
  },
  MayBeNull: { ...a, nullable: true },
  Alias: ref("Named"),
  Node: object({ value: integer, next: ref("Node"), all: list(ref("Node")) }),
  Box: object({ kind: string, size: integer }, "kind"),
  Bag: object({ kind: { ...string, enum: ["bag", "sack"] }, soft: { type: "boolean" } }, "kind"),
  // A component may be called as what objects inherit.
  constructor: object({ a: string }, "a"),
};

export const kinds: Record<string, Kind> = {
  "a string": [{ ...string, format: "date" }, ["2020-01-01"], [1, null]],
  "a number": [{ type: "number" }, [0, -1.5, 1e21], ["1"]],
  "an integer": [integer, [0, -7], [true]],
  "a boolean": [{ type: "boolean" }, [true, false], ["true"]],
  "nothing said": [{ description: "Anything" }, [null, 1, "a", [], {}]],
  "a nullable string": [{ ...string, nullable: true }, ["a", null], [1]],
  "a nullable reference": [{ ...ref("Named"), nullable: true }, [{ name: "a" }, null], [{}]],
  "a nullable composition": [{ nullable: true, allOf: [ref("Named")] }, [null], [{}]],
  "an enum": [{ ...string, enum: ["a", "b"] }, ["a", "b"], ["c"]],
  "an enum of numbers": [{ type: "number", enum: [1, -2, 1e21] }, [1, -2, 1e21], [3]],
  "an enum without a type": [{ enum: ["a", 1, true, null] }, ["a", 1, true, null], ["b"]],
  "an enum with null": [{ ...string, nullable: true, enum: ["a", null] }, ["a", null], ["b"]],
  "an enum that is nullable": [{ ...string, nullable: true, enum: ["a"] }, ["a", null], ["b"]],
  "a list": [list(string), [[], ["a"]], [[1]]],
  "a list of anything": [{ type: "array" }, [[], [1, null]], [{}]],
  "a list of lists": [list(list(string)), [[["a"]]], [["a"]]],
  "a list of nullable lists": [list({ ...list(integer), nullable: true }), [[null, [1]]]],
  "an object": [{ type: "object" }, [{}, { a: 1 }], [1]],
  properties: [object({ a: string, b: integer }, "a"), [{ a: "" }], [{ b: 1 }, { a: 1 }]],
  "properties without a type": [{ properties: { a: string } }, [{}, { a: "" }], [{ a: 1 }]],
  "required without a declaration": [{ ...a, required: ["b"] }, [{}]],
  "names that need quotes": [
    object({ "1": string, "1e3": string, "a-b": string, "": string, "é\"'@": string }, "a-b"),
    [{ "1": "", "1e3": "", "a-b": "", "": "", "é\"'@": "" }],
    [{}],
  ],
  "names of keywords": [
    object({ operationId: string, anyOf: integer, required: list(string) }, "operationId"),
    [{ operationId: "", anyOf: 1, required: [""] }],
    [{}, { operationId: "", anyOf: "" }],
  ],
  "a default": [object({ a: { ...string, default: "x" } }), [{}, { a: "" }]],
  "further properties of a type": [map(integer), [{}, { a: 1 }], [{ a: "" }]],
  "further properties that may be null": [map({ ...ref("Named"), nullable: true }), [{ a: null }]],
  "further properties of any type": [
    { ...withId, additionalProperties: true },
    [{ id: 1, a: "" }],
    [{ a: "" }],
  ],
  "further properties without a schema": [{ ...object({ id: integer }), ...map({}) }, [{ a: 1 }]],
  "no further properties": [
    { ...withId, additionalProperties: false },
    [{ id: 1 }],
    [{ id: 1, a: "" }],
  ],
  "further properties of another type": [
    { ...object({ id: integer, inner: object({ a: integer }) }, "id"), ...map(string) },
    [{ id: 1 }, { id: 1, a: "", inner: { a: 1 } }],
    [{ id: "" }, { id: 1, inner: 1 }],
  ],
  allOf: [{ allOf: [ref("Named"), object({ b: integer })] }, [{ name: "" }], [{ b: 1 }]],
  "allOf and what is required": [{ allOf: [ref("Other")], required: ["id"] }, [{ id: 1 }], [{}]],
  "allOf with what is required within it": [
    { allOf: [a, { required: ["a"] }] },
    [{ a: "" }],
    [{ a: 1 }],
  ],
  "allOf of what may be null": [{ allOf: [ref("MayBeNull")], required: ["a"] }, [{ a: "" }]],
  "allOf by an alias": [{ allOf: [ref("Alias")], required: ["name"] }, [{ name: "" }], [{}]],
  oneOf: [{ oneOf: [string, ref("Named")] }, ["", { name: "" }], [1]],
  "oneOf beside properties": [
    { ...withId, oneOf: [ref("constructor"), ref("Named")] },
    [{ id: 1, name: "" }],
    [{ id: 1 }, { a: "" }],
  ],
  "oneOf of what is required": [
    { ...a, oneOf: [{ required: ["a"] }, { required: ["b"] }] },
    [{ a: "" }, {}],
    [{ a: 1 }],
  ],
  "oneOf of scalars": [{ ...string, oneOf: [{ enum: ["a"] }, { enum: ["b"] }] }, ["b"], ["c"]],
  anyOf: [{ anyOf: [string, integer] }, ["", 1], [true]],
  "anyOf beside properties": [{ ...withId, anyOf: choice }, [{ id: 1, a: "", b: "" }], [{ a: "" }]],
  "anyOf beside a type": [{ ...string, anyOf: [{ format: "date" }, {}] }, ["2020-01-01"], [1]],
  "anyOf beside allOf": [
    { allOf: [ref("Named")], anyOf: choice },
    [{ name: "", a: "" }],
    [{ a: "" }],
  ],
  "anyOf beside oneOf": [
    { anyOf: [ref("constructor")], oneOf: [ref("Named")] },
    [{ a: "", name: "" }],
    [{ a: "" }, { name: "" }],
  ],
  not: [{ not: string }, [1, null]],
  "a reference": [{ ...ref("Id"), description: "The id" }, [1], [""]],
  "a reference to a name that objects inherit": [ref("constructor"), [{ a: "" }], [{}]],
  "an object that holds itself": [ref("Node"), [{ next: { next: {} } }], [{ next: 1 }]],
  "a discriminator": [
    {
      oneOf: [ref("Box"), ref("Bag")],
      discriminator: { propertyName: "kind", mapping: { box: "Box", bag: "Bag" } },
    },
    [{ kind: "box", size: 1 }, { kind: "sack" }],
    [{ size: 1 }],
  ],
  "what is required in one direction only": [
    ref("Thing"),
    [{ name: "" }, { id: 1, secret: "", name: "" }],
    [{ id: 1 }, { id: "", name: "" }],
  ],
  "what is read only by reference": [object({ id: ref("ReadOnly") }, "id"), [{}], [{ id: "" }]],
  "what is read only in a composition": [
    { allOf: [ref("Thing"), object({ b: id })], required: ["id", "b", "name"] },
    [{ name: "" }],
    [{ id: 1, b: 1 }],
  ],
};
