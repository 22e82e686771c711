import { type Json, type JsonObject, type Path, setAt, valueAt } from "../lib/json.ts";
import { entriesOf, everyValue, isData } from "../lib/openapi.ts";
import { excerpt } from "../lib/text.ts";
import { type Fault, lint } from "./lint.ts";
import {
  type Finding,
  type Fragment,
  type Note,
  pathText,
  placeOf,
  refusalOf,
  shown,
} from "./faults.ts";
import { byAction, jsonPath } from "./remedies.ts";

/*
 * What a page may get wrong. Whatever is wrong is set right in one way, or left out, and noted; only
 * what no call or no code can be made of is refused.
 */

/** What is made of a fault: something at a path, or nothing there, or a refusal; null: no fault. */
type Made = Change | Finding | null;
type Maker = (fault: Fault, document: JsonObject, match: RegExpExecArray) => Made;

interface Change {
  /** What is noted. */
  readonly said: string;
  /** Where; nothing is changed at the empty path. */
  readonly at: Path;
  readonly by?: Json | undefined;
}

const leftOut =
  (said: string): Maker =>
  ({ path }) => ({ said: `${said}; left out`, at: path });
const setTo =
  (by: Json, said: string): Maker =>
  ({ path }) => ({ said, at: path, by });
/** The key that is missing is the first group of the message's pattern. */
const added =
  (by: Json, said: string): Maker =>
  ({ path }, _, [, key = ""]) => ({ said, at: [...path, key], by });
const refused: Maker = ({ path, message }) => ({ path, what: message });
const harmless: Maker = () => null;

/** A schema without a true type keeps its words. */
const unknownType: Maker = ({ path }, document) => {
  const at = path.slice(0, -1);
  const words = ["title", "description", "format", "deprecated", "readOnly", "writeOnly"];
  const kept = entriesOf(valueAt(document, at)).filter(([key]) => words.includes(key));
  const said = "a type that OpenAPI 3.0 does not know; taken as unknown";
  return { said, at, by: Object.fromEntries(kept) };
};

/** Only noted: one part of a composition may require what another one has. */
const requiresNothing: Maker = ({ path }) =>
  path.some((step) => /^(?:all|any|one)Of$/.test(String(step)))
    ? null
    : { said: "required names what is not there; no type depends on it", at: [] };

/** Redocly places an id that is there twice below its operation, by the id. */
const secondId: Maker = ({ path }) => ({
  said: "an id that another operation has; left out",
  at: [...path.slice(0, -1), "operationId"],
});

const undeclared: Maker = ({ path }, _, [, name = ""]) => {
  const operation = path.slice(0, -1);
  const parameter = { name, in: "path", required: true, schema: { type: "string" } };
  const action = { target: jsonPath(operation), update: { parameters: [parameter] } };
  return {
    path: operation,
    what: `the path parameter ${excerpt(name)} is not declared`,
    remedy: byAction("To declare it as a text", action),
  };
};

/**
 * What a fault says, as "rule: message at place", and what is made of it. The first row that fits
 * counts; what fits none is refused.
 */
