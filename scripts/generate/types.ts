import { fileURLToPath } from "node:url";
import { Config } from "@redocly/openapi-core";
import type { GlobalContext, OpenAPI3 } from "openapi-typescript";
import type { JsonObject } from "../lib/json.js";
import { openapiTypescript } from "./commonjs.js";
import { documentOfTypes } from "./document.js";

const { astToString, resolveRef, transformSchema } = openapiTypescript;

/**
 * The types of a document, as openapi-typescript writes them. `transformSchema`, which it exports
 * too, works on memory alone. Its default export would first let Redocly read each file and address
 * that a reference names, takes twice as long, and has no option for how references resolve.
 */
export function typesOf(document: JsonObject): string {
  const translated = documentOfTypes(document);
  // openapi-typescript reads only what is in there.
  const schema = translated as object as OpenAPI3;
  return astToString([transformSchema(schema, contextFor(schema))].flat());
}

/**
 * No rules: the pull has linted. Redocly looks for its ignore file below this path, or else in the
 * working folder; below a file there is none.
 */
const noConfig = new Config(
  { apis: {}, styleguide: {}, resolve: { http: { headers: [] } } },
  fileURLToPath(import.meta.url),
);

/** All options are off, but for those with a reason. */
const contextFor = (schema: OpenAPI3): GlobalContext => ({
  // An object without properties may hold anything.
  emptyObjectsUnknown: true,
  // A default says what the receiver assumes, not that the property is there.
  defaultNonNullable: false,
  silent: true,
  // openapi-typescript would pick keys of it, and a type that may be null has none.
  resolve<T>($ref: string) {
    const target = resolveRef<T & { nullable?: boolean }>(schema, $ref, { silent: true });
    return target?.nullable === true ? undefined : target;
  },
  // Discriminators have narrowed what they are for already.
  discriminators: { objects: {}, refsHandled: [] },
  injectFooter: [],
  redoc: noConfig,
  additionalProperties: false,
  alphabetize: false,
  arrayLength: false,
  enum: false,
  enumValues: false,
  conditionalEnums: false,
  dedupeEnums: false,
  excludeDeprecated: false,
  exportType: false,
  generatePathParams: false,
  immutable: false,
  makePathsEnum: false,
  pathParamsAsTypes: false,
  postTransform: undefined,
  propertiesRequiredByDefault: false,
  readWriteMarkers: false,
  rootTypes: false,
  rootTypesKeepCasing: false,
  rootTypesNoSchemaPrefix: false,
  transform: undefined,
  transformProperty: undefined,
});
