import { isObject, type Json, type JsonObject, type Path, valueAt } from "../../lib/json.js";
import { methods, sections, type Type, typeOfSection } from "../../lib/old-openapi.js";
import { resolve } from "../../lib/references.js";
import { order } from "../../lib/text.js";
import { type Remark, remark } from "../notes.js";
import { type Fragment, pathText, placeOf } from "../read/fragment.js";
import { jsonPath, pageFault, removal } from "../remedies.js";
import type { Found } from "./found.js";
import { highestVersion, plainServers } from "./root.js";
import { settleField, settleType } from "./settle.js";

export interface Origin {
  readonly fragment: Fragment;
  readonly path: Path;
}

export interface Merged {
  readonly document: JsonObject;
  /** The differences between the fragments, each with the value that was taken. */
  readonly remarks: readonly Remark[];
  /** The fragment and the path there that the value at this path of the document comes from. */
  originOf(path: Path): Origin;
}

/** Name → all that the fragments have for it. */
type Collected = Map<string, Found[]>;
type Settled = Map<string, Found>;

const rootOrder = ["openapi", "info", "externalDocs", "servers", "tags", "components", "paths"];
const unions = new Set(["openapi", "paths", "components", "tags", "security"]);

/**
 * One document of many: operations, components and tags are put together, `security` and a path's
 * `parameters` move to the operations that they are for, and all else must mean the same
 * everywhere. The result does not depend on the order of the fragments.
 */
export function merge(all: readonly Fragment[]): Merged {
  const ordered = [...all].sort((a, b) => order(a.page, b.page) || a.line - b.line);
  const remarks: Remark[] = [];
  const fragments = ordered.map((fragment) => plainServers(fragment, remarks));
  const field = (kind: Type) => (name: string, found: Found[]) =>
    settleField(kind, name, found, remarks);
  const root = settled(collectRoot(fragments), field("Document"));
  const tags = settled(collectTags(fragments), (_, found) => settleType("Tag", found, remarks));
  const components = mapped(collectComponents(fragments, remarks), (all, section) =>
    settled(all, (_, found) => settleType(typeOfSection(section), found, remarks)),
  );
  const paths = mapped(collectPaths(fragments), (all) => settled(all, field("PathItem")));
  noteSaidOnce(fragments, root, remarks);

  const document = inOrder(rootOrder, [
    ...highestVersion(fragments, remarks),
    ...values(root),
    ...(tags.size > 0 ? [["tags", values(tags).map(([, value]) => value)] as const] : []),
    ...(components.size > 0 ? [["components", nested(components, [])] as const] : []),
    ["paths", nested(paths, methods)],
  ]);
  const sources = { fragments, root, tags, components, paths };
  return { document, remarks, originOf: (path) => originIn(sources, path) };
}

function collectRoot(fragments: readonly Fragment[]): Collected {
  const root: Collected = new Map();
  for (const fragment of fragments) {
    for (const [key, value] of Object.entries(fragment.document)) {
      // An empty list of servers says nothing.
      const isEmpty = key === "servers" && Array.isArray(value) && value.length === 0;
      if (!unions.has(key) && !isEmpty) add(root, key, { value, fragment, path: [key] });
    }
  }
  return root;
}

function collectTags(fragments: readonly Fragment[]): Collected {
  const tags: Collected = new Map();
  for (const fragment of fragments) {
    listAt(fragment, ["tags"]).forEach((value, index) => {
      const path = ["tags", index];
      const name = isObject(value) ? value["name"] : undefined;
      if (typeof name !== "string") {
        throw pageFault(`${placeOf(fragment, path)}: tags[${index}] has no name.`);
      }
      add(tags, name, { value, fragment, path });
    });
  }
  return tags;
}

function collectComponents(
  fragments: readonly Fragment[],
  remarks: Remark[],
): Map<string, Collected> {
  const components = new Map<string, Collected>();
  for (const fragment of fragments) {
    for (const [section] of entriesAt(fragment, ["components"])) {
      const at = ["components", section];
      if (!Object.hasOwn(sections, section)) {
        remarks.push(remark(fragment, at, "unknown key"));
        continue;
      }
      for (const [name, value] of entriesAt(fragment, at)) {
        add(group(components, section), name, { value, fragment, path: [...at, name] });
      }
    }
  }
  return components;
}

function collectPaths(fragments: readonly Fragment[]): Map<string, Collected> {
  const paths = new Map<string, Collected>();
  for (const fragment of fragments) {
    for (const [path] of entriesAt(fragment, ["paths"])) {
      const fields = group(paths, path);
      for (const [key, found] of pathItem(fragment, path, fragments)) add(fields, key, found);
    }
  }
  return paths;
}

