import { isDeepStrictEqual } from "node:util";
import { isObject, type Json, type JsonObject, type Path, setAt, valueAt } from "../lib/json.ts";
import { entriesOf, holdsNames, listOf, methods, refOf, resolve } from "../lib/openapi.ts";
import { order } from "../lib/text.ts";
import { type Fragment, lineOf, type Note, pageFault, pathText, shown } from "./faults.ts";
import { leaveOut } from "./remedies.ts";

/** What a fragment says of one place of the merged document, such as of an operation. */
interface Claim {
  readonly place: Path;
  readonly value: Json;
  readonly fragment: Fragment;
}

/**
 * One document of many, and a note for each difference between them. Fragments that say something of
 * the same place must mean the same; where they differ in words or order, the first by its text is
 * taken. So the result does not depend on the order of the fragments.
 */
export function merge(all: readonly Fragment[]): { document: JsonObject; notes: Note[] } {
  const fragments = [...all].sort((a, b) => order(a.page, b.page) || a.line - b.line);
  const groups = new Map<string, Claim[]>();
  for (const claim of fragments.flatMap(claimsOf)) {
    // What is around a place comes before it.
    const key = claim.place.join("\u0000");
    const group = groups.get(key);
    if (group) group.push(claim);
    else groups.set(key, [claim]);
  }
  const notes: Note[] = [];
  const document: JsonObject = {};
  for (const [, group] of [...groups].sort(([a], [b]) => order(a, b))) {
    const { place, value } = settle(group, notes);
    setAt(document, place, value);
  }
  return { document: inOrder(document), notes };
}

/** How far the parts of a document are claimed one by one: to each operation, component and tag. */
const depths: Readonly<Record<string, number>> = { paths: 2, components: 2, tags: 1 };

function claimsOf(fragment: Fragment): Claim[] {
  const split = (place: Path, value: Json, depth: number): Claim[] =>
    depth > 0 && isObject(value)
      ? [
          { place, value: {}, fragment },
          ...entriesOf(value).flatMap(([key, inner]) => split([...place, key], inner, depth - 1)),
        ]
      : [{ place, value, fragment }];
  return entriesOf(spelledOut(fragment.document)).flatMap(([key, value]) =>
    split([key], value, depths[key] ?? 0),
  );
}

/** The document with what is said for many operations said by each, and its tags by name. */
function spelledOut({ security, ...document }: JsonObject): JsonObject {
  const { paths, tags } = document;
  const items = entriesOf(paths).map(([name, item]) => [
    name,
    isObject(item) ? pathItem(document, item, security) : item,
  ]);
  const named = listOf(tags).map((tag): [string, Json] => {
    const name = valueAt(tag, ["name"]);
    return [typeof name === "string" ? name : JSON.stringify(tag), tag];
  });
  const all = {
    ...document,
    ...(isObject(paths) && { paths: Object.fromEntries(items) }),
    ...(Array.isArray(tags) && { tags: Object.fromEntries(named) }),
  };
  // An empty list says nothing.
  const said = Object.entries(all).filter(([, value]) => !isDeepStrictEqual(value, []));
  return Object.fromEntries(said);
}

function pathItem(document: JsonObject, item: JsonObject, security: Json | undefined): JsonObject {
  const { parameters, ...fields } = item;
  const own = Array.isArray(parameters) || parameters === undefined ? fields : item;
  const said = Object.entries(own).map(([field, operation]): [string, Json] => {
    if (!methods.includes(field) || !isObject(operation)) return [field, operation];
    const all = listOf(operation["parameters"]);
    const overridden = new Set(all.map((parameter) => identity(document, parameter)));
    const inherited = listOf(parameters).filter((one) => !overridden.has(identity(document, one)));
    return [
      field,
      {
        ...operation,
        ...(inherited.length > 0 && { parameters: [...all, ...inherited] }),
        // Absent means "as for the whole document"; an empty list means "none".
        ...(security !== undefined && !Object.hasOwn(operation, "security") && { security }),
      },
    ];
  });
  return Object.fromEntries(said);
}

/** A parameter is known by its place and name (OpenAPI 3.0, section 4.7.12). */
function identity(document: JsonObject, parameter: Json): string {
  const target = resolve(document, parameter) ?? parameter;
  return JSON.stringify(
    isObject(target) && refOf(target) === undefined ? [target["in"], target["name"]] : target,
  );
}

