import fc from "fast-check";
import { isObject, type Json, type JsonObject } from "../../scripts/lib/json.js";
import { ref } from "./documents.js";

/** A schema, and values that are meant to fit it. */
interface Example {
  readonly schema: JsonObject;
  readonly values: readonly Json[];
}

const anyName = fc.constantFrom(
  ...["a", "b", "id", "a", "b", "id"],
  ...["1", "1e3", "-1", "it's", 'a"b', ""],
);

const leaf = fc.constantFrom<Example[]>(
  { schema: { type: "string" }, values: ["", "text"] },
  { schema: { type: "string", enum: ["on", "off", 1] }, values: ["on", "off"] },
  { schema: { type: "string", enum: ["on", null], nullable: true }, values: ["on", null] },
  { schema: { type: "integer" }, values: [0, -3] },
  { schema: { type: "number", enum: [0.5, -1] }, values: [0.5, -1] },
  { schema: { type: "boolean" }, values: [true, false] },
  { schema: {}, values: [null, 1, "text", []] },
  { schema: { type: "array", items: {} }, values: [[], [1, "a"]] },
  { schema: { type: "object" }, values: [{}, { a: 1 }] },
  { schema: { type: "object", additionalProperties: false }, values: [{}] },
  { schema: ref("Named"), values: [{ name: "n" }] },
  { schema: { ...ref("Named"), nullable: true }, values: [{ name: "n" }, null] },
  { schema: ref("Node"), values: [{}, { value: 1, next: {} }] },
  { schema: ref("Box"), values: [{ kind: "box", size: 1 }] },
);

/** The properties of all. */
const joined = (...objects: readonly (Json | undefined)[]): JsonObject =>
  Object.fromEntries(objects.filter(isObject).flatMap((it) => Object.entries(it)));

type Fields = readonly (readonly [name: string, example: Example, required: boolean])[];

/** An object with one of the values of each field that has any. */
const objectOf = (fields: Fields, which: number): JsonObject =>
  Object.fromEntries(
    fields.flatMap(([name, { values }]) => {
      const value = values[which % Math.max(values.length, 1)];
      return value === undefined ? [] : [[name, value]];
    }),
  );

function objectExample([fields, further]: [Fields, Example | null]): Example {
  const required = fields.filter(([, , isRequired]) => isRequired);
  const all = objectOf(fields, 0);
  const more = further?.values.map((value) => ({ ...all, more: value })) ?? [];
  const schema = {
    type: "object",
    properties: Object.fromEntries(fields.map(([name, example]) => [name, example.schema])),
    ...(required.length > 0 && { required: required.map(([name]) => name) }),
    ...(further && { additionalProperties: further.schema }),
  };
  return { schema, values: [all, objectOf(fields, 1), objectOf(required, 0), ...more] };
}

export const { schema: anySchema } = fc.letrec<{ schema: Example; object: Example }>((tie) => {
  const members = (name: "schema" | "object", least: number) =>
    fc.array(tie(name), { minLength: least, maxLength: 3 });
  const schemasOf = (examples: readonly Example[]) => examples.map(({ schema }) => schema);
  return {
    schema: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      tie("object"),
      fc.tuple(tie("schema"), fc.boolean()).map(([{ schema, values }, nullable]) => ({
        schema: { type: "array", items: schema, ...(nullable && { nullable }) },
        values: [[], [...values], ...(nullable ? [null] : [])],
      })),
      // Two at least: of a list of one choice, itself a list, openapi-typescript makes one list.
      fc.tuple(fc.constantFrom("oneOf", "anyOf"), members("schema", 2)).map(([key, examples]) => ({
        schema: { [key]: schemasOf(examples) },
        values: examples.flatMap(({ values }) => values),
      })),
      members("object", 1).map((examples) => ({
        schema: { allOf: schemasOf(examples) },
        values: [0, 1, 2].map((i) => joined(...examples.map(({ values }) => values[i]))),
      })),
      fc
        .tuple(tie("object"), fc.constantFrom("oneOf", "anyOf", "allOf"), members("object", 1))
        .map(([{ schema, values }, key, examples]) => ({
          schema: { ...schema, [key]: schemasOf(examples) },
          values: values.flatMap((value) =>
            examples.flatMap((it) => it.values.map((other) => joined(other, value))),
          ),
        })),
    ),
    object: fc
      .tuple(
        fc.uniqueArray(fc.tuple(anyName, tie("schema"), fc.boolean()), {
          ...{ maxLength: 3, selector: ([name]) => name },
        }),
        fc.option(fc.oneof(fc.constant<Example>({ schema: {}, values: [1] }), tie("schema"))),
      )
      .map(objectExample),
  };
});