/** A path's fields, with what is said for all of its operations said by each of them. */
function pathItem(fragment: Fragment, name: string, all: readonly Fragment[]): [string, Found][] {
  const at = ["paths", name];
  const shared = listAt(fragment, [...at, "parameters"]);
  const fields = entriesAt(fragment, at).filter(([key]) => key !== "parameters");
  if (shared.length > 0 && !fields.some(([key]) => methods.includes(key))) {
    refuseLoneParameters(fragment, at, all);
  }
  const security = fragment.document["security"];
  return fields.map(([key, value]) => {
    const path = [...at, key];
    if (!methods.includes(key) || !isObject(value)) return [key, { value, fragment, path }];
    const own = listAt(fragment, [...path, "parameters"]);
    const overridden = new Set(own.map((parameter) => identity(fragment, parameter)));
    const inherited = shared.filter((parameter) => !overridden.has(identity(fragment, parameter)));
    const operation = {
      ...value,
      ...(inherited.length > 0 && { parameters: [...own, ...inherited] }),
      // Absent means "as for the whole document"; an empty list means "none".
      ...(security !== undefined && !Object.hasOwn(value, "security") && { security }),
    };
    return [key, { value: operation, fragment, path }];
  });
}

/** Refuses parameters of a path that could be meant for the operations of another fragment. */
function refuseLoneParameters(fragment: Fragment, at: Path, all: readonly Fragment[]): void {
  const hasOperation = all.some(({ document }) => {
    const item = valueAt(document, at);
    return isObject(item) && methods.some((method) => Object.hasOwn(item, method));
  });
  if (!hasOperation) return;
  throw pageFault(
    `${placeOf(fragment, at)}: ${pathText(at)}: parameters of a path without an operation.`,
    removal("To leave them out everywhere", jsonPath([...at, "parameters"])),
  );
}

/** A parameter is known by its place and name (OpenAPI 3.0, section 4.7.12). */
function identity({ document }: Fragment, parameter: Json): string {
  const target = resolve(document, parameter) ?? parameter;
  return isObject(target) && !Object.hasOwn(target, "$ref")
    ? JSON.stringify([target["in"], target["name"]])
    : JSON.stringify(target);
}

/** Notes each field of the root that a fragment with operations leaves out, such as its servers. */
function noteSaidOnce(fragments: readonly Fragment[], root: Settled, remarks: Remark[]): void {
  const withPaths = fragments.filter(({ document }) => Object.hasOwn(document, "paths"));
  for (const [key, { fragment }] of root) {
    const silent = withPaths.find(({ document }) => !Object.hasOwn(document, key));
    if (!silent) continue;
    const there = ` (${silent.page}.md:${silent.line} does not)`;
    remarks.push(remark(fragment, [key], "said once", there));
  }
}

interface Sources {
  readonly fragments: readonly Fragment[];
  readonly root: Settled;
  readonly tags: Settled;
  readonly components: ReadonlyMap<string, Settled>;
  readonly paths: ReadonlyMap<string, Settled>;
}

function originIn({ fragments, root, tags, components, paths }: Sources, path: Path): Origin {
  const [key = "", group = "", name = "", ...inner] = path;
  const [found, rest] =
    key === "tags"
      ? [sorted(tags)[Number(group)]?.[1], path.slice(2)]
      : key === "components"
        ? [components.get(String(group))?.get(String(name)), inner]
        : key === "paths"
          ? [paths.get(String(group))?.get(String(name)), inner]
          : [root.get(String(key)), path.slice(1)];
  if (found) return { fragment: found.fragment, path: [...found.path, ...rest] };
  const near = path.slice(0, 2);
  const fragment =
    fragments.find(({ document }) => valueAt(document, near) !== undefined) ?? fragments[0];
  if (!fragment) throw new TypeError("no fragments were merged");
  return { fragment, path: near };
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

function add(collected: Collected, name: string, found: Found): void {
  const known = collected.get(name);
  if (known) known.push(found);
  else collected.set(name, [found]);
}

function group(groups: Map<string, Collected>, name: string): Collected {
  const found = groups.get(name) ?? new Map<string, Found[]>();
  groups.set(name, found);
  return found;
}

const mapped = <V, W>(map: ReadonlyMap<string, V>, to: (value: V, key: string) => W) =>
  new Map([...map].map(([key, value]) => [key, to(value, key)] as const));

const settled = (all: Collected, one: (name: string, found: Found[]) => Found): Settled =>
  mapped(all, (found, name) => one(name, found));

const sorted = <T>(map: ReadonlyMap<string, T>): [string, T][] =>
  [...map].sort(([a], [b]) => order(a, b));

const values = (all: Settled): [string, Json][] =>
  sorted(all).map(([name, { value }]) => [name, value]);

const nested = (groups: ReadonlyMap<string, Settled>, keys: readonly string[]): JsonObject =>
  Object.fromEntries(sorted(groups).map(([name, all]) => [name, inOrder(keys, values(all))]));

/** The entries named in `keys` first; those that it does not name keep their order. */
function inOrder(
  keys: readonly string[],
  entries: readonly (readonly [string, Json])[],
): JsonObject {
  const rank = (key: string) => (keys.includes(key) ? keys.indexOf(key) : keys.length);
  return Object.fromEntries([...entries].sort(([a], [b]) => rank(a) - rank(b)));
}
