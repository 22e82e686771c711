import { Ajv2019 } from "ajv/dist/2019.js";
import addFormats from "ajv-formats";
import { isObject, type Json, type JsonObject } from "../../scripts/lib/json.js";
import { schemas } from "./schemas.js";

// `allErrors`, so that ajv finds a required property whose name is empty, which it misses without.
const ajv = new Ajv2019({
  ...{ strict: false, ownProperties: true, allErrors: true, inlineRefs: false },
  code: { optimize: false },
});
addFormats.default(ajv);
const definitions = Object.entries(schemas).map(([name, it]) => [name, jsonSchema(it)]);
ajv.addSchema({ $id: "schemas", ...Object.fromEntries(definitions) });

/** Whether a value fits a schema of OpenAPI 3.0, and holds nothing that is not declared. */
export function accepts(schema: JsonObject): (value: Json) => boolean {
  const validate = ajv.compile(closed(schema));
  return (value) => validate(value);
}

function closed(schema: Json): object {
  return { allOf: [jsonSchema(schema)], unevaluatedProperties: false };
}

/** `nullable` is a choice in JSON Schema, and nothing counts beside a reference in OpenAPI. */
function jsonSchema(schema: Json): object {
  if (!isObject(schema)) return {};
  const { nullable, $ref, ...rest } = schema;
  const translated =
    typeof $ref === "string"
      ? { $ref: $ref.replace("#/components/schemas/", "schemas#/") }
      : keywords(rest);
  return nullable === true ? { anyOf: [translated, { type: "null" }] } : translated;
}

function keywords(schema: JsonObject): object {
  // An object of which nothing is declared may hold anything.
  const isOpen = schema["type"] === "object" && schema["properties"] === undefined;
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => {
    if (key.endsWith("Of") && Array.isArray(value)) return [key, value.map(jsonSchema)];
    if (key === "properties" && isObject(value)) {
      const inner = Object.entries(value).map(([name, it]) => [name, closed(it)]);
      return [key, Object.fromEntries(inner)];
    }
    return [key, isObject(value) ? closed(value) : value];
  });
  return { ...(isOpen && { additionalProperties: true }), ...Object.fromEntries(entries) };
}
