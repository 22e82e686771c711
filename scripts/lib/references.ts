import { isObject, type Json, type JsonObject, type Path, valueAt } from "./json.js";
import { sections } from "./old-openapi.js";

/*
 * References (OpenAPI 3.0, section 4.7.23). Those that are followed lead to a component of the same
 * document; no other is.
 */

const reference = new RegExp(
  `^#/components/(${Object.keys(sections).join("|")})/([A-Za-z0-9._-]+)$`,
);

/** The names that section 4.7.7 allows for components. */
export const componentName = /^[A-Za-z0-9._-]+$/;

/** The text of a reference; undefined if the value is none. */
export function refOf(value: Json | undefined): string | undefined {
  const $ref = isObject(value) && Object.hasOwn(value, "$ref") ? value["$ref"] : undefined;
  return typeof $ref === "string" ? $ref : undefined;
}

/** The path of the component that a reference names; undefined if it has another form. */
export function pathOfReference($ref: Json | undefined): Path | undefined {
  const [, section, name] = typeof $ref === "string" ? (reference.exec($ref) ?? []) : [];
  return section === undefined || name === undefined ? undefined : ["components", section, name];
}

/** The component that a reference names, if there is one. */
export function componentOf(document: JsonObject, $ref: Json | undefined): Json | undefined {
  const path = pathOfReference($ref);
  return path && valueAt(document, path);
}

/** A value, then one by one the values that its references lead to; each once, even in a circle. */
export function* chainFrom(document: JsonObject, value: Json): Iterable<Json> {
  const passed = new Set<Json>();
  let target: Json | undefined = value;
  while (target !== undefined && !passed.has(target)) {
    yield target;
    passed.add(target);
    target = componentOf(document, refOf(target));
  }
}

/** The longest chain of references in a document that is accepted. */
export const mostReferences = 100;

/** The end of a chain of references, or the value itself; undefined if the chain leads nowhere. */
export function resolve(document: JsonObject, value: Json): Json | undefined {
  let steps = 0;
  for (const target of chainFrom(document, value)) {
    if (!isObject(target) || !Object.hasOwn(target, "$ref")) return target;
    if (++steps === mostReferences) return undefined;
  }
  return undefined;
}

/** The schemas that hold for the same value as this one. */
export const compositionOf = ({ allOf, anyOf, oneOf }: JsonObject): Json[] =>
  [allOf, anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list : []));

/** The references that a schema consists of; those within its properties may lead back to it. */
export function directReferences(schema: Json | undefined): string[] {
  if (!isObject(schema)) return [];
  const $ref = refOf(schema);
  if ($ref !== undefined) return [$ref];
  return [...compositionOf(schema), schema["items"]].flatMap(directReferences);
}
