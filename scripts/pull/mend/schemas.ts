import { isObject, type Json, type JsonObject, type Path } from "../../lib/json.js";
import { isReference, schemaTypes, typeOfField } from "../../lib/old-openapi.js";
import { type Context, holdsReference, withEntries } from "./context.js";

const choices = ["enum", "allOf", "anyOf", "oneOf"] as const;

export function mendSchema(context: Context, value: Json, path: Path): Json {
  if (typeof value === "boolean" && isAdditional(path)) return value;
  if (!isObject(value)) {
    context.note(path, "unreadable schema", value);
    return {};
  }
  if (isReference("Schema", value)) return value;
  const fault = unreadable(value);
  if (fault !== undefined) {
    const known = fault === "type" ? "unknown type" : "unreadable schema";
    context.note([...path, fault], known, value[fault]);
    return withEntries(value, (key, text) =>
      words.has(key) ? context.mend(typeOfField("Schema", key) ?? "data", text, path) : undefined,
    );
  }
  return mendRequired(context, mendItems(context, mendFields(context, value, path), path), path);
}

const isAdditional = (path: Path): boolean =>
  path.at(-1) === "additionalProperties" && path.at(-2) !== "properties";

/** These keys stay of a schema that has no true type. */
const words = new Set(["title", "description", "format", "deprecated", "readOnly", "writeOnly"]);

const lists = new Set<string>([...choices]);

/** The key without which the type would be another than the page means. */
function unreadable(schema: JsonObject): string | undefined {
  return Object.keys(schema).find((key) => {
    const value = schema[key];
    if (key === "type") return typeof value !== "string" || !schemaTypes.includes(value);
    if (key === "nullable") return typeof value !== "boolean";
    if (key === "properties") return !isObject(value);
    if (key === "additionalProperties") return typeof value !== "boolean" && !isObject(value);
    return lists.has(key) && !Array.isArray(value);
  });
}

function mendFields(context: Context, schema: JsonObject, path: Path): JsonObject {
  return withEntries(schema, (key, value) => {
    const at = [...path, key];
    const type = typeOfField("Schema", key);
    if (type === undefined) return void context.note(at, "unknown key", value);
    if (choices.some((choice) => choice === key) && Array.isArray(value) && value.length === 0) {
      return void context.note(at, "empty choice");
    }
    if (key === "enum" && holdsReference(value)) {
      return void context.note(at, "reference in data", value);
    }
    // `mendItems` sets a list, or nothing at all, right.
    if (key === "items" && !isObject(value)) return value === true ? {} : undefined;
    if (key === "discriminator" && !isDiscriminator(value)) {
      return void context.note(at, "wrong value", value);
    }
    return context.mend(type, value, at);
  });
}

const isDiscriminator = (value: Json): boolean =>
  isObject(value) && typeof value["propertyName"] === "string";

function mendItems({ note }: Context, schema: JsonObject, path: Path): JsonObject {
  if (schema["type"] !== "array" || Object.hasOwn(schema, "items")) return schema;
  note(path, "array without items");
  return { ...schema, items: {} };
}

function mendRequired(context: Context, schema: JsonObject, path: Path): JsonObject {
  const { required, ...rest } = schema;
  if (!Array.isArray(required)) return schema;
  if (context.compositions.isPart(path) || isObject(schema["additionalProperties"])) return schema;
  const known = context.compositions.namesOf(schema);
  const named = required.filter((name) => known.has(name));
  if (named.length === required.length) return schema;
  const nameless = required.filter((name) => !known.has(name));
  context.note([...path, "required"], "required nothing", nameless);
  return named.length === 0 ? rest : { ...schema, required: named };
}
