import { isObject, type Json, type JsonObject, type Path, valueAt } from "./json.ts";
import { order } from "./text.ts";

/** The fixed fields of a Path Item Object that hold an operation (OpenAPI 3.0, section 4.7.9). */
export const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** The sections of `components` (section 4.7.7). */
export const sections = [
  ...["schemas", "responses", "parameters", "examples", "requestBodies"],
  ...["headers", "securitySchemes", "links", "callbacks"],
];

/** The names between the braces of a path template (section 4.7.8.2). */
export const parametersIn = (path: string): string[] =>
  [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name = ""]) => name);

/** All operations of a document, by path, then by method: `name` is "GET /path". */
export function operationsOf(document: JsonObject) {
  const found = entriesOf(document["paths"]).flatMap(([path, item]) =>
    entriesOf(item).flatMap(([key, value]) => {
      if (!methods.includes(key) || !isObject(value)) return [];
      return { name: `${key.toUpperCase()} ${path}`, path, value };
    }),
  );
  return found.sort((a, b) => order(a.path, b.path) || order(a.name, b.name));
}

/** The one form of a reference that is followed: to a component of the same document. */
export const localReference = new RegExp(
  `^#/components/(${sections.join("|")})/([A-Za-z0-9._-]+)$`,
);

/** The text of a reference; undefined if the value is none. */
function refOf(value: Json | undefined): string | undefined {
  const $ref = isObject(value) && Object.hasOwn(value, "$ref") ? value["$ref"] : undefined;
  return typeof $ref === "string" ? $ref : undefined;
}

/** The end of a chain of references, or the value itself; undefined if it has no end, or a late one. */
export function resolve(document: JsonObject, value?: Json, most = 100): Json | undefined {
  const $ref = refOf(value);
  if ($ref === undefined) return value;
  const [, section = "", name = ""] = localReference.exec($ref) ?? [];
  const target = valueAt(document, ["components", section, name]);
  return most > 0 ? resolve(document, target, most - 1) : undefined;
}

/** The host without its labels `make` and `com`: "eu1.make.celonis.com" → "eu1.celonis". */
export function zoneName(url: string): string {
  const labels = new URL(url).hostname.split(".");
  return labels.filter((label) => label !== "make" && label !== "com").join(".");
}

export const entriesOf = (value: Json | undefined): [string, Json][] =>
  isObject(value) ? Object.entries(value) : [];

export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** Fields that hold an object by names, whose keys say nothing by themselves. */
const maps = new Set([
  ...[...sections, "paths", "properties", "content", "encoding", "variables", "mapping"],
]);

/** Whether the keys of the object in this field are names. */
export const holdsNames = (field = ""): boolean => maps.has(field);

/** Whether a field holds data of any form, in which nothing is OpenAPI: not even a `$ref`. */
export const isData = (field = ""): boolean =>
  ["default", "enum", "example", "value"].includes(field) || field.startsWith("x-");

type Show = (value: Json, path: Path, field: string | undefined) => void;

/**
 * Shows every value of a document, the outer ones first, with the field that holds it: undefined for
 * an item of a list, and for what has a name. Data is shown as a whole.
 */
export function everyValue(value: Json, show: Show, path: Path = [], field?: string): void {
  show(value, path, field);
  if (isData(field) || typeof value !== "object" || value === null) return;
  const isNamed = Array.isArray(value) || holdsNames(field);
  for (const [key, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    everyValue(inner, show, [...path, step], isNamed ? undefined : key);
  }
}
