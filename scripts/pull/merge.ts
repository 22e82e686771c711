import { isDeepStrictEqual } from "node:util";
import { isObject, type Json, type JsonObject, type Path, setAt, valueAt } from "../lib/json.ts";
import { entriesOf, holdsNames, listOf, methods, operationsOf, resolve } from "../lib/openapi.ts";
import { leaveOut } from "../lib/refusal.ts";
import { order } from "../lib/text.ts";
import { type Fragment, lineOf, pageFault, pathText, shown } from "./findings.ts";
import type { Note } from "./report.ts";

/** What a fragment says of one place of the merged document, such as of an operation. */
interface Claim {
  readonly place: readonly string[];
  readonly value: Json;
  readonly fragment: Fragment;
  /** The place, as a key in whose order the document is written. */
  readonly key: string;
  /** The value as JSON: of claims in other words, the first by this is taken. */
  readonly text: string;
}

/**
 * One document of many, and a note for each difference between them. Fragments that say something of
 * the same place must mean the same; where they differ in words or order, the first by its text is
 * taken. So the result does not depend on the order of the fragments.
 */
export function merge(fragments: readonly Fragment[]): { document: JsonObject; notes: Note[] } {
  const document: JsonObject = {};
  const notes: Note[] = [];
  const taken = new Map<string, Claim>();
  const claims = fragments
    .flatMap(claimsOf)
    .sort((a, b) => order(a.key, b.key) || order(a.text, b.text));
  for (const [index, claim] of claims.entries()) {
    const [before, first] = [claims[index - 1], taken.get(claim.key)];
    if (!first) {
      taken.set(claim.key, claim);
      setAt(document, claim.place, claim.value);
    } else if (before?.text !== claim.text) notes.push(...notesOn(first, claim));
  }
  document["paths"] ??= {};
  if (isObject(document["tags"])) document["tags"] = Object.values(document["tags"]);
  return { document, notes };
}

/** How far the parts of a document are claimed one by one: to each operation, component and tag. */
const depths: Readonly<Record<string, number>> = { paths: 2, components: 2, tags: 1 };

function claimsOf(fragment: Fragment): Claim[] {
  const split = (place: readonly string[], value: Json): Claim[] => {
    const [root = ""] = place;
    const claim = (value: Json): Claim => {
      return { place, value, fragment, key: keyOf(place), text: JSON.stringify(value) };
    };
    // An empty list says nothing.
    if (place.length === 1 && isDeepStrictEqual(value, [])) return [];
    if (!isObject(value) || place.length > (depths[root] ?? 0)) return [claim(value)];
    const inner = Object.entries(value).flatMap(([step, one]) => split([...place, step], one));
    return [claim({}), ...inner];
  };
  return split([], spelledOut(fragment.document));
}

/** The order in which people read a document and a path; what is not here follows, by its name. */
const usual = [
  ...["openapi", "info", "externalDocs", "servers", "tags", "components", "paths"],
  ...methods,
];

/** What is around a place comes before it, then each step by its rank in the usual order. */
const keyOf = (place: readonly string[]): string =>
  place.map((step) => `${usual.concat(step).indexOf(step) + 10}${step}`).join("\u0000");

/** The document with what is said for many operations said by each, and its tags by name. */
function spelledOut(fragment: JsonObject): JsonObject {
  const { security, ...document } = structuredClone(fragment);
  // A parameter is known by its place and name (OpenAPI 3.0, section 4.7.12).
  const identity = (parameter: Json): string => {
    const target = resolve(document, parameter);
    return JSON.stringify(isObject(target) ? [target["in"], target["name"]] : parameter);
  };
  for (const { path, value: operation } of operationsOf(document)) {
    const own = listOf(operation["parameters"]);
    const shared = listOf(valueAt(document, ["paths", path, "parameters"]));
    const overridden = new Set(own.map(identity));
    const inherited = shared.filter((parameter) => !overridden.has(identity(parameter)));
    if (inherited.length > 0) operation["parameters"] = [...own, ...inherited];
    // Absent means "as for the whole document"; an empty list means "none".
    if (security !== undefined) operation["security"] ??= security;
  }
  for (const [, item] of entriesOf(document["paths"])) {
    if (isObject(item) && Array.isArray(item["parameters"])) delete item["parameters"];
  }
  const nameOf = (tag: Json, name = valueAt(tag, ["name"])): string =>
    typeof name === "string" ? name : JSON.stringify(tag);
  const tags = listOf(document["tags"]).map((tag) => [nameOf(tag), tag]);
  return { ...document, ...(tags.length > 0 && { tags: Object.fromEntries(tags) }) };
}

/** What is to be noted on two claims of one place; refused if they do not mean the same. */
function notesOn(taken: Claim, other: Claim): Note[] {
  const places = `${lineOf(taken.fragment)} and ${lineOf(other.fragment)}`;
  const [one, another] = [inPlace(taken), inPlace(other)];
  const contradiction = difference(meaning(one), meaning(another));
  if (contradiction) {
    throw pageFault(`${places} disagree on ${contradiction}.`, leaveOut(taken.place));
  }
  const wording = difference(one, another);
  const what = "words or order differ; the first by its text is taken";
  return wording ? [{ where: `${places}, ${wording}`, what }] : [];
}

const inPlace = ({ place, value }: Claim): Json =>
  place.reduceRight<Json>((inner, step) => ({ [step]: inner }), value);

/** Fields for people: no call and no type changes with them. */
const words = new Set([
  ...["title", "description", "summary", "termsOfService", "contact", "license", "externalDocs"],
  ...["example", "examples", "deprecated", "tags", "operationId", "xml", "info", "openapi"],
]);

/** A value without words and without order. */
function meaning(value: Json, field?: string): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => meaning(item));
    return items.sort((a, b) => order(JSON.stringify(a), JSON.stringify(b)));
  }
  if (!isObject(value)) return value;
  const isNamed = holdsNames(field);
  const inner = Object.entries(value)
    .filter(([key]) => isNamed || !(words.has(key) || key.startsWith("x-")))
    .map(([key, one]) => [key, meaning(one, isNamed ? undefined : key)] as const)
    .sort(([a], [b]) => order(a, b));
  return Object.fromEntries(inner);
}

/** Where two values differ first, and how; undefined where they are equal but for the order of keys. */
function difference(one?: Json, other?: Json, path: Path = []): string | undefined {
  if (isDeepStrictEqual(one, other)) return undefined;
  const isList = Array.isArray(one) && Array.isArray(other);
  if (!isList && !(isObject(one) && isObject(other))) {
    return `${pathText(path)}: ${shown(one)} and ${shown(other)}`;
  }
  const [parts, others] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  const found = [...new Map([...parts, ...others]).keys()].map((key) =>
    // Without the index in a list: in a meaning, it is not that of the page.
    difference(parts.get(key), others.get(key), isList ? path : [...path, key]),
  );
  return found.find((it) => it !== undefined);
}
