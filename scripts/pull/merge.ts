import { isDeepStrictEqual } from "node:util";
import { isObject, type Json, type JsonObject, type Path, setAt, valueAt } from "../lib/json.ts";
import { holdsNames, listOf, methods, resolve } from "../lib/openapi.ts";
import { leaveOut } from "../lib/refusal.ts";
import { order } from "../lib/text.ts";
import { type Fragment, lineOf, pageFault, pathText, shown } from "./findings.ts";
import type { Note } from "./report.ts";

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
export function merge(fragments: readonly Fragment[]): { document: JsonObject; notes: Note[] } {
  const groups = new Map<string, Claim[]>();
  for (const claim of fragments.flatMap(claimsOf)) {
    // In the order of these keys, what is around a place comes before it.
    const key = claim.place.join("\u0000");
    groups.set(key, [...(groups.get(key) ?? []), claim]);
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
  const split = (place: Path, value: Json, depth: number): Claim[] => {
    // An empty list says nothing.
    if (place.length === 1 && isDeepStrictEqual(value, [])) return [];
    if (depth === 0 || !isObject(value)) return [{ place, value, fragment }];
    const inner = Object.entries(value).flatMap(([key, one]) =>
      split([...place, key], one, depth - 1),
    );
    return [{ place, value: {}, fragment }, ...inner];
  };
  const document = spelledOut(fragment.document);
  return Object.entries(document).flatMap(([key, one]) => split([key], one, depths[key] ?? 0));
}

/** The document with what is said for many operations said by each, and its tags by name. */
function spelledOut({ security, ...document }: JsonObject): JsonObject {
  const { paths, tags } = document;
  return {
    ...document,
    ...(isObject(paths) && { paths: mapped(paths, (item) => pathItem(document, item, security)) }),
    ...(Array.isArray(tags) && {
      tags: Object.fromEntries(tags.map((tag) => [tagName(tag), tag])),
    }),
  };
}

const tagName = (tag: Json): string => {
  const name = valueAt(tag, ["name"]);
  return typeof name === "string" ? name : JSON.stringify(tag);
};

const mapped = (object: JsonObject, map: (value: Json, key: string) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));

function pathItem(document: JsonObject, item: Json, security: Json | undefined): Json {
  if (!isObject(item)) return item;
  const { parameters = [], ...fields } = item;
  return mapped(Array.isArray(parameters) ? fields : item, (operation, field) => {
    if (!methods.includes(field) || !isObject(operation)) return operation;
    const own = listOf(operation["parameters"]);
    const overridden = new Set(own.map((parameter) => identity(document, parameter)));
    const inherited = listOf(parameters).filter((one) => !overridden.has(identity(document, one)));
    return {
      ...operation,
      ...(inherited.length > 0 && { parameters: [...own, ...inherited] }),
      // Absent means "as for the whole document"; an empty list means "none".
      ...(security !== undefined && !Object.hasOwn(operation, "security") && { security }),
    };
  });
}

/** A parameter is known by its place and name (OpenAPI 3.0, section 4.7.12). */
function identity(document: JsonObject, parameter: Json): string {
  const target = resolve(document, parameter);
  return JSON.stringify(isObject(target) ? [target["in"], target["name"]] : parameter);
}

/** The claim that is taken of all for one place: the first by its text, then by its page. */
function settle(group: readonly Claim[], notes: Note[]): Claim {
  const [taken, ...others] = group
    .map((claim) => ({ ...claim, text: group.length > 1 ? JSON.stringify(claim.value) : "" }))
    .sort((a, b) => order(a.text, b.text) || byPage(a.fragment, b.fragment));
  if (!taken) throw new TypeError("nothing was said of a place");
  const different = new Map(others.reverse().map((claim) => [claim.text, claim]));
  different.delete(taken.text);
  for (const other of [...different.values()].reverse()) {
    const places = [taken, other].map(({ fragment }) => lineOf(fragment));
    const contradiction = difference(meaningOf(taken), meaningOf(other));
    if (contradiction) {
      const what = `${places.join(" and ")} disagree on ${contradiction}`;
      throw pageFault(`${what}.`, leaveOut(taken.place));
    }
    const wording = difference(taken.value, other.value, taken.place);
    if (!wording) continue;
    const where = `${places.join(" and ")}, ${wording}`;
    notes.push({ where, what: "words or order differ; the first by its text is taken" });
  }
  return taken;
}

const byPage = (a: Fragment, b: Fragment): number => order(a.page, b.page) || a.line - b.line;

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
  const inner = kept.map(([key, one]) => [key, meaning(one, isNamed ? undefined : key)] as const);
  return Object.fromEntries(inner.sort(([a], [b]) => order(a, b)));
}

/** Where two values differ first, and how; undefined where they are equal but for the order of keys. */
function difference(
  one: Json | undefined,
  other: Json | undefined,
  path: Path = [],
): string | undefined {
  if (isDeepStrictEqual(one, other)) return undefined;
  const isInside = isObject(one) ? isObject(other) : Array.isArray(one) && Array.isArray(other);
  if (!isInside) return `${pathText(path)}: ${shown(one)} and ${shown(other)}`;
  const keys = [...new Set([one, other].flatMap((value) => Object.keys(value ?? {})))];
  const steps = Array.isArray(one) ? keys.map(Number) : keys.sort(order);
  // Without the index in a list: in a meaning, it is not that of the page.
  const inner = (step: string | number): string | undefined => {
    const place = typeof step === "number" ? path : [...path, step];
    return difference(valueAt(one, [step]), valueAt(other, [step]), place);
  };
  return steps.map(inner).find((found) => found !== undefined);
}

const rootOrder = ["openapi", "info", "externalDocs", "servers", "tags", "components", "paths"];

/** The document as people read it: tags in a list, and everything in the usual order. */
function inOrder(document: JsonObject): JsonObject {
  const first = (keys: readonly string[], object: JsonObject): JsonObject => {
    const there = keys.filter((key) => Object.hasOwn(object, key));
    return { ...Object.fromEntries(there.map((key) => [key, object[key] ?? null])), ...object };
  };
  const { tags, paths = {} } = document;
  return first(rootOrder, {
    ...document,
    ...(isObject(tags) && { tags: Object.values(tags) }),
    paths: isObject(paths)
      ? mapped(paths, (item) => (isObject(item) ? first(methods, item) : item))
      : paths,
  });
}
