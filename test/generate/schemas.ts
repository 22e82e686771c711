import type { Json, JsonObject } from "../../scripts/lib/json.js";
import { ref } from "./documents.js";

/** A schema, values that it allows, and values that its type must not take. */
export interface Kind {
  readonly schema: JsonObject;
  readonly allows: readonly Json[];
  readonly refuses?: readonly Json[];
  /** Pages have it, and ajv cannot judge it: JSON Schema knows no such schema, or no value that fits. */
  readonly isFaulty?: true;
}

const kind = (schema: JsonObject, allows: Json[], refuses: Json[] = []): Kind => ({
  ...{ schema, allows, refuses },
});
const faulty = (...of: Parameters<typeof kind>): Kind => ({ ...kind(...of), isFaulty: true });

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

/** What the kinds refer to. */
export const schemas: JsonObject = {
  Id: integer,
  ReadOnly: id,
  Named: object({ name: string }, "name"),
  Other: object({ id: integer, other: string }),
  Thing: object(
    { id, secret: { ...string, writeOnly: true }, name: string },
    "id",
    "secret",
    "name",
  ),
  MayBeNull: { ...object({ a: string }), nullable: true },
  Alias: ref("Named"),
  Node: object({ value: integer, next: ref("Node"), all: list(ref("Node")) }),
  Tree: map(ref("Tree")),
  Box: object({ kind: string, size: integer }, "kind"),
  Bag: object({ kind: { ...string, enum: ["bag", "sack"] }, soft: { type: "boolean" } }, "kind"),
  // A component may be called as what objects inherit.
  constructor: object({ a: string }, "a"),
};

