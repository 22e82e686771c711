import { isDeepStrictEqual } from "node:util";
import { JSONPathEnvironment } from "json-p3";
import { isObject, type Json, type JsonObject, setAt, valueAt } from "../lib/json.ts";
import { Refusal } from "../lib/refusal.ts";
import { excerpt } from "../lib/text.ts";
import { type Fragment, lineOf, type Note, pathText, shown } from "./faults.ts";

/** An action of an OpenAPI Overlay 1.0.0, section 4.4.3; x-was is this project's. */
export interface Action {
  readonly target: string;
  readonly update?: Json | undefined;
  readonly remove: boolean;
  readonly description?: string | undefined;
  /** The value that the target has on the page today. */
  readonly "x-was"?: Json | undefined;
}

const jsonPath = new JSONPathEnvironment({ maxRecursionDepth: 200 });

/** Whether a text is a JSONPath (RFC 9535). */
export function isTarget(text: string): boolean {
  try {
    jsonPath.compile(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The fragments with the actions applied to each, one after another. Stricter than the standard: an
 * action that matches nowhere, or whose target no longer holds what x-was says, is refused, so that
 * no correction outlives its reason.
 */
export function applyOverlay(all: readonly Fragment[], actions: readonly Action[]) {
  const notes: Note[] = [];
  const fragments = actions.reduce((before, action, index) => {
    const where = `spec/overlay.json, actions[${index}]`;
    const fault = (what: string, remedy: string): Refusal =>
      new Refusal(`${where}: ${what}.`, `Nothing was changed. ${where}: ${remedy}`);
    const after = before.map((fragment) => ({
      ...fragment,
      document: applied(fragment.document, action, fault),
    }));
    const changed = before.filter(({ document }, at) => document !== after[at]?.document);
    const { target, remove, description } = action;
    if (changed.length === 0) {
      const what = `${excerpt(target, 200)} matches nothing on any page`;
      throw fault(what, "It has outlived its reason: take it out.");
    }
    const there = changed.length > 3 ? `${changed.length} places` : changed.map(lineOf).join(", ");
    const why = description === undefined ? "" : ` (${excerpt(description)})`;
    const what = `${remove ? "removes" : "updates"} ${excerpt(target, 200)} at ${there}${why}`;
    notes.push({ where, what });
    return after;
  }, all);
  return { fragments, notes };
}

/** A document after an action; the same one, where it matches nothing. */
function applied(
  before: JsonObject,
  action: Action,
  fault: (what: string, remedy: string) => Refusal,
): JsonObject {
  const nodes = jsonPath.query(action.target, before).nodes;
  if (nodes.length === 0) return before;
  const document = structuredClone(before);
  const paths = new Map(nodes.map(({ location }) => [JSON.stringify(location), location]));
  // From the last to the first, so that a removal moves nothing that is still to be removed.
  for (const path of [...paths.values()].reverse()) {
    const value = valueAt(document, path);
    // Something around it was removed.
    if (value === undefined) continue;
    const was = action["x-was"];
    if (was !== undefined && !fits(was, value)) {
      const what = `${pathText(path)} now holds ${shown(value)}, not ${shown(was)} as x-was says`;
      throw fault(what, "The page has changed: take the action out, or renew x-was.");
    }
    const after = action.remove ? undefined : updated(value, action.update);
    if (path.length === 0 || (after === undefined && !action.remove)) {
      const what = `changes ${pathText(path)}, which is no object or list in the document`;
      throw fault(what, "Let its target be the object around the value, then pull again.");
    }
    setAt(document, path, after);
  }
  return document;
}

/** An object fits by the keys that it names; anything else must be equal. */
const fits = (was: Json, value: Json): boolean =>
  isObject(was) && isObject(value)
    ? Object.entries(was).every(([key, inner]) => {
        const now = valueAt(value, [key]);
        return now !== undefined && fits(inner, now);
      })
    : isDeepStrictEqual(was, value);

/** Of a list, `update` is an entry to append; a plain value has to be updated in its object. */
function updated(value: Json, update: Json = null): Json | undefined {
  if (Array.isArray(value)) return [...value, update];
  return isObject(value) && isObject(update) ? merged(value, update) : undefined;
}

/** Objects are merged, lists are put together, anything else is replaced. */
function merged(value: Json | undefined, update: Json): Json {
  if (Array.isArray(value) && Array.isArray(update)) return [...value, ...update];
  if (!isObject(value) || !isObject(update)) return update;
  const inner = Object.entries(update).map(
    ([key, one]) => [key, merged(valueAt(value, [key]), one)] as const,
  );
  return { ...value, ...Object.fromEntries(inner) };
}
