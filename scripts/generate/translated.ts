import type { Json, JsonObject } from "../lib/json.js";

/*
 * Schemas as openapi-typescript gets them: with the keywords listed here, and a comment.
 */

/** A schema that says nothing. */
export const unknown: JsonObject = {};

export const scalars: ReadonlySet<Json | undefined> = new Set([
  ...["string", "number", "integer", "boolean"],
]);

/** One schema for several that all hold, and for what they are required to have. */
export function allOf(parts: readonly JsonObject[], required: readonly string[]): JsonObject {
  const [only = unknown] = parts;
  if (parts.length <= 1 && required.length === 0) return only;
  if (parts.length <= 1 && only["$ref"] === undefined && only["allOf"] === undefined) {
    return only["properties"] === undefined ? only : { ...only, required: [...required] };
  }
  return { allOf: [...parts], ...(required.length > 0 && { required: [...required] }) };
}

export function orNull(type: JsonObject, { nullable }: JsonObject): JsonObject {
  if (nullable !== true || !saysSomething(type)) return type;
  return type["$ref"] === undefined ? { ...type, nullable } : { anyOf: [type], nullable };
}

/** A type for additional properties that the declared ones fit too. */
export function beside(
  others: JsonObject,
  properties: readonly (readonly [string, JsonObject])[],
): Json {
  const distinct = new Map([[JSON.stringify(typeOf(others)), typeOf(others)]]);
  for (const [, property] of properties) {
    const type = typeOf(property);
    if (distinct.has(JSON.stringify(type))) continue;
    const brief = briefly(type);
    if (brief === undefined) return true;
    distinct.set(JSON.stringify(brief), brief);
  }
  if (!saysSomething(others)) return true;
  return distinct.size > 1 ? { anyOf: [...distinct.values()] } : others;
}

/** The type in a few words, if it has one: to repeat structures would multiply the code. */
function briefly({ type, $ref, nullable }: JsonObject): JsonObject | undefined {
  if ($ref !== undefined) return { $ref };
  return scalars.has(type) && type !== undefined
    ? { type, ...(nullable === true && { nullable }) }
    : undefined;
}

const typeKeys = ["type", "enum", "nullable", "properties", "required", "items", "$ref"] as const;
const structureKeys = ["additionalProperties", "allOf", "anyOf"] as const;

/** A schema without its comment. */
const typeOf = (schema: JsonObject): JsonObject =>
  Object.fromEntries(
    [...typeKeys, ...structureKeys].flatMap((key) => {
      const value = schema[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );

export const saysSomething = (schema: JsonObject): boolean =>
  [...typeKeys, ...structureKeys].some((key) => schema[key] !== undefined);

/** Without a prototype: openapi-typescript looks names up that may be `constructor`. */
export const dictionary = (entries: readonly (readonly [string, Json])[]): JsonObject =>
  Object.assign(Object.create(null), Object.fromEntries(entries));
