import { type Json, type JsonObject, valueAt } from "../../../lib/json.js";
import { typeOfSection } from "../../../lib/old-openapi.js";
import {
  componentName,
  componentOf,
  directReferences,
  mostReferences,
  pathOfReference,
  refOf,
} from "../../../lib/references.js";
import { printable } from "../../../lib/text.js";
import { NOT_SUPPORTED } from "../../remedies.js";
import type { Finding, ObjectRule, Rule } from "../finding.js";
import { at, entries, everyTyped } from "./walk.js";

export const otherSpecifications: Rule = function* (document) {
  const others = Object.hasOwn(document, "swagger") ? ["swagger"] : [];
  const missing = Object.hasOwn(document, "openapi") ? [] : ["openapi"];
  for (const key of [...others, ...missing]) {
    yield {
      path: [key],
      what: "not a root key of OpenAPI 3.0, or not there",
      remedy: NOT_SUPPORTED,
    };
  }
};

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
    const plain = typeof target.value === "string" && componentName.test(target.value);
    const $ref = plain ? `#/components/schemas/${String(target.value)}` : target.value;
    const what = faultOf($ref, document);
    if (what) yield { path: target.path, what };
  }
};

function faultOf($ref: Json | undefined, document: JsonObject): string | undefined {
  if (!pathOfReference($ref)) return "is not of the form #/components/<section>/<name>";
  return componentOf(document, $ref) === undefined ? "there is no such component" : undefined;
}

/** A reference to a component of another kind: a parameter, say, in place of an answer. */
export const misplacedReferences: Rule = (document) => {
  const findings: Finding[] = [];
  everyTyped("Document", document, [], ({ type, value, path }) => {
    const [, section] = pathOfReference(refOf(value)) ?? [];
    if (section !== undefined && typeOfSection(String(section)) !== type) {
      const what = `a reference to another kind of component than ${type}`;
      findings.push({ path: [...path, "$ref"], what });
    }
  });
  return findings;
};

export const badComponentNames: Rule = function* (document) {
  for (const section of entries(at(document, "components"))) {
    for (const { key, path } of entries(section)) {
      if (!componentName.test(key))
        yield { path, what: "has other characters than A-Z a-z 0-9 . _ -" };
    }
  }
};

/** TypeScript has no type for a schema that is itself but for an object between. */
export const endlessReferences: Rule = function* (document) {
  const lengths = new Map<string, number>();
  for (const section of entries(at(document, "components"))) {
    for (const { key, path } of entries(section)) {
      const length = lengthFrom(`#/components/${path[1]}/${key}`, 0);
      if (length === Infinity) yield { path, what: "leads only to itself" };
      else if (length > mostReferences) {
        yield { path, what: `leads over more than ${mostReferences} references` };
      }
    }
  }

  /** The number of references that follow one another from here; infinite if they lead back. */
  function lengthFrom($ref: string, depth: number): number {
    const known = lengths.get($ref);
    if (known !== undefined) return known;
    if (depth > mostReferences) return 1;
    lengths.set($ref, Infinity);
    const following = directReferences(componentOf(document, $ref)).map((next) =>
      lengthFrom(next, depth + 1),
    );
    const length = 1 + Math.max(0, ...following);
    lengths.set($ref, length);
    return length;
  }
};

/** The lint reads the file or the address that an `externalValue` names. */
export const outsideValues: ObjectRule = function* (value, path) {
  if (Object.hasOwn(value, "externalValue")) {
    yield { path: [...path, "externalValue"], what: "an example outside of the document" };
  }
};

export const badNames: ObjectRule = function* (value, path) {
  for (const key of Object.keys(value)) {
    if (printable(key) !== key || /[^\S ]/u.test(key)) {
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
