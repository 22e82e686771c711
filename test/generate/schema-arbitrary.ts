import fc from "fast-check";
import { isObject, type Json, type JsonObject } from "../../scripts/lib/json.js";

/** A schema, and values that are meant to fit it. */
export interface Example {
  readonly schema: JsonObject;
  readonly values: readonly Json[];
}

const plainNames = ["a", "b", "id"] as const;
const oddNames = ["1", "1e3", "-1", "x-y", "a b", "it's", 'a"b', ""] as const;
/** JavaScript finds them on every object. `__proto__` is not among them: ajv looks at no such property. */
const inheritedNames = ["constructor", "toString", "hasOwnProperty"] as const;
const anyName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...plainNames) },
  fc.constantFrom(...oddNames),
  fc.constantFrom(...inheritedNames),
);

const constant = (schema: JsonObject, ...values: Json[]): fc.Arbitrary<Example> =>
  fc.constant({ schema, values });

const leaf = fc.oneof(
  constant({ type: "string" }, "", "text"),
  constant({ type: "string", enum: ["on", "off", 1] }, "on", "off"),
  constant({ type: "string", enum: ["on", null], nullable: true }, "on", null),
  constant({ type: "integer" }, 0, -3),
  constant({ type: "number", enum: [0.5, -1] }, 0.5, -1),
  constant({ type: "boolean" }, true, false),
  constant({}, null, 1, "text", []),
  constant({ type: "array", items: {} }, [], [1, "a"]),
  constant({ type: "object" }, {}, { a: 1 }),
  constant({ type: "object", additionalProperties: false }, {}),
  constant({ $ref: "#/components/schemas/Named" }, { name: "n" }),
  constant({ $ref: "#/components/schemas/Node" }, {}, { value: 1, next: {} }),
  constant({ $ref: "#/components/schemas/Value" }, "", [""], { a: ["b"] }),
  constant({ $ref: "#/components/schemas/Box" }, { kind: "box", size: 1 }),
);

/** The properties of all. */
const joined = (...objects: readonly (Json | undefined)[]): JsonObject =>
  Object.fromEntries(objects.filter(isObject).flatMap((it) => Object.entries(it)));

type Fields = readonly (readonly [name: string, example: Example, required: boolean])[];

/** Values of an object that hold each of the fields' values, and one with the required ones alone. */
function objects(fields: Fields): JsonObject[] {
  const of = (wanted: Fields, which: number): JsonObject =>
    Object.fromEntries(
      wanted.flatMap(([name, { values }]) => {
        const value = values[which % Math.max(values.length, 1)];
        return value === undefined ? [] : [[name, value]];
      }),
    );
  return [
    of(fields, 0),
    of(fields, 1),
    of(
      fields.filter(([, , required]) => required),
      0,
    ),
  ];
}

export const { schema: anySchema } = fc.letrec<{ schema: Example; object: Example }>((tie) => ({
  schema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    tie("object"),
    fc.tuple(tie("schema"), fc.boolean()).map(([{ schema, values }, nullable]) => ({
      schema: { type: "array", items: schema, ...(nullable && { nullable }) },
      values: [[], [...values], ...(nullable ? [null] : [])],
    })),
    fc
      .tuple(
        fc.constantFrom("oneOf", "anyOf"),
        fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
      )
      .map(([key, members]) => ({
        schema: { [key]: members.map(({ schema }) => schema) },
        values: members.flatMap(({ values }) => values),
      })),
    fc.array(tie("object"), { minLength: 1, maxLength: 3 }).map((members) => ({
      schema: { allOf: members.map(({ schema }) => schema) },
      values: [0, 1, 2].map((i) => joined(...members.map(({ values }) => values[i]))),
    })),
    fc
      .tuple(
        tie("object"),
        fc.constantFrom("oneOf", "anyOf", "allOf"),
        fc.array(tie("object"), { minLength: 1, maxLength: 2 }),
      )
      .map(([{ schema, values }, key, members]) => ({
        schema: { ...schema, [key]: members.map((it) => it.schema) },
        values: values.flatMap((value) =>
          members.flatMap((it) => it.values.map((other) => joined(other, value))),
        ),
      })),
  ),
  object: fc
    .tuple(
      fc.uniqueArray(fc.tuple(anyName, tie("schema"), fc.boolean()), {
        maxLength: 3,
        selector: ([name]) => name,
      }),
      fc.option(fc.oneof(fc.constant<Example>({ schema: {}, values: [1, ""] }), tie("schema"))),
    )
    .map(([fields, further]) => {
      const required = fields.filter(([, , it]) => it).map(([name]) => name);
      const more = further?.values.map((value) => ({ ...objects(fields)[0], more: value })) ?? [];
      return {
        schema: {
          type: "object",
          properties: Object.fromEntries(fields.map(([name, { schema }]) => [name, schema])),
          ...(required.length > 0 && { required }),
          ...(further && { additionalProperties: further.schema }),
        },
        values: [...objects(fields), ...more],
      };
    }),
}));
