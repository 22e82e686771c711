import { isObject, type Json, type JsonObject, type Path, valueAt } from "../../../lib/json.js";
import {
  fields,
  isReference,
  mayHold,
  methods,
  type Type,
  typeOfField,
  typeWithin,
} from "../../../lib/old-openapi.js";

export interface Visit<T = Json> {
  path: Path;
  value: T;
}

/** The entries of an object; none of any other value. */
export const entries = ({ path, value }: Visit): (Visit & { key: string })[] =>
  isObject(value)
    ? Object.entries(value).map(([key, value]) => ({ key, value, path: [...path, key] }))
    : [];

/** The items of a list; none of any other value. */
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

export const operationsOf = (item: Visit): Visit<JsonObject>[] =>
  entries(item)
    .filter(({ key }) => methods.includes(key))
    .filter((visit): visit is typeof visit & Visit<JsonObject> => isObject(visit.value));

/** Every object of a type, such as "Operation", wherever OpenAPI has one, such as in callbacks. */
export function objectsOf(wanted: Type, document: JsonObject): Visit<JsonObject>[] {
  const found: Visit<JsonObject>[] = [];
  const show = ({ type, ...visit }: Typed): unknown => type === wanted && found.push(visit);
  everyTyped("Document", document, [], show, wanted);
  return found;
}

type Typed = Visit<JsonObject> & { readonly type: Type };

/** Shows every object that has a type in OpenAPI; looks only into those that may hold `wanted`. */
export function everyTyped(
  type: Type,
  value: Json,
  path: Path,
  show: (typed: Typed) => unknown,
  wanted?: Type,
): void {
  const within = typeWithin(type);
  if (within && typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      const step = Array.isArray(value) ? Number(key) : key;
      everyTyped(within.inner, child, [...path, step], show, wanted);
    }
  } else if (isObject(value) && Object.hasOwn(fields, type)) {
    show({ type, value, path });
    if (isReference(type, value)) return;
    for (const [key, child] of Object.entries(value)) {
      const inner = typeOfField(type, key);
      if (inner === undefined || (wanted !== undefined && !mayHold(inner, wanted))) continue;
      everyTyped(inner, child, [...path, key], show, wanted);
    }
  }
}
