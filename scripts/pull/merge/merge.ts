import { printable } from "../../lib/text.js";
import { isObject, type Json, type JsonObject } from "../../lib/json.js";
import { methods } from "../../lib/openapi.js";
import { agree, type Collected, type Found } from "./agree.js";
import { type Fragment, pageFault, pathText, placeOf, valueAt } from "../read/fragment.js";
import type { Path } from "../read/strict-json.js";

export interface Merged {
  document: JsonObject;
  /** Where on the pages the value at this path of the document comes from: "api-tokens.md:17". */
  placeOf(path: Path): string;
}

const rootOrder = ["openapi", "info", "externalDocs", "servers", "tags", "components", "paths"];

/**
 * One document of many: operations, components and tags are put together, `security` and a path's
 * `parameters` move to the operations that they are for, and all else must be the same everywhere.
 * The result does not depend on the order of the fragments.
 */
export function merge(fragments: readonly Fragment[]): Merged {
  const ordered = [...fragments].sort((a, b) => compare(a.page, b.page) || a.line - b.line);
  const root: Collected = new Map();
  const tags: Collected = new Map();
  const components = new Map<string, Collected>();
  const paths = new Map<string, Collected>();

  for (const fragment of ordered) {
    for (const [key, value] of Object.entries(fragment.document)) {
      if (!unions.has(key)) agree(root, key, { value, fragment, path: [key] });
    }
    listAt(fragment, ["tags"]).forEach((value, index) => {
      const name = isObject(value) ? value["name"] : undefined;
      if (typeof name !== "string") {
        throw pageFault(`${placeOf(fragment, ["tags", index])}: tags[${index}] has no name.`);
      }
      agree(tags, name, { value, fragment, path: ["tags", index] });
    });
    for (const [section] of entriesAt(fragment, ["components"])) {
      for (const [name, value] of entriesAt(fragment, ["components", section])) {
        const path = ["components", section, name];
        agree(group(components, section), name, { value, fragment, path });
      }
    }
    for (const [path] of entriesAt(fragment, ["paths"])) {
      const fields = group(paths, path);
      for (const [key, found] of pathItem(fragment, path)) agree(fields, key, found);
    }
  }
  for (const fragment of ordered) {
    for (const [key, { fragment: other }] of root) {
      if (Object.hasOwn(fragment.document, key)) continue;
      throw pageFault(
        `${placeOf(fragment, [])} and ${placeOf(other, [key])} disagree: ${printable(key)} is only in the latter.`,
      );
    }
  }

  const document = inOrder(rootOrder, [
    ...values(root),
    ...(tags.size > 0 ? [["tags", values(tags).map(([, value]) => value)] as const] : []),
    ...(components.size > 0 ? [["components", nested(components, [])] as const] : []),
    ["paths", nested(paths, methods)],
  ]);
  return { document, placeOf: (path) => origin(path) };

  function origin([key = "", group = "", name = "", ...inner]: Path): string {
    const [found, rest] =
      key === "tags"
        ? [sorted(tags)[Number(group)]?.[1], [name, ...inner]]
        : key === "components"
          ? [components.get(String(group))?.get(String(name)), inner]
          : key === "paths"
            ? [paths.get(String(group))?.get(String(name)), inner]
            : [root.get(String(key)), [group, name, ...inner]];
    if (found) return placeOf(found.fragment, [...found.path, ...rest]);
    const path = [key, group];
    const first = ordered.find(({ document }) => valueAt(document, path)) ?? ordered[0];
    return first ? placeOf(first, path) : "";
  }
}

const unions = new Set(["paths", "components", "tags", "security"]);

/** A path's fields, with what is said for all of its operations said by each of them. */
function pathItem(fragment: Fragment, name: string): [string, Found][] {
  const at = ["paths", name];
  const shared = listAt(fragment, [...at, "parameters"]);
  const fields = entriesAt(fragment, at).filter(([key]) => key !== "parameters");
  if (shared.length > 0 && !fields.some(([key]) => methods.includes(key))) {
    throw pageFault(
      `${placeOf(fragment, at)}: ${pathText(at)}: parameters of a path without an operation.`,
    );
  }
  return fields.map(([key, value]) => {
    const path = [...at, key];
    const found = { value, fragment, path };
    if (!methods.includes(key) || !isObject(value)) return [key, found];
    const security = fragment.document["security"];
    const own = listAt(fragment, [...path, "parameters"]);
    const overridden = new Set(own.map((parameter) => identity(fragment, parameter)));
    const inherited = shared.filter((parameter) => !overridden.has(identity(fragment, parameter)));
    const operation = {
      ...value,
      ...(inherited.length > 0 && { parameters: [...own, ...inherited] }),
      // Absent means "as for the whole document"; an empty list means "none".
      ...(security !== undefined && !Object.hasOwn(value, "security") && { security }),
    };
    return [key, { ...found, value: operation }];
  });
}

/** A parameter is known by its place and name (OpenAPI 3.0, section 4.7.12). */
function identity({ document }: Fragment, parameter: Json): string {
  const $ref = isObject(parameter) ? parameter["$ref"] : undefined;
  const target = typeof $ref === "string" ? valueAt(document, $ref.split("/").slice(1)) : parameter;
  return isObject(target) ? JSON.stringify([target["in"], target["name"]]) : JSON.stringify($ref);
}

function entriesAt(fragment: Fragment, path: Path): [string, Json][] {
  const value = valueAt(fragment.document, path);
  if (value === undefined) return [];
  if (isObject(value)) return Object.entries(value);
  throw pageFault(`${placeOf(fragment, path)}: ${pathText(path)} is not an object.`);
}

function listAt(fragment: Fragment, path: Path): Json[] {
  const value = valueAt(fragment.document, path);
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw pageFault(`${placeOf(fragment, path)}: ${pathText(path)} is not a list.`);
}

function group(groups: Map<string, Collected>, name: string): Collected {
  const found = groups.get(name) ?? new Map<string, Found>();
  groups.set(name, found);
  return found;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const sorted = <T>(map: Map<string, T>): [string, T][] =>
  [...map].sort(([a], [b]) => compare(a, b));

const values = (collected: Collected): [string, Json][] =>
  sorted(collected).map(([name, { value }]) => [name, value]);

const nested = (groups: Map<string, Collected>, order: readonly string[]): JsonObject =>
  Object.fromEntries(
    sorted(groups).map(([name, collected]) => [name, inOrder(order, values(collected))]),
  );

/** The entries named in `order` first; those that it does not name keep their order. */
function inOrder(
  order: readonly string[],
  entries: readonly (readonly [string, Json])[],
): JsonObject {
  const rank = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return Object.fromEntries([...entries].sort(([a], [b]) => rank(a) - rank(b)));
}
