import { isObject, type JsonObject } from "../../../lib/json.js";
import { methods } from "../../../lib/openapi.js";
import { own } from "./both-documents.js";
import { named, type Compare, type Comparison } from "./comparison.js";
import { compareOperations } from "./operation.js";

/** Pairs paths by their shape, so that a renamed parameter is one change and not a new path. */
export const paths =
  (comparison: Comparison): Compare =>
  (had = {}, has = {}) => {
    if (!isObject(had) || !isObject(has)) return false;

    const created = new Set(Object.keys(has).filter((path) => !Object.hasOwn(had, path)));
    const byShape = new Map([...created].map((path) => [shapeOf(path), path]));
    for (const path of Object.keys(had)) {
      const candidate = byShape.get(shapeOf(path)) ?? path;
      const renamed = !Object.hasOwn(has, path) && created.delete(candidate);
      comparePath(comparison, path, renamed ? candidate : path, had, has);
    }
    for (const path of created) comparePath(comparison, path, path, had, has);
    return true;
  };

/** Compares the path item of `path` in the old document with that of `now` in the new one. */
function comparePath(
  comparison: Comparison,
  path: string,
  now: string,
  had: JsonObject,
  has: JsonObject,
): void {
  const [before, after] = [own(had, path), own(has, now)];
  if (path === now && comparison.unchanged(before, after)) return;

  const note = comparison.noteAt(path, "request");
  const renamed = renamedParameters(path, now);
  if (path.startsWith("x-")) {
    comparison.documents.keyword(path, had, has, comparison.noteAt("paths", "request"));
  } else if (isObject(before) && isObject(after)) {
    comparison.fields(before, after, note, (key) =>
      methods.includes(key)
        ? operation(comparison, key, Object.hasOwn(before, key) ? path : now, renamed)
        : undefined,
    );
  } else if (before !== undefined && after !== undefined) {
    comparison.documents.keyword(path, had, has, note);
  } else {
    const item = before ?? after;
    const keys = isObject(item) ? Object.keys(item).filter((key) => methods.includes(key)) : [];
    if (keys.length === 0) note(before === undefined ? "path added" : "path removed");
    for (const key of keys) {
      const value = isObject(item) ? own(item, key) : undefined;
      const [x, y] = before === undefined ? [undefined, value] : [value, undefined];
      operation(comparison, key, path, renamed)(x, y);
    }
  }
}

const operation = (
  comparison: Comparison,
  method: string,
  path: string,
  renamed: ReadonlyMap<string, string>,
): Compare => {
  const name = `${method.toUpperCase()} ${path}`;
  return named(
    comparison.noteAt(name, "request"),
    () => "operation added",
    "operation removed",
    compareOperations(comparison, name, renamed),
  );
};

/** Paths of equal shape are the same to a server. */
const shapeOf = (path: string): string => path.replace(/\{[^{}]*\}/g, "{}");

function renamedParameters(path: string, now: string): Map<string, string> {
  const names = parametersIn(now);
  const pairs = parametersIn(path).map((old, index) => [old, names[index] ?? old] as const);
  return new Map(pairs.filter(([old, name]) => old !== name));
}

const parametersIn = (path: string): string[] =>
  [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name = ""]) => name);
