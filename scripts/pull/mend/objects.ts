import { isObject, type Json, type JsonObject, type Path } from "../../lib/json.js";
import { methods, type Type } from "../../lib/old-openapi.js";
import type { Context } from "./context.js";

/** The texts that OpenAPI 3.0 demands, and that only people read. */
const requiredTexts: { readonly [kind: Type]: readonly string[] } = {
  Info: ["title", "version"],
  License: ["name"],
  Response: ["description"],
  ExternalDocs: ["url"],
};

export function mendRequiredTexts(
  { note }: Context,
  kind: Type,
  object: JsonObject,
  path: Path,
): JsonObject {
  const missing = (requiredTexts[kind] ?? []).filter((key) => !Object.hasOwn(object, key));
  for (const key of missing) note([...path, key], "missing text");
  return { ...Object.fromEntries(missing.map((key) => [key, ""])), ...object };
}

/** Tools read an id as a reference: `#` and percent signs would lead elsewhere. */
const plainId = /^[A-Za-z0-9 ._~:/-]{1,200}$/;

export function mendOperation(
  { repeatedIds, note }: Context,
  operation: JsonObject,
  path: Path,
): JsonObject {
  const { operationId, ...rest } = operation;
  if (typeof operationId !== "string") return operation;
  const isPlain = plainId.test(operationId);
  if (isPlain && !repeatedIds.has(operationId)) return operation;
  note([...path, "operationId"], isPlain ? "id twice" : "unfit id", operationId);
  return rest;
}

/** The ids that more than one operation of `paths` has. */
export function operationIds({ paths }: JsonObject): ReadonlySet<string> {
  const [seen, repeated] = [new Set<Json>(), new Set<string>()];
  for (const item of isObject(paths) ? Object.values(paths) : []) {
    for (const method of isObject(item) ? methods : []) {
      const operation = isObject(item) ? item[method] : undefined;
      const id = isObject(operation) ? operation["operationId"] : undefined;
      if (typeof id !== "string") continue;
      if (seen.has(id)) repeated.add(id);
      seen.add(id);
    }
  }
  return repeated;
}

export function mendParameter(
  { note }: Context,
  kind: Type,
  parameter: JsonObject,
  path: Path,
): JsonObject {
  const isTyped = Object.hasOwn(parameter, "schema") || Object.hasOwn(parameter, "content");
  if (!isTyped) note(path, "parameter without schema");
  const isOptionalInPath =
    kind === "Parameter" && parameter["in"] === "path" && parameter["required"] !== true;
  if (isOptionalInPath) note(path, "path parameter optional");
  return {
    ...parameter,
    ...(!isTyped && { schema: {} }),
    ...(isOptionalInPath && { required: true }),
  };
}
