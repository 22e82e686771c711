import { type Json, type JsonObject, type Path, setAt, valueAt } from "../lib/json.ts";
import { everyValue, isData } from "../lib/openapi.ts";
import { type Fragment, pathText, placeOf, refusalOf, shown } from "./findings.ts";
import { type Fault, forms, lint, meanings } from "./lint.ts";
import type { Note } from "./report.ts";

/*
 * What a page may get wrong. Whatever is wrong is set right in one way, or left out, and noted; only
 * what no call can be made of is refused.
 */

const anyAnswer = { default: { description: "" } };

const REFUSED = "refused";
const NO_FAULT = "no fault";
const EMPTY = "missing; taken as empty";
const STAYS = "stays as it is";

/**
 * What a fault says, as "rule: message at place"; what is noted; and what is put there: if nothing is
 * said, it is left out. A group in the pattern is the key that is missing at the place. The first row
 * that fits counts; what fits none is refused.
 */
const policy: readonly (readonly [says: RegExp, noted: string, put?: Json])[] = [
  // OpenAPI 3.0.0 leaves open what 3.0.3 demands, and pages have `nullable` beside `oneOf`.
  [/^struct: The `type` field must be defined when the `nullable` field is used/, NO_FAULT],
  // One part of a composition may require what another one has.
  [/^no-required-schema-properties-undefined: .* at .*(?:all|any|one)Of\./, NO_FAULT],
  [/^no-required-schema-properties-undefined/, "required names what is not there", STAYS],

  // A value of an unknown type is still of the type unknown.
  [/^struct: `type` can be one .*"object"/, "a type that OpenAPI 3.0 does not know; left out"],
  [/^struct: Expected type `Schema`/, "not a schema; taken as unknown", {}],
  [/^struct: Must contain .*: (schema)/, "of no type; taken as unknown", {}],
  [/^ours.array-items/, "an array that does not say of what; taken as one of unknown", {}],

  // No call can be made without these, or with two of them.
  [/^struct: Expected type `(?:Root|Path|Operation|Parameter|Request|Response|Media)/, REFUSED],
  [/^struct: Expected type `(?:Security|Server|Components|Named)/, REFUSED],
  [/^struct: .* at .*(?:components\.parameters\.[^.]+|parameters\.\d+)(?:\.name|\.in)?$/, REFUSED],
  [/^struct: .* at components\.securitySchemes\./, REFUSED],
  [/^(?:path-parameters-defined|operation-parameters-unique|no-identical-paths)/, REFUSED],
  [/^ours.misplaced-reference/, REFUSED],

  [/^struct: The field `(title|version|description)` must/, EMPTY, ""],
  [/^struct: The field `(info)` must/, EMPTY, { title: "", version: "" }],
  [/^struct: The field `(content)` must/, "missing; any body is taken", {}],
  [/^struct: The field `(responses)` must/, "missing; any answer is taken", anyAnswer],
  [/^struct: The field .* must be present/, "without what OpenAPI 3.0 demands of it; left out"],
  [/^struct: .* is not expected here/, "a key that OpenAPI 3.0 does not know; left out"],
  [/^struct: /, "not what OpenAPI 3.0 has here; left out"],
  [/^spec-components-invalid-map-name/, "a name that no reference can have; left out"],
  [/^ours.empty-path/, "a path without an operation; left out"],
  [/^ours.path-parameter-required/, "a path parameter is always required", true],
  [/^ours.unique-id/, "an id that is another's; left out"],
  [/^operation-operationId-url-safe/, "an id that could be read as something else; left out"],
];

/** What a fault comes to: where something is put, or left out, and what is noted there. */
function decide({ rule, message, path }: Fault) {
  const says = `${rule}: ${message} at ${path.join(".")}`;
  const [pattern, noted, put] = policy.find(([it]) => it.test(says)) ?? [/^/, REFUSED];
  const [, missing] = pattern.exec(says) ?? [];
  return { path, what: message, noted, put, at: missing === undefined ? path : [...path, missing] };
}

export interface Checked {
  /** Valid OpenAPI 3.0. */
  readonly document: JsonObject;
  readonly notes: readonly Note[];
}

/** The document with all that the policy puts right; refused for what it refuses. */
export async function check(merged: JsonObject, fragments: readonly Fragment[]): Promise<Checked> {
  // A copy whose parts are its own: the operations share what was said for all of them.
  const document = JSON.parse(JSON.stringify(merged)) as JsonObject;
  const notes = new Map<string, Note>();
  const note = (path: Path, noted: string): void => {
    const value = valueAt(document, path);
    const where = `${placeOf(fragments, path)}, ${pathText(path)}`;
    const what = value === undefined ? noted : `${noted}: ${shown(value)}`;
    notes.set(where + what, { where, what });
  };
  everyValue(document, (value, path, field) => {
    // Tools would take it for a reference.
    if (!isData(field) || !JSON.stringify(value).includes('"$ref":')) return;
    note(path, "data that holds a $ref, which is no reference there; left out");
    setAt(document, path, undefined);
  });
  await correct(forms);
  await correct(meanings);
  return { document, notes: [...notes.values()] };

  /** Again until nothing changes, because what is put right can uncover something else. */
  async function correct(rules: readonly string[]): Promise<void> {
    const before = JSON.stringify(document);
    const faults = await lint(document, rules).catch((error: unknown) => {
      throw refusalOf([{ path: [], what: `no rule can read it: ${error}` }], document, fragments);
    });
    const decisions = faults.map(decide).filter(({ noted }) => noted !== NO_FAULT);
    const refused = decisions.filter(({ noted }) => noted === REFUSED);
    if (refused.length > 0) throw refusalOf(refused, document, fragments);
    for (const { at, noted } of decisions) note(at, noted);
    const changes = new Map(decisions.map(({ at, put }) => [JSON.stringify(at), { at, put }]));
    // From the last to the first, so that no item of a list moves before it is left out.
    for (const { at, put } of [...changes.values()].reverse()) {
      if (put !== STAYS) setAt(document, at, structuredClone(put));
    }
    if (JSON.stringify(document) !== before) await correct(rules);
  }
}
