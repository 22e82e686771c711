import { isObject, type Json, type JsonObject, type Path, valueAt } from "../../../lib/json.js";
import {
  fields,
  isReference,
  methods,
  type Type,
  typeOfField,
  typeWithin,
} from "../../../lib/openapi.js";

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

/** Shows every object in `value`, itself first. `path` changes afterwards: copy it to keep it. */
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

/** Every object that has a type in OpenAPI, such as an operation or a schema, with that type. */
export function* typedValues(
  type: Type,
  value: Json,
  path: Path = [],
): Iterable<Visit & { type: Type }> {
  const within = typeWithin(type);
  if (within && typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      const step = Array.isArray(value) ? Number(key) : key;
      yield* typedValues(within.inner, child, [...path, step]);
    }
  } else if (isObject(value) && Object.hasOwn(fields, type)) {
    yield { type, value, path };
    if (isReference(type, value)) return;
    for (const [key, child] of Object.entries(value)) {
      const inner = typeOfField(type, key);
      if (inner !== undefined) yield* typedValues(inner, child, [...path, key]);
    }
  }
}
