import { printable } from "../../../lib/text.js";
import { isObject, type Json, type JsonObject } from "../../../lib/json.js";
import { valueAt } from "../../read/fragment.js";
import type { ObjectRule, Rule } from "../guard.js";
import { at, entries } from "./walk.js";

const rootKey = /^(?:openapi|info|servers|tags|components|paths|externalDocs|x-.*)$/;

export const unknownRootKeys: Rule = function* (document) {
  for (const key of Object.keys(document)) {
    if (!rootKey.test(key)) yield { path: [key], what: "not a root key of OpenAPI 3.0" };
  }
  const version = document["openapi"];
  if (typeof version !== "string" || !/^3\.0\.\d+$/.test(version)) {
    yield { path: ["openapi"], what: "only OpenAPI 3.0 is read" };
  }
};

/** The sections of OpenAPI 3.0, section 4.7.7, and the names that it allows there. */
const reference =
  /^#\/components\/(?:schemas|responses|parameters|examples|requestBodies|headers|securitySchemes|links|callbacks)\/[A-Za-z0-9._-]+$/;
const plainName = /^[A-Za-z0-9._-]+$/;

/**
 * Whatever the position: the lint and openapi-typescript take any `$ref` for a reference, read the
 * file or the address that it names, and write its first segment as code.
 */
export const badReferences: ObjectRule = function* (value, path, document) {
  if (Object.hasOwn(value, "$ref")) {
    const what = faultOf(value["$ref"], document);
    if (what) yield { path: [...path, "$ref"], what };
  }
  const mapping = valueAt(value, ["discriminator", "mapping"]) ?? null;
  const here = [...path, "discriminator", "mapping"];
  for (const target of entries({ path: here, value: mapping })) {
    if (target.key === "$ref") yield { path: target.path, what: "a mapping that is elsewhere" };
    // A plain name is that of a schema (OpenAPI 3.0, section 4.7.25).
    const plain = typeof target.value === "string" && plainName.test(target.value);
    const $ref = plain ? `#/components/schemas/${String(target.value)}` : target.value;
    const what = faultOf($ref, document);
    if (what) yield { path: target.path, what };
  }
};

function faultOf($ref: Json | undefined, document: JsonObject): string | undefined {
  const shown = printable(JSON.stringify($ref) ?? "nothing").slice(0, 100);
  if (typeof $ref !== "string" || !reference.test($ref)) {
    return `${shown} is not of the form #/components/<section>/<name>`;
  }
  const found = valueAt(document, $ref.split("/").slice(1));
  return found === undefined ? `there is no ${shown}` : undefined;
}

export const badComponentNames: Rule = function* (document) {
  for (const section of entries(at(document, "components"))) {
    for (const { key, path } of entries(section)) {
      if (!plainName.test(key)) yield { path, what: "has other characters than A-Z a-z 0-9 . _ -" };
    }
  }
};

const maxReferences = 100;

/** TypeScript has no type for a schema that is itself but for an object between. */
export const endlessReferences: Rule = function* (document) {
  const lengths = new Map<string, number>();
  for (const section of entries(at(document, "components"))) {
    for (const { key, path } of entries(section)) {
      const length = lengthFrom(`#/components/${path[1]}/${key}`, 0);
      if (length === Infinity) yield { path, what: "leads only to itself" };
      else if (length > maxReferences) {
        yield { path, what: `leads over more than ${maxReferences} references` };
      }
    }
  }

  /** How many references follow one another from here; infinitely many where they lead back. */
  function lengthFrom($ref: string, depth: number): number {
    const known = lengths.get($ref);
    if (known !== undefined) return known;
    if (depth > maxReferences) return 1;
    lengths.set($ref, Infinity);
    const target = valueAt(document, $ref.split("/").slice(1)) ?? null;
    const following = directReferences(target).map((next) => lengthFrom(next, depth + 1));
    const length = 1 + Math.max(0, ...following);
    lengths.set($ref, length);
    return length;
  }
};

/** What a schema is, as far as it is no object with properties: those may lead back. */
function directReferences(value: Json): string[] {
  if (!isObject(value)) return [];
  const { $ref, allOf, anyOf, oneOf, items } = value;
  const inner = [allOf, anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list : []));
  return [
    ...(typeof $ref === "string" ? [$ref] : []),
    ...[...inner, ...(items === undefined ? [] : [items])].flatMap(directReferences),
  ];
}

/** The lint reads the file or the address that an `externalValue` names. */
export const outsideValues: ObjectRule = function* (value, path) {
  if (Object.hasOwn(value, "externalValue")) {
    yield { path: [...path, "externalValue"], what: "an example outside of the document" };
  }
};

const maxLines = 1000;

/** prettier's time grows with the square of the lines of a comment. */
export const longTexts: ObjectRule = function* (value, path) {
  for (const [key, one] of Object.entries(value)) {
    const texts = Array.isArray(one) ? one : [one];
    if (
      texts.some(
        (text) => typeof text === "string" && text.split(/[\r\n\u2028\u2029]/).length > maxLines,
      )
    ) {
      yield { path: [...path, key], what: `a text of more than ${maxLines} lines` };
    }
  }
};

export const badNames: ObjectRule = function* (value, path) {
  for (const key of Object.keys(value)) {
    if (printable(key) !== key) {
      yield { path: [...path, key], what: "a name with invisible or control characters" };
    } else if (!isDecodable(key)) {
      yield { path: [...path, key], what: "a name with a percent sign that encodes nothing" };
    }
  }
};

/** References are percent-encoded, and openapi-typescript makes one of every name. */
function isDecodable(name: string): boolean {
  if (!name.includes("%")) return true;
  try {
    decodeURIComponent(name);
    return true;
  } catch {
    return false;
  }
}

const singleLine = /^[^\n\r\u2028\u2029]*$/;
const plainIdentifier = /^[A-Za-z_$][\w$]*$/;

/** As an enum, each of these becomes a name, or a comment that a new line would end. */
const enumTexts: readonly [key: string, pattern: RegExp, what: string][] = [
  ["x-enum-varnames", plainIdentifier, "not a list of plain names"],
  ["x-enumNames", plainIdentifier, "not a list of plain names"],
  ["x-enum-descriptions", singleLine, "not a list of single lines"],
  ["x-enumDescriptions", singleLine, "not a list of single lines"],
];

export const enumTextThatCouldRun: ObjectRule = function* (value, path) {
  for (const [key, pattern, what] of enumTexts) {
    if (!Object.hasOwn(value, key)) continue;
    const texts = value[key];
    const fits = (text: Json): boolean => typeof text === "string" && pattern.test(text);
    if (!Array.isArray(texts) || !texts.every(fits)) yield { path: [...path, key], what };
  }
};
