import { isObject, type Json, type JsonObject } from "../../../lib/json.js";
import { valueAt } from "../../read/fragment.js";
import { methods } from "../../../lib/openapi.js";
import type { Path } from "../../read/strict-json.js";

export interface Visit<T = Json> {
  path: Path;
  value: T;
}

/** The entries of an object; nothing where it is none. */
export const entries = ({ path, value }: Visit): (Visit & { key: string })[] =>
  isObject(value)
    ? Object.entries(value).map(([key, value]) => ({ key, value, path: [...path, key] }))
    : [];

/** The items of a list; nothing where it is none. */
export const items = ({ path, value }: Visit): Visit[] =>
  Array.isArray(value) ? value.map((value, index) => ({ value, path: [...path, index] })) : [];

export const at = (document: JsonObject, ...path: Path): Visit => ({
  path,
  value: valueAt(document, path) ?? null,
});

export const inside = ({ path, value }: Visit, key: string): Visit => ({
  path: [...path, key],
  value: valueAt(value, [key]) ?? null,
});

/** Shows every object in `value`, itself first; `path` is good for the moment of showing. */
export function everyObject(
  value: Json,
  show: (object: JsonObject, path: Path) => void,
  path: (string | number)[] = [],
): void {
  if (typeof value !== "object" || value === null) return;
  if (isObject(value)) show(value, path);
  for (const [key, child] of Object.entries(value)) {
    path.push(Array.isArray(value) ? Number(key) : key);
    everyObject(child, show, path);
    path.pop();
  }
}

/** The path items: those of `paths`, and those of callbacks, which hold operations as well. */
export function* pathItems(document: JsonObject): Iterable<Visit> {
  for (const item of entries(at(document, "paths"))) yield* withCallbacks(item);
  for (const callback of entries(at(document, "components", "callbacks"))) {
    for (const item of entries(callback)) yield* withCallbacks(item);
  }
}

function* withCallbacks(item: Visit): Iterable<Visit> {
  yield item;
  for (const operation of operationsOf(item)) {
    for (const callback of entries(inside(operation, "callbacks"))) {
      for (const inner of entries(callback)) yield* withCallbacks(inner);
    }
  }
}

export const operationsOf = (item: Visit): Visit<JsonObject>[] =>
  entries(item)
    .filter(({ key }) => methods.includes(key))
    .filter((visit): visit is typeof visit & Visit<JsonObject> => isObject(visit.value));

export const operations = (document: JsonObject): Visit<JsonObject>[] =>
  [...pathItems(document)].flatMap(operationsOf);

/** What a reference within the document leads to, however many references there are on the way. */
export function resolve(document: JsonObject, value: Json): Json {
  let target: Json = value;
  for (let steps = 0; steps < 100 && isObject(target); steps++) {
    const $ref: Json | undefined = target["$ref"];
    if (typeof $ref !== "string") return target;
    target = valueAt(document, $ref.split("/").slice(1)) ?? null;
  }
  return null;
}
