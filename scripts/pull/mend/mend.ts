import { isObject, type Json, type JsonObject, type Path } from "../../lib/json.js";
import { fields, isReference, type Type, typeOfField, typeWithin } from "../../lib/old-openapi.js";
import { excerpt } from "../../lib/text.js";
import type { Merged } from "../merge/merge.js";
import { type Remark, remark } from "../notes.js";
import { Compositions } from "./compositions.js";
import { type Context, holdsReference, withEntries } from "./context.js";
import { mendOperation, mendParameter, mendRequiredTexts, operationIds } from "./objects.js";
import { mendSchema } from "./schemas.js";

export interface Mended {
  readonly document: JsonObject;
  readonly remarks: readonly Remark[];
}

/** The document with every fault set right that `leniency` has; others stay for the guard. */
export function mend({ document, originOf }: Merged): Mended {
  const remarks: Remark[] = [];
  const context: Context = {
    ...{ document, repeatedIds: operationIds(document), compositions: new Compositions(document) },
    note: (path, fault, offending) => {
      const origin = originOf(path);
      const shown = offending === undefined ? "" : `: ${excerpt(JSON.stringify(offending))}`;
      remarks.push(remark(origin.fragment, origin.path, fault, shown));
    },
    mend: (type, value, path) => mendValue(context, type, value, path),
  };
  const mended = mendObject(context, "Document", document, []);
  return { document: withoutEmptyPaths(context, mended), remarks };
}

function mendValue(context: Context, type: Type, value: Json, path: Path): Json | undefined {
  const within = typeWithin(type);
  if (type === "Schema") return mendSchema(context, value, path);
  if (isReference(type, value)) return value;
  if (within?.container === "[]") return mendList(context, within.inner, value, path);
  if (within) return mendMap(context, within.inner, value, path);
  if (Object.hasOwn(fields, type)) {
    return isObject(value) ? mendObject(context, type, value, path) : wrong(context, value, path);
  }
  if (type !== "data")
    return typeof value === plainTypes[type] ? value : wrong(context, value, path);
  if (!holdsReference(value)) return value;
  context.note(path, "reference in data", value);
  return undefined;
}

const plainTypes: { readonly [type: Type]: string } = {
  text: "string",
  boolean: "boolean",
  number: "number",
};

/** A call, its types or its safety depends on these keys: the guard or the lint refuses wrong values. */
const essential =
  /(?:^|\.)(?:paths|servers|url|security|securitySchemes|parameters|name|in|requestBody|content|responses|openapi|components|get|put|post|delete|options|head|patch|trace)$/;

function wrong({ note }: Context, value: Json, path: Path): Json | undefined {
  const keys = path.filter((step) => typeof step === "string");
  const isEntry = keys.length !== path.length || isNamed(path);
  if (isEntry || essential.test(String(keys.at(-1)))) return value;
  note(path, "wrong value", value);
  return undefined;
}

/** An entry of a map of answers or components, whose key is a name. */
const isNamed = (path: Path): boolean =>
  /^(?:responses|content|paths|schemas|parameters|requestBodies|securitySchemes)$/.test(
    String(path.at(-2)),
  );

function mendList(context: Context, inner: Type, value: Json, path: Path): Json | undefined {
  if (!Array.isArray(value)) return wrong(context, value, path);
  return value.flatMap((item, index) => mendValue(context, inner, item, [...path, index]) ?? []);
}

function mendMap(context: Context, inner: Type, value: Json, path: Path): Json | undefined {
  if (!isObject(value)) return wrong(context, value, path);
  return withEntries(value, (key, item) => {
    const at = [...path, key];
    // The generator would take an extension among the statuses for an answer.
    if (inner === "Response" && key.startsWith("x-") && path[0] === "paths") {
      return void context.note(at, "unknown key");
    }
    return mendValue(context, inner, item, at);
  });
}

function mendObject(context: Context, kind: Type, object: JsonObject, path: Path): JsonObject {
  const mended = withEntries(object, (key, value) => {
    const type = typeOfField(kind, key);
    const at = [...path, key];
    if (type !== undefined) return mendValue(context, type, value, at);
    // Another specification's document is refused.
    if (kind === "Document" && key === "swagger") return value;
    return void context.note(at, "unknown key", value);
  });
  const complete = mendRequiredTexts(context, kind, mended, path);
  if (kind === "Operation") return mendOperation(context, complete, path);
  if (kind === "Parameter" || kind === "Header")
    return mendParameter(context, kind, complete, path);
  return complete;
}

function withoutEmptyPaths(context: Context, document: JsonObject): JsonObject {
  const { paths } = document;
  if (!isObject(paths)) return document;
  const full = withEntries(paths, (name, item) => {
    if (!isObject(item) || Object.hasOwn(item, "$ref") || hasOperation(item)) return item;
    return void context.note(["paths", name], "empty path");
  });
  return { ...document, paths: full };
}

const hasOperation = (item: JsonObject): boolean =>
  Object.keys(item).some((key) => typeOfField("PathItem", key) === "Operation");
