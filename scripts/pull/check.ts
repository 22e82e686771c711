import { type Json, type JsonObject, type Path, setAt, valueAt } from "../lib/json.ts";
import { entriesOf, everyValue, isData } from "../lib/openapi.ts";
import { type Finding, type Fragment, type Note, pathText, placeOf } from "./faults.ts";
import { refusalOf, shown } from "./faults.ts";
import { type Fault, lint } from "./lint.ts";
import { byAction, jsonPath } from "./remedies.ts";

/*
 * What a page may get wrong. Whatever is wrong is set right in one way, or left out, and noted; only
 * what no call can be made of is refused.
 */

const anyAnswer = { default: { description: "" } };

const REFUSED = "refused";
const NO_FAULT = "no fault";
const EMPTY = "missing; taken as empty";

/** What is put where, or is taken out there; nothing changes at the empty path. */
type Change = (path: Path, match: RegExpExecArray, document: JsonObject) => { at: Path; by?: Json };

const leftOut: Change = (path) => ({ at: path });
const to =
  (by: Json): Change =>
  (at) => ({ at, by });
/** The key that is missing is the first group of the pattern. */
const withKey =
  (by: Json): Change =>
  (path, [, key = ""]) => ({ at: [...path, key], by });
const onlyNoted: Change = () => ({ at: [] });

/** A schema without a true type keeps its words. */
const unknown: Change = (path, _, document) => {
  const at = path.slice(0, -1);
  const words = /^(?:title|description|format|deprecated|readOnly|writeOnly)$/;
  const kept = entriesOf(valueAt(document, at)).filter(([key]) => words.test(key));
  return { at, by: Object.fromEntries(kept) };
};

/** Redocly names the place of a second id by the id. */
const withoutId: Change = (path) => ({ at: [...path.slice(0, -1), "operationId"] });

/**
 * What a fault says, as "rule: message at place"; what is noted, and how it is put right: if nothing
 * is said, by leaving it out. The first row that fits counts; what fits none is refused.
 */
const policy: readonly (readonly [says: RegExp, noted: string, change?: Change])[] = [
  // OpenAPI 3.0.0 leaves open what 3.0.3 demands, and pages have `nullable` beside `oneOf`.
  [/^struct: The `type` field must be defined when the `nullable` field is used/, NO_FAULT],
  // One part of a composition may require what another one has.
  [/^no-required-schema-properties-undefined: .* at .*(?:all|any|one)Of\./, NO_FAULT],
  [/^no-required-schema-properties-undefined/, "required names what is not there", onlyNoted],

  // A value of an unknown type is still of the type unknown.
  [/^struct: `type` can be one .*"object"/, "an unknown type; taken as unknown", unknown],
  [/^struct: Expected type `Schema`/, "not a schema; taken as unknown", to({})],
  [/^struct: Must contain .*: (schema)/, "of no type; taken as unknown", withKey({})],
  [/^ours.array-items/, "an array that does not say of what; taken as one of unknown", to({})],

  // No call can be made without these, or with two of them.
  [/^struct: Expected type `(?:Root|Path|Operation|Parameter|Request|Response|Media)/, REFUSED],
  [/^struct: Expected type `(?:Security|Server|Components|Named)/, REFUSED],
  [/^struct: .* at .*parameters\.[^.]+(?:\.name|\.in)?$/, REFUSED],
  [/^struct: .* at components\.securitySchemes\./, REFUSED],
  [/^(?:path-parameters-defined|operation-parameters-unique|no-identical-paths)/, REFUSED],
  [/^ours.misplaced-reference/, REFUSED],

  [/^struct: The field `(title|version|description)` must/, EMPTY, withKey("")],
  [/^struct: The field `(info)` must/, EMPTY, withKey({ title: "", version: "" })],
  [/^struct: The field `(content)` must/, "missing; any body is taken", withKey({})],
  [/^struct: The field `(responses)` must/, "missing; any answer is taken", withKey(anyAnswer)],
  [/^struct: The field .* must be present/, "without what OpenAPI 3.0 demands of it; left out"],
  [/^struct: .* is not expected here/, "a key that OpenAPI 3.0 does not know; left out"],
  [/^struct: /, "not what OpenAPI 3.0 has here; left out"],
  [/^spec-components-invalid-map-name/, "a name that no reference can have; left out"],
  [/^ours.empty-path/, "a path without an operation; left out"],
  [/^ours.path-parameter-required/, "a path parameter is always required", to(true)],
  // Ids are not used, and tools read some characters in them as a reference.
  [/^ours.plain-operation-id/, "an id that could be read as something else; left out"],
  [/^operation-operationId-unique/, "an id that another operation has; left out", withoutId],
];

/** To declare a path parameter; any other fault is left out with its operation. */
function remedyFor({ message, path }: Fault): string | undefined {
  const [, name] = /does not define the path parameter `\{([^}]+)\}`/.exec(message) ?? [];
  if (name === undefined) return undefined;
  const parameter = { name, in: "path", required: true, schema: { type: "string" } };
  const action = { target: jsonPath(path.slice(0, 3)), update: { parameters: [parameter] } };
  return byAction("To declare it as a text", action);
}

export interface Checked {
  /** Valid OpenAPI 3.0. */
  readonly document: JsonObject;
  readonly notes: readonly Note[];
}

/** What is put right can uncover something else, such as a text that is missing then. */
const mostRounds = 10;

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
  for (let round = 1; round <= mostRounds; round++) {
    const changes = new Map<string, ReturnType<Change>>();
    const refusals: Finding[] = [];
    for (const fault of await faultsOf(document, fragments)) {
      const { path, message } = fault;
      const says = `${fault.rule}: ${message} at ${path.join(".")}`;
      const [pattern, noted, change = leftOut] = policy.find(([pattern]) => pattern.test(says)) ?? [
        /^/,
        REFUSED,
      ];
      const match = pattern.exec(says);
      if (noted === REFUSED) refusals.push({ path, what: message, remedy: remedyFor(fault) });
      if (noted === REFUSED || noted === NO_FAULT || !match) continue;
      const made = change(path, match, document);
      note(made.at.length < path.length ? path : made.at, noted);
      changes.set(JSON.stringify(made.at), made);
    }
    if (refusals.length > 0) throw refusalOf(refusals, document, fragments);
    const before = JSON.stringify(document);
    // From the last to the first, so that no item of a list moves before it is left out.
    for (const { at, by } of [...changes.values()].reverse()) {
      setAt(document, at, structuredClone(by));
    }
    if (JSON.stringify(document) === before) return { document, notes: [...notes.values()] };
  }
  throw refusalOf([{ path: [], what: "it cannot be put right" }], document, fragments);
}

/** Some rules fail on what another one finds, such as a `required` that is no list. */
async function faultsOf(document: JsonObject, fragments: readonly Fragment[]): Promise<Fault[]> {
  try {
    return await lint(document);
  } catch (error) {
    const faults = await lint(document, ["struct"]).catch(() => []);
    if (faults.length > 0) return faults;
    const what = `it cannot be read: ${String(error)}`;
    throw refusalOf([{ path: [], what }], document, fragments);
  }
}
