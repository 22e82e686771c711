import { createRequire } from "node:module";
import type { GlobalContext, OpenAPI3 } from "openapi-typescript";
import { isObject, type Json, type JsonObject, valueAt } from "../lib/json.ts";
import { entriesOf, everyValue, holdsNames, isData, listOf, resolve } from "../lib/openapi.ts";

// Required, not imported: an import reads all nine megabytes of TypeScript once more.
const require = createRequire(import.meta.url);
const openapiTypescript: typeof import("openapi-typescript") = require("openapi-typescript");
const { astToString, oapiRef, resolveRef, transformSchema } = openapiTypescript;

/**
 * The types of a document, as openapi-typescript writes them: `paths` and `components`.
 *
 * `transformSchema` works in memory alone. The default export of openapi-typescript would first let
 * Redocly read every file and address that a reference names, and takes twice as long.
 *
 * @throws Error where the document is not OpenAPI 3.0
 */
export function typesOf(document: JsonObject): string {
  // Not checked, because openapi-typescript looks only at what is there.
  const schema = corrected(document) as object as OpenAPI3;
  return withoutTags(astToString([transformSchema(schema, contextFor(schema))].flat()));
}

/** What an `allOf` requires is written for each of its parts. */
const mostRequired = 500_000;

/** An option that is not here is off. */
const contextFor = (schema: OpenAPI3): GlobalContext => {
  let written = 0;
  const options: Partial<GlobalContext> = {
    // A default says what the receiver assumes, not that the property is there.
    defaultNonNullable: false,
    // An object without properties may hold anything.
    emptyObjectsUnknown: true,
    silent: true,
    transform(value) {
      // From one component to another, no reference would be followed.
      if ("$ref" in value) return oapiRef(String(value.$ref));
      const { allOf, required } = value;
      if (allOf && required) written += allOf.length * required.length;
      if (written <= mostRequired) return undefined;
      throw new Error(`its allOf lists require more than ${mostRequired} properties`);
    },
    resolve<T>($ref: string) {
      const target = resolveRef<T & { nullable?: boolean }>(schema, $ref, { silent: true });
      // openapi-typescript would require keys of it, and a type that may be null has none.
      return target?.nullable === true ? undefined : target;
    },
    // Discriminators would replace the values that a schema lists by the names of schemas.
    discriminators: { objects: {}, refsHandled: [] },
    injectFooter: [],
  };
  return options as GlobalContext;
};

/**
 * Text of a page holds no tag: `@internal` would remove the type behind it from the published ones,
 * `@ts-ignore` would hide an error. As an escape, `@` means the same in an example of JSON.
 */
const withoutTags = (code: string): string =>
  code.replace(/^[ \t]*\/\*\*[^]*?\*\//gm, (comment) => comment.replace(foreignTag, "\\u0040"));

/** Any `@` but those at the start of a line that openapi-typescript itself writes. */
const foreignTag =
  /(?<!^[ \t]*(?:\/\*)?\* )@|@(?!(?:default|deprecated|description|enum|example)\b)/gm;

/** The document, changed where openapi-typescript would make a type that not every value fits. */
function corrected(original: JsonObject): JsonObject {
  const document = structuredClone(original);
  everyValue(document, (value, _, field) => {
    if (!isObject(value) || holdsNames(field) || isData(field)) return;
    const { $ref, nullable, required, properties, additionalProperties, anyOf } = value;
    // An operation is known by its method and path.
    delete value["operationId"];
    // Nothing beside a reference is read.
    if ($ref !== undefined && nullable === true) {
      delete value["$ref"];
      value["allOf"] = [{ $ref }];
    }
    // Behind a reference, every header would be promised.
    if (field === undefined && String($ref).startsWith("#/components/headers/")) {
      delete value["$ref"];
      value["schema"] = { $ref: $ref ?? "" };
    }
    if (Array.isArray(required)) {
      const oneWay = oneWayNames(original, value);
      value["required"] = required.filter((name) => !oneWay.includes(name));
    }
    // The declared properties would have to fit the type of the others.
    if (isObject(additionalProperties) && entriesOf(properties).length > 0) {
      value["additionalProperties"] = true;
    }
    // It would be a choice between these and what is beside them.
    if (anyOf !== undefined && Object.keys(value).length > 1) {
      value["allOf"] = [...listOf(value["allOf"]), { anyOf }];
      delete value["anyOf"];
    }
  });
  return document;
}

/** The names of the properties, anywhere in a schema, that are `readOnly` or `writeOnly`. */
function oneWayNames(document: JsonObject, schema: Json, seen = new Set<Json>()): Json[] {
  const target = resolve(document, schema);
  if (!isObject(target) || seen.has(target)) return [];
  seen.add(target);
  const own = entriesOf(target["properties"]).filter(([, property]) => {
    const it = resolve(document, property);
    return valueAt(it, ["readOnly"]) === true || valueAt(it, ["writeOnly"]) === true;
  });
  const members = listOf(target["allOf"]).flatMap((it) => oneWayNames(document, it, seen));
  return [...own.map(([name]) => name), ...members];
}