/** The claim that is taken of all for one place, which are in the order of pages. */
function settle(group: readonly Claim[], notes: Note[]): Claim {
  const byText = new Map<string, Claim>();
  for (const claim of group) {
    const text = group.length === 1 ? "" : JSON.stringify(claim.value);
    if (!byText.has(text)) byText.set(text, claim);
  }
  const [taken, ...others] = [...byText].sort(([a], [b]) => order(a, b)).map(([, one]) => one);
  if (!taken) throw new TypeError("nothing was said of a place");
  for (const other of others) {
    const pair = group.indexOf(taken) < group.indexOf(other) ? [taken, other] : [other, taken];
    const [here, there] = pair.map(({ fragment }) => lineOf(fragment));
    const [one, two] = pair.map(meaningOf);
    const contradiction = difference(one, two);
    if (contradiction) {
      const what = `${here} and ${there} disagree on ${pathText(contradiction.path)}`;
      throw pageFault(`${what}${contradiction.values}.`, leaveOut(taken.place));
    }
    const [left, right] = pair.map(({ value }) => value);
    const wording = difference(left, right, taken.place);
    if (!wording) continue;
    const what = `the fragments differ in words or order (here and at ${there})${wording.values}`;
    const where = `${here}, ${pathText(wording.path)}`;
    notes.push({ where, what: `${what}; the first by its text is taken` });
  }
  return taken;
}

/** Fields for people: no call and no type changes with them. */
const words = new Set([
  ...["title", "description", "summary", "termsOfService", "contact", "license", "externalDocs"],
  ...["example", "examples", "deprecated", "tags", "operationId", "xml", "info", "openapi"],
]);

const meaningOf = ({ place, value }: Claim): Json =>
  meaning(place.reduceRight<Json>((inner, step) => ({ [step]: inner }), value));

/** A value without words and without order. */
function meaning(value: Json, field?: string): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => meaning(item));
    return items.sort((a, b) => order(JSON.stringify(a), JSON.stringify(b)));
  }
  if (!isObject(value)) return value;
  const isNamed = holdsNames(field);
  const kept = Object.entries(value).filter(
    ([key]) => isNamed || !(words.has(key) || key.startsWith("x-")),
  );
  return Object.fromEntries(
    kept
      .sort(([a], [b]) => order(a, b))
      .map(([key, inner]) => [key, meaning(inner, isNamed ? undefined : key)]),
  );
}

/** Where two values differ first, and how; in a list, by the first items that only one of both has. */
function difference(
  one: Json | undefined,
  other: Json | undefined,
  path: Path = [],
): { path: Path; values: string } | undefined {
  if (isDeepStrictEqual(one, other)) return undefined;
  if (isObject(one) && isObject(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort(order);
    const inner = (key: string) =>
      difference(valueAt(one, [key]), valueAt(other, [key]), [...path, key]);
    return keys.map(inner).find((found) => found !== undefined);
  }
  const surplus = (a: Json[], b: Json[]): Json | undefined =>
    a.find((item) => !b.some((its) => isDeepStrictEqual(item, its)));
  const isList = Array.isArray(one) && Array.isArray(other);
  const [left, right] = isList ? [surplus(one, other), surplus(other, one)] : [one, other];
  return { path, values: left === right ? "" : `: ${shown(left)} and ${shown(right)}` };
}

const rootOrder = ["openapi", "info", "externalDocs", "servers", "tags", "components", "paths"];

/** The document as people read it: tags in a list, and everything in the usual order. */
function inOrder(document: JsonObject): JsonObject {
  const sorted = (keys: readonly string[], object: JsonObject): JsonObject => {
    const rank = (key: string): number => (keys.includes(key) ? keys.indexOf(key) : keys.length);
    return Object.fromEntries(Object.entries(object).sort(([a], [b]) => rank(a) - rank(b)));
  };
  const { tags, paths = {} } = document;
  const items = entriesOf(paths).map(([name, item]) => [
    name,
    isObject(item) ? sorted(methods, item) : item,
  ]);
  return sorted(rootOrder, {
    ...document,
    ...(isObject(tags) && { tags: Object.values(tags) }),
    paths: isObject(paths) ? Object.fromEntries(items) : paths,
  });
}
