import { isDeepStrictEqual } from "node:util";
import { JSONPathEnvironment } from "json-p3";
import { isObject, type Json, type JsonObject, setAt, valueAt } from "../lib/json.ts";
import { Refusal } from "../lib/refusal.ts";
import { excerpt } from "../lib/text.ts";
import { type Fragment, lineOf, pathText, shown } from "./findings.ts";
import type { Note } from "./report.ts";

/** An action of an OpenAPI Overlay 1.0.0, section 4.4.3. */
export interface Action {
  readonly target: string;
  readonly update?: Json | undefined;
  readonly remove?: boolean | undefined;
  /** This project's own: the value that the target has on the page today. */
  readonly "x-was"?: Json | undefined;
}

const jsonPaths = new JSONPathEnvironment({ maxRecursionDepth: 200 });

/** Whether a text is a JSONPath (RFC 9535). */
export function isTarget(text: string): boolean {
  try {
    jsonPaths.compile(text);
    return true;
  } catch {
    return false;
  }
}

const fault = (where: string, what: string, remedy: string): Refusal =>
  new Refusal(`${where}: ${what}.`, `Nothing was changed. ${where}: ${remedy}`);

/**
 * The fragments with the actions applied to each, one after another. Stricter than the standard: an
 * action that matches nowhere, or whose target no longer holds what x-was says, is refused, so that
 * no correction outlives its reason.
 */
export function applyOverlay(all: readonly Fragment[], actions: readonly Action[]) {
  const notes: Note[] = [];
  const fragments = actions.reduce((before, action, index) => {
    const where = `spec/overlay.json, actions[${index}]`;
    const target = excerpt(action.target, 200);
    const after = before.map((fragment) => {
      const document = applied(fragment.document, action, where);
      return document ? { ...fragment, document } : fragment;
    });
    const changed = after.filter((fragment, at) => fragment !== before[at]);
    if (changed.length === 0) {
      const remedy = "It has outlived its reason: take it out.";
      throw fault(where, `${target} matches nothing on any page`, remedy);
    }
    const places = excerpt(changed.map(lineOf).join(", "));
    notes.push({ where, what: `${action.remove ? "removes" : "updates"} ${target} at ${places}` });
    return after;
  }, all);
  return { fragments, notes };
}

/** A document after an action; undefined where it matches nothing. */
function applied(before: JsonObject, action: Action, where: string): JsonObject | undefined {
  const nodes = jsonPaths.query(action.target, before).nodes;
  if (nodes.length === 0) return undefined;
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
      throw fault(where, what, "The page has changed: take the action out, or renew x-was.");
    }
    const after = action.remove ? undefined : updated(value, action.update);
    if (path.length === 0 || (after === undefined && !action.remove)) {
      const what = `changes ${pathText(path)}, which is no object or list in the document`;
      throw fault(where, what, "Let its target be the object around the value, then pull again.");
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
