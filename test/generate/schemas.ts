import type { Json, JsonObject } from "../../scripts/lib/json.js";

/** A schema, values that it allows, and values that its type must not take. */
export interface Kind {
  readonly schema: JsonObject;
  readonly allows: readonly Json[];
  readonly refuses?: readonly Json[];
  /** Pages have it, and ajv cannot judge it: JSON Schema knows no such schema, or no value that fits. */
  readonly isFaulty?: true;
}

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
const string = { type: "string" };
const integer = { type: "integer" };
const object = (properties: JsonObject, ...required: string[]): JsonObject => ({
  type: "object",
  properties,
  ...(required.length > 0 && { required }),
});

/** What the kinds refer to. */
export const schemas: JsonObject = {
  Id: integer,
  Named: object({ name: string }, "name"),
  Other: object({ id: integer, other: string }),
  MayBeNull: { ...object({ a: string }), nullable: true },
  Alias: ref("Named"),
  Node: object({ value: integer, next: ref("Node"), all: { type: "array", items: ref("Node") } }),
  Tree: { type: "object", additionalProperties: ref("Tree") },
  Lists: { type: "array", items: ref("Lists") },
  Value: {
    oneOf: [
      string,
      { type: "array", items: ref("Value") },
      { type: "object", additionalProperties: ref("Value") },
    ],
  },
  Circle: { allOf: [ref("Circle"), object({ a: string })] },
  Box: object({ kind: string, size: integer }, "kind"),
  Bag: object({ kind: { ...string, enum: ["bag", "sack"] }, soft: { type: "boolean" } }, "kind"),
};