const policy: readonly (readonly [says: RegExp, made: Maker])[] = [
  // OpenAPI 3.0.0 leaves open what 3.0.3 demands, and pages have `nullable` beside `oneOf`.
  [/^struct: The `type` field must be defined when the `nullable` field is used/, harmless],

  // A value of an unknown type is still of the type unknown.
  [/^struct: `type` can be one of the following only: "object"/, unknownType],
  [/^struct: Expected type `Schema`/, setTo({}, "not a schema; taken as unknown")],
  [
    /^struct: Must contain at least one .*: (schema)/,
    added({}, "without a type; taken as unknown"),
  ],
  [/^ours.array-items/, setTo({}, "an array that does not say of what; taken as one of unknown")],
  [/^no-required-schema-properties-undefined/, requiresNothing],

  // No call can be made without these, or with two of them.
  [/^struct: Expected type `(?:Root|Path|Operation|Parameter|Request|Response|Media)/, refused],
  [/^struct: Expected type `(?:Security|Server|Components|Named)/, refused],
  [/^struct: .* at .*parameters(?:\.[^.]+|\[\d+\])(?:\.(?:name|in))?$/, refused],
  [/^struct: .* at components\.securitySchemes\./, refused],
  [/^path-parameters-defined: .*does not define the path parameter `\{([^}]+)\}`/, undeclared],
  [/^(?:path-parameters-defined|operation-parameters-unique|no-identical-paths)/, refused],
  [/^ours.misplaced-reference/, refused],

  [/^struct: The field `(title|version|description)` must/, added("", "missing; taken as empty")],
  [
    /^struct: The field `(info)` must/,
    added({ title: "", version: "" }, "missing; taken as empty"),
  ],
  [/^struct: The field `(content)` must/, added({}, "missing; nothing is known of the body")],
  [
    /^struct: The field `(responses)` must/,
    added({ default: { description: "" } }, "missing; nothing is known of the answers"),
  ],
  [/^struct: The field .* must be present/, leftOut("without what OpenAPI 3.0 demands of it")],
  [/^struct: .* is not expected here/, leftOut("a key that OpenAPI 3.0 does not know")],
  [/^struct: /, leftOut("not what OpenAPI 3.0 has here")],
  [/^spec-components-invalid-map-name/, leftOut("a name that no reference can have")],
  [/^ours.empty-path/, leftOut("a path without an operation")],
  [/^ours.path-parameter-required/, setTo(true, "a path parameter is always required")],
  // Ids are not used, and tools read some characters in them as a reference.
  [/^ours.plain-operation-id/, leftOut("an id that could be read as something else")],
  [/^operation-operationId-unique/, secondId],
];

function madeOf(fault: Fault, document: JsonObject): Made {
  const says = `${fault.rule}: ${fault.message} at ${pathText(fault.path)}`;
  for (const [pattern, made] of policy) {
    const match = pattern.exec(says);
    if (match) return made(fault, document, match);
  }
  return { path: fault.path, what: fault.message };
}

export interface Checked {
  /** Valid OpenAPI 3.0. */
  readonly document: JsonObject;
  readonly notes: readonly Note[];
}

/** What is set right can uncover something else, such as a text that is missing then. */
const mostRounds = 10;

/** The document with all that the policy sets right or leaves out; refused for what it refuses. */
export async function check(merged: JsonObject, fragments: readonly Fragment[]): Promise<Checked> {
  // A copy whose parts are its own: the operations share what was said for all of them.
  const document = JSON.parse(JSON.stringify(merged)) as JsonObject;
  const notes = new Map<string, Note>();
  const note = (path: Path, said: string): void => {
    const value = valueAt(document, path);
    const where = `${placeOf(fragments, path)}, ${pathText(path)}`;
    const what = value === undefined ? said : `${said}: ${shown(value)}`;
    notes.set(JSON.stringify([where, what]), { where, what });
  };
  for (const path of dataWithReferences(document)) {
    note(path, "data that holds a $ref, which is no reference there; left out");
    setAt(document, path, undefined);
  }
  for (let round = 1; round <= mostRounds; round++) {
    const changes = new Map<string, Change>();
    const refusals: Finding[] = [];
    for (const fault of await faultsOf(document, fragments)) {
      const made = madeOf(fault, document);
      if (made === null) continue;
      if ("what" in made) refusals.push(made);
      else {
        note(made.at.length < fault.path.length ? fault.path : made.at, made.said);
        changes.set(JSON.stringify(made.at), made);
      }
    }
    if (refusals.length > 0) throw refusalOf(refusals, document, fragments);
    const before = JSON.stringify(document);
    // From the last to the first, so that no item of a list moves before it is left out.
    for (const { at, by } of [...changes.values()].reverse())
      setAt(document, at, structuredClone(by));
    if (JSON.stringify(document) === before) return { document, notes: [...notes.values()] };
  }
  throw refusalOf([{ path: [], what: "it cannot be set right" }], document, fragments);
}

/** The places of data in which tools would take a `$ref` for a reference. */
function dataWithReferences(document: JsonObject): Path[] {
  const places: Path[] = [];
  everyValue(document, (value, path, field) => {
    if (isData(field) && JSON.stringify(value).includes('"$ref":')) places.push(path);
  });
  return places;
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
