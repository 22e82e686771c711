import { isObject, type Json, type JsonObject, type Path } from "../../../lib/json.js";
import { parametersIn, shapeOf } from "../../../lib/old-openapi.js";
import { resolve } from "../../../lib/references.js";
import { excerpt } from "../../../lib/text.js";
import { byAction, jsonPath } from "../../remedies.js";
import type { Finding, Rule } from "../finding.js";
import { at, entries, inside, items, operationsOf, type Visit } from "./walk.js";

/** RFC 3986 segments without percent signs, and templates (OpenAPI 3.0, section 4.7.8.1). */
const plainPath = /^(?:\/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|\{[A-Za-z0-9._-]+\})*)+$/;

export const badPaths: Rule = function* (document) {
  for (const item of entries(at(document, "paths"))) {
    const names = parametersIn(item.key);
    if (!plainPath.test(item.key) || /\/\/|\/\.\.?(\/|$)/.test(item.key)) {
      yield { path: item.path, what: "not a plain path that begins with a slash" };
    } else if (new Set(names).size < names.length) {
      yield { path: item.path, what: "a parameter is twice in the path" };
    }
    if (!isObject(item.value) || Object.hasOwn(item.value, "$ref")) {
      yield { path: item.path, what: "not a path with its operations" };
    }
  }
};

export const lookalikePaths: Rule = function* (document) {
  const seen = new Map<string, string>();
  for (const { key, path } of entries(at(document, "paths"))) {
    const shape = shapeOf(key);
    const other = seen.get(shape);
    if (other !== undefined) {
      yield { path, what: `differs from ${excerpt(other)} only in the names of parameters` };
    }
    seen.set(shape, key);
  }
};

export const badPathParameters: Rule = function* (document) {
  for (const item of entries(at(document, "paths"))) {
    const inPath = new Set(parametersIn(item.key));
    for (const operation of operationsOf(item)) {
      yield* badParametersOf(operation.path, resolved(document, operation), inPath);
    }
  }
};

function* badParametersOf(
  operation: Path,
  parameters: readonly Visit<JsonObject>[],
  inPath: ReadonlySet<string>,
): Iterable<Finding> {
  const seen = new Set<string>();
  for (const { path, value } of parameters) {
    const [place, name] = [textOf(value["in"]), textOf(value["name"])];
    const id = `${place} ${name}`;
    if (seen.has(id)) yield { path, what: `the parameter ${excerpt(name)} is there twice` };
    seen.add(id);
    if (place === "path" && !inPath.has(name)) {
      yield { path, what: `${excerpt(name)} is not in the path` };
    }
  }
  for (const name of inPath) {
    if (seen.has(`path ${name}`)) continue;
    const what = `the path parameter ${excerpt(name)} is not declared`;
    yield { path: operation, what, remedy: declaration(operation, name) };
  }
}

/** An object of a page could have a `toString` of its own, which is no function. */
const textOf = (value: Json | undefined): string =>
  typeof value === "string" ? value : JSON.stringify(value ?? null);

const declaration = (path: Path, name: string): string =>
  byAction("To declare it as a text", {
    target: jsonPath(path),
    update: { parameters: [{ name, in: "path", required: true, schema: { type: "string" } }] },
  });

const resolved = (document: JsonObject, operation: Visit): Visit<JsonObject>[] =>
  items(inside(operation, "parameters")).flatMap(({ path, value }) => {
    const parameter = resolve(document, value);
    return isObject(parameter) ? [{ path, value: parameter }] : [];
  });