export const kinds: Record<string, Kind> = {
  "a string": { schema: string, allows: ["", "a"], refuses: [1, null] },
  "a string with a format": {
    schema: { ...string, format: "date-time" },
    allows: ["2020-01-01T00:00:00Z"],
  },
  "a number": { schema: { type: "number" }, allows: [0, -1.5, 1e21], refuses: ["1"] },
  "an integer": { schema: integer, allows: [0, -7], refuses: [true] },
  "a boolean": { schema: { type: "boolean" }, allows: [true, false], refuses: ["true"] },
  "nothing said": { schema: {}, allows: [null, 1, "a", [], {}] },
  "a description alone": { schema: { description: "Anything" }, allows: [null, 1, {}] },
  "a type of no version": {
    isFaulty: true,
    schema: { type: "bigint" },
    allows: ["9007199254740993", 1, {}],
  },
  "a type of a later version": {
    isFaulty: true,
    schema: { type: ["string", "null"] },
    allows: ["a", null],
  },
  "a type that is null": { isFaulty: true, schema: { type: null }, allows: [null, 1] },
  "the type null": { schema: { anyOf: [string, { type: "null" }] }, allows: ["a", null] },
  "a nullable string": { schema: { ...string, nullable: true }, allows: ["a", null], refuses: [1] },
  "a nullable reference": {
    schema: { ...ref("Named"), nullable: true },
    allows: [{ name: "a" }, null],
    refuses: [{}],
  },
  "a nullable composition": {
    schema: { nullable: true, allOf: [ref("Named")] },
    allows: [{ name: "a" }, null],
  },
  "an enum": { schema: { ...string, enum: ["a", "b"] }, allows: ["a", "b"], refuses: ["c"] },
  "an enum of numbers": {
    schema: { type: "number", enum: [1, -2, 0.5, 1e21] },
    allows: [1, -2, 0.5, 1e21],
    refuses: [3],
  },
  "an enum without a type": {
    schema: { enum: ["a", 1, true, null] },
    allows: ["a", 1, true, null],
    refuses: ["b"],
  },
  "an enum with null": {
    schema: { ...string, nullable: true, enum: ["a", null] },
    allows: ["a", null],
    refuses: ["b"],
  },
  "an enum that is nullable": {
    schema: { ...string, nullable: true, enum: ["a"] },
    allows: ["a", null],
    refuses: ["b"],
  },
  "an enum with values of another type": {
    schema: { ...string, enum: ["a", 1, {}] },
    allows: ["a"],
    refuses: [1],
  },
  "an enum with values of another type only": {
    isFaulty: true,
    schema: { ...string, enum: [1, 2] },
    allows: ["a"],
  },
  "an enum without values": {
    isFaulty: true,
    schema: { ...string, enum: [] },
    allows: ["a"],
    refuses: [1],
  },
  "an enum of objects": { schema: { type: "object", enum: [{ a: 1 }] }, allows: [{ a: 1 }] },
  "an enum of lists": { schema: { enum: [[], ["a"]] }, allows: [[], ["a"]] },
  "a const of a later version": {
    isFaulty: true,
    schema: { ...string, const: "a" },
    allows: ["a", "b"],
  },
  "a list": { schema: { type: "array", items: string }, allows: [[], ["a"]], refuses: [[1]] },
  "a list of anything": { schema: { type: "array" }, allows: [[], [1, null]], refuses: [{}] },
  "a list of lists": {
    schema: { type: "array", items: { type: "array", items: string } },
    allows: [[["a"]]],
    refuses: [["a"]],
  },
  "a list of lists by composition": {
    schema: { type: "array", items: { allOf: [{ type: "array", items: string }] } },
    allows: [[["a"]]],
    refuses: [["a"]],
  },
  "a list of lists by choice": {
    schema: { type: "array", items: { oneOf: [{ type: "array", items: string }] } },
    allows: [[["a"]]],
    refuses: [["a"]],
  },
  "a list of nullable lists": {
    schema: { type: "array", items: { type: "array", items: integer, nullable: true } },
    allows: [[null, [1]]],
  },
  "a list of a length": {
    schema: { type: "array", items: string, minItems: 1, maxItems: 3 },
    allows: [["a"], ["a", "b", "c"]],
  },
  "a list of several schemas": {
    isFaulty: true,
    schema: { type: "array", items: [string, integer] },
    allows: [["a", 1]],
  },
  "an object": { schema: { type: "object" }, allows: [{}, { a: 1 }], refuses: [1] },
  properties: {
    schema: object({ a: string, b: integer }, "a"),
    allows: [{ a: "" }, { a: "", b: 1 }],
    refuses: [{ b: 1 }, { a: 1 }],
  },
  "properties without a type": {
    schema: { properties: { a: string } },
    allows: [{}, { a: "" }],
    refuses: [{ a: 1 }],
  },
  "required without a declaration": {
    isFaulty: true,
    schema: { ...object({ a: string }), required: ["b"] },
    allows: [{ a: "" }],
    refuses: [{ a: 1 }],
  },
  "required that is no list": {
    isFaulty: true,
    schema: { ...object({ a: string }), required: true },
    allows: [{}, { a: "" }],
  },
  "names that need quotes": {
    schema: object(
      { "1": string, "1e3": string, "a-b": string, "": string, "é\"'": string, Infinity: string },
      "a-b",
    ),
    allows: [{ "1": "", "1e3": "", "a-b": "", "": "", "é\"'": "", Infinity: "" }],
    refuses: [{}],
  },
  "names that objects inherit": {
    schema: object({ constructor: string, toString: string, valueOf: integer, a: string }),
    allows: [{}, { constructor: "", a: "" }],
  },
  "a required name that objects inherit": {
    schema: object({ constructor: string }, "constructor"),
    allows: [{ constructor: "" }],
  },
  "the name of the prototype": {
    isFaulty: true,
    schema: object({ ["__proto__"]: string }, "__proto__"),
    allows: [{ ["__proto__"]: "" }],
    refuses: [{ ["__proto__"]: 1 }],
  },
  "a default": { schema: object({ a: { ...string, default: "x" } }), allows: [{}, { a: "" }] },
  "further properties of a type": {
    schema: { type: "object", additionalProperties: integer },
    allows: [{}, { a: 1 }],
    refuses: [{ a: "" }],
  },
  "further properties of any type": {
    schema: { ...object({ id: integer }, "id"), additionalProperties: true },
    allows: [{ id: 1, a: "" }],
    refuses: [{ a: "" }],
  },
  "further properties without a schema": {
    schema: { ...object({ id: integer }, "id"), additionalProperties: {} },
    allows: [{ id: 1, a: "" }],
  },
  "no further properties": {
    schema: { ...object({ id: integer }, "id"), additionalProperties: false },
    allows: [{ id: 1 }],
    refuses: [{ id: 1, a: "" }],
  },
  "no properties at all": { schema: { type: "object", additionalProperties: false }, allows: [{}] },
  "further properties of another type": {
    schema: { ...object({ id: integer }, "id"), additionalProperties: string },
    allows: [{ id: 1 }, { id: 1, a: "" }],
    refuses: [{ id: "" }, { id: 1, a: true }],
  },
  "further properties beside an optional one": {
    schema: { ...object({ id: { ...integer, nullable: true } }), additionalProperties: string },
    allows: [{}, { id: null, a: "" }],
    refuses: [{ id: "" }],
  },
  "further properties beside an object": {
    schema: { ...object({ inner: object({ a: integer }) }), additionalProperties: string },
    allows: [{ inner: { a: 1 }, b: "" }],
    refuses: [{ inner: 1 }],
  },
  "further properties beside a reference": {
    schema: { ...object({ inner: ref("Named") }), additionalProperties: integer },
    allows: [{ inner: { name: "" }, b: 1 }],
    refuses: [{ b: "" }],
  },
  allOf: {
    schema: { allOf: [ref("Named"), object({ b: integer })] },
    allows: [{ name: "", b: 1 }, { name: "" }],
    refuses: [{ b: 1 }],
  },
  "allOf of one": { schema: { allOf: [ref("Named")] }, allows: [{ name: "" }], refuses: [{}] },
  "allOf with what is required beside it": {
    schema: { allOf: [ref("Other")], required: ["id"] },
    allows: [{ id: 1 }],
    refuses: [{}],
  },
  "allOf with what is required within it": {
    schema: { allOf: [object({ a: string }), { required: ["a"] }] },
    allows: [{ a: "" }],
  },
  "allOf with what nothing declares": {
    isFaulty: true,
    schema: { allOf: [ref("Other")], required: ["constructor", "more"] },
    allows: [{ id: 1, other: "" }],
  },
  "allOf of what may be null": {
    schema: { allOf: [ref("MayBeNull")], required: ["a"] },
    allows: [{ a: "" }],
  },
  "allOf by an alias": {
    schema: { allOf: [ref("Alias")], required: ["name"] },
    allows: [{ name: "" }],
    refuses: [{}],
  },
  oneOf: { schema: { oneOf: [string, ref("Named")] }, allows: ["", { name: "" }], refuses: [1] },
  "oneOf beside properties": {
    schema: {
      ...object({ id: integer }, "id"),
      oneOf: [object({ a: string }, "a"), object({ b: string }, "b")],
    },
    allows: [
      { id: 1, a: "" },
      { id: 1, b: "" },
    ],
    refuses: [{ id: 1 }, { a: "" }],
  },
  "oneOf of what is required": {
    schema: {
      ...object({ a: string, b: string }),
      oneOf: [{ required: ["a"] }, { required: ["b"] }],
    },
    allows: [{ a: "" }, { b: "" }],
    refuses: [{ a: 1 }],
  },
  "oneOf of scalars beside their type": {
    schema: { ...string, oneOf: [{ enum: ["a"] }, { enum: ["b"] }] },
    allows: ["a", "b"],
    refuses: ["c"],
  },
  anyOf: { schema: { anyOf: [string, integer] }, allows: ["", 1], refuses: [true] },
  "anyOf beside properties": {
    schema: {
      ...object({ id: integer }, "id"),
      anyOf: [object({ a: string }), object({ b: string })],
    },
    allows: [{ id: 1, a: "", b: "" }],
    refuses: [{ a: "" }],
  },
  "anyOf of formats": {
    schema: { ...string, anyOf: [{ format: "date" }, { format: "uri" }] },
    allows: ["2020-01-01"],
    refuses: [1],
  },
  "anyOf beside oneOf": {
    schema: { anyOf: [object({ a: string }, "a")], oneOf: [object({ b: string }, "b")] },
    allows: [{ a: "", b: "" }],
    refuses: [{ a: "" }],
  },
  not: { schema: { not: string }, allows: [1, null] },
  "a reference": { schema: ref("Id"), allows: [1], refuses: [""] },
  "a reference with words beside it": {
    schema: { ...ref("Id"), description: "The id", type: "string" },
    allows: [1],
  },
  "an object that holds itself": {
    schema: ref("Node"),
    allows: [{}, { value: 1, next: { next: {} }, all: [{ value: 2 }] }],
    refuses: [{ next: 1 }],
  },
  "a map of itself": { schema: ref("Tree"), allows: [{}, { a: { b: {} } }], refuses: [{ a: 1 }] },
  "a list of itself": {
    isFaulty: true,
    schema: ref("Lists"),
    allows: [[], [[], [[]]]],
    refuses: [1],
  },
  "any JSON text": {
    schema: ref("Value"),
    allows: ["", ["", [""]], { a: { b: [""] } }],
    refuses: [1],
  },
  "a composition of itself": { isFaulty: true, schema: ref("Circle"), allows: [{ a: "" }] },
  "a discriminator by mapping": {
    isFaulty: true,
    schema: {
      oneOf: [ref("Box"), ref("Bag")],
      discriminator: {
        propertyName: "kind",
        mapping: { box: "Box", bag: "#/components/schemas/Bag" },
      },
    },
    allows: [
      { kind: "box", size: 1 },
      { kind: "bag", soft: true },
    ],
    refuses: [{ kind: "crate" }, { kind: "bag", size: 1 }],
  },
  "a discriminator by name": {
    isFaulty: true,
    schema: { oneOf: [ref("Box"), ref("Bag")], discriminator: { propertyName: "kind" } },
    allows: [{ kind: "Box" }, { kind: "sack", soft: true }],
    refuses: [{ kind: "crate" }],
  },
};