export const kinds: Record<string, Kind> = {
  "a string": kind({ ...string, format: "date" }, ["2020-01-01"], [1, null]),
  "a number": kind({ type: "number" }, [0, -1.5, 1e21], ["1"]),
  "an integer": kind(integer, [0, -7], [true]),
  "a boolean": kind({ type: "boolean" }, [true, false], ["true"]),
  "nothing said": kind({ description: "Anything" }, [null, 1, "a", [], {}]),
  "a type of no version": faulty({ type: "bigint", nullable: true }, ["9007199254740993", 1, null]),
  "a property of such a type": faulty(object({ a: { type: "bigint" } }), [{ a: 1 }, { a: null }]),
  "such a type beside other keywords": faulty({ ...map(string), type: "bigint" }, ["1", { a: 1 }]),
  "a type of a later version": faulty({ type: ["string", "null"] }, ["a", null, 1]),
  "the type null": faulty({ anyOf: [string, { type: "null" }] }, ["a", null]),
  "a nullable string": kind({ ...string, nullable: true }, ["a", null], [1]),
  "a nullable reference": kind({ ...ref("Named"), nullable: true }, [{ name: "a" }, null], [{}]),
  "a nullable composition": kind({ nullable: true, allOf: [ref("Named")] }, [null], [{}]),
  "an enum": kind({ ...string, enum: ["a", "b"] }, ["a", "b"], ["c"]),
  "an enum of numbers": kind({ type: "number", enum: [1, -2, 1e21] }, [1, -2, 1e21], [3]),
  "an enum without a type": kind({ enum: ["a", 1, true, null] }, ["a", 1, true, null], ["b"]),
  "an enum with null": kind({ ...string, nullable: true, enum: ["a", null] }, ["a", null], ["b"]),
  "an enum that is nullable": kind({ ...string, nullable: true, enum: ["a"] }, ["a", null], ["b"]),
  "an enum of lists": kind({ enum: [[], ["a"]] }, [[], ["a"]]),
  "a list": kind(list(string), [[], ["a"]], [[1]]),
  "a list of anything": kind({ type: "array" }, [[], [1, null]], [{}]),
  "a list of lists": kind(list(list(string)), [[["a"]]], [["a"]]),
  "a list of nullable lists": kind(list({ ...list(integer), nullable: true }), [[null, [1]]]),
  "a list of a length": kind({ ...list(string), minItems: 2, maxItems: 3 }, [["a", "b"]]),
  "an object": kind({ type: "object" }, [{}, { a: 1 }], [1]),
  properties: kind(object({ a: string, b: integer }, "a"), [{ a: "" }], [{ b: 1 }, { a: 1 }]),
  "properties without a type": kind({ properties: { a: string } }, [{}, { a: "" }], [{ a: 1 }]),
  "required without a declaration": faulty({ ...object({ a: string }), required: ["b"] }, [{}]),
  "required that is no list": faulty({ ...object({ a: string }), required: true }, [{}]),
  "names that need quotes": kind(
    object({ "1": string, "1e3": string, "a-b": string, "": string, "é\"'@": string }, "a-b"),
    [{ "1": "", "1e3": "", "a-b": "", "": "", "é\"'@": "" }],
    [{}],
  ),
  "a default": kind(object({ a: { ...string, default: "x" } }), [{}, { a: "" }]),
  "further properties of a type": kind(map(integer), [{}, { a: 1 }], [{ a: "" }]),
  "further properties of any type": kind(
    { ...object({ id: integer }, "id"), additionalProperties: true },
    ...[[{ id: 1, a: "" }], [{ a: "" }]],
  ),
  "further properties without a schema": kind({ ...object({ id: integer }), ...map({}) }, [
    { a: 1 },
  ]),
  "no further properties": kind(
    { ...object({ id: integer }, "id"), additionalProperties: false },
    ...[[{ id: 1 }], [{ id: 1, a: "" }]],
  ),
  "no properties at all": kind({ type: "object", additionalProperties: false }, [{}]),
  "further properties of another type": kind(
    { ...object({ id: integer, inner: object({ a: integer }) }, "id"), ...map(string) },
    [{ id: 1 }, { id: 1, a: "", inner: { a: 1 } }],
    [{ id: "" }, { id: 1, inner: 1 }],
  ),
  allOf: kind({ allOf: [ref("Named"), object({ b: integer })] }, [{ name: "" }], [{ b: 1 }]),
  "allOf and what is required": kind(
    { allOf: [ref("Other")], required: ["id"] },
    [{ id: 1 }],
    [{}],
  ),
  "allOf with what is required within it": kind(
    { allOf: [object({ a: string }), { required: ["a"] }] },
    ...[[{ a: "" }], [{ a: 1 }]],
  ),
  "allOf of what may be null": kind({ allOf: [ref("MayBeNull")], required: ["a"] }, [{ a: "" }]),
  "allOf by an alias": kind({ allOf: [ref("Alias")], required: ["name"] }, [{ name: "" }], [{}]),
  oneOf: kind({ oneOf: [string, ref("Named")] }, ["", { name: "" }], [1]),
  "oneOf beside properties": kind(
    { ...object({ id: integer }, "id"), oneOf: [object({ a: string }, "a"), ref("Named")] },
    [
      { id: 1, a: "" },
      { id: 1, name: "" },
    ],
    [{ id: 1 }, { a: "" }],
  ),
  "oneOf of what is required": kind(
    { ...object({ a: string, b: string }), oneOf: [{ required: ["a"] }, { required: ["b"] }] },
    ...[[{ a: "" }, { b: "" }], [{ a: 1 }]],
  ),
  "oneOf of scalars": kind({ ...string, oneOf: [{ enum: ["a"] }, { enum: ["b"] }] }, ["b"], ["c"]),
  anyOf: kind({ anyOf: [string, integer] }, ["", 1], [true]),
  "anyOf beside properties": kind(
    { ...object({ id: integer }, "id"), anyOf: [object({ a: string }), object({ b: string })] },
    ...[[{ id: 1, a: "", b: "" }], [{ a: "" }]],
  ),
  "anyOf beside a type": kind({ ...string, anyOf: [{ format: "date" }, {}] }, ["2020-01-01"], [1]),
  "anyOf beside allOf": kind(
    { allOf: [ref("Named")], anyOf: [object({ a: string }), object({ b: string })] },
    ...[[{ name: "", a: "" }], [{ a: "" }]],
  ),
  "anyOf beside oneOf": kind(
    { anyOf: [object({ a: string }, "a")], oneOf: [object({ b: string }, "b")] },
    ...[[{ a: "", b: "" }], [{ a: "" }, { b: "" }]],
  ),
  not: kind({ not: string }, [1, null]),
  "a reference": kind({ ...ref("Id"), description: "The id" }, [1], [""]),
  "a reference to a name that objects inherit": kind(ref("constructor"), [{ a: "" }], [{}]),
  "an object that holds itself": kind(ref("Node"), [{ next: { next: {} } }], [{ next: 1 }]),
  "a map of itself": kind(ref("Tree"), [{}, { a: { b: {} } }], [{ a: 1 }]),
  "a discriminator": faulty(
    {
      oneOf: [ref("Box"), ref("Bag")],
      discriminator: { propertyName: "kind", mapping: { box: "Box", bag: "Bag" } },
    },
    ...[[{ kind: "box", size: 1 }, { kind: "sack" }], [{ size: 1 }]],
  ),
  "what is required in one direction only": faulty(
    ref("Thing"),
    [{ name: "" }, { id: 1, secret: "", name: "" }],
    [{ id: 1 }, { id: "", name: "" }],
  ),
  "what is read only by reference": faulty(
    object({ id: ref("ReadOnly") }, "id"),
    [{}],
    [{ id: "" }],
  ),
  "what is read only in a composition": faulty(
    { allOf: [ref("Thing"), object({ b: id })], required: ["id", "b", "name"] },
    ...[[{ name: "" }], [{ id: 1, b: 1 }]],
  ),
};
