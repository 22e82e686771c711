import { isDeepStrictEqual } from "node:util";
import { JSONPathEnvironment } from "json-p3";
import { isObject, type Json, type JsonObject, type Path, setAt, valueAt } from "../lib/json.ts";
import type { Refusal } from "../lib/refusal.ts";
import { excerpt, order } from "../lib/text.ts";
import { type Fragment, lineOf, pageFault, pathText, shown } from "./findings.ts";
import type { Note } from "./report.ts";

/** An action of an OpenAPI Overlay 1.0.0, section 4.4.3. */
export interface Action {
  readonly target: string;
  readonly update?: Json | undefined;
  readonly remove: boolean;
  /** This project's own: the value that the target has on the page today. */
  readonly "x-was"?: Json | undefined;
}

const jsonPaths = new JSONPathEnvironment({ maxRecursionDepth: 200 });

/** Whether a text is a JSONPath (RFC 9535). */
export function isTarget(target: Json | undefined): target is string {
  try {
    return typeof target === "string" && Boolean(jsonPaths.compile(target));
  } catch {
    return false;
  }
}

const fault = (where: string, what: string): Refusal =>
  pageFault(`${where}: ${what}.`, "Take the action out, or correct its target, update or x-was.");

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
    if (changed.length === 0) throw fault(where, `${target} matches nothing on any page`);
    const places = excerpt(changed.map(lineOf).join(", "));
    notes.push({ where, what: `${action.remove ? "removes" : "updates"} ${target} at ${places}` });
    return after;
  }, all);
  return { fragments, notes };
}

/** A document after an action; undefined where it matches nothing. */
function applied(before: JsonObject, action: Action, where: string): JsonObject | undefined {
  const { target, remove, update = null, "x-was": was } = action;
  const { nodes } = jsonPaths.query(target, before);
  const around = { document: structuredClone(before) };
  // Each once, from the last to the first: a removal moves nothing that is still to be removed.
  const places = new Map(nodes.map(({ location }) => [rank(location), location]));
  for (const [, location] of [...places].sort(([a], [b]) => order(b, a))) {
    const path = ["document", ...location];
    const value = valueAt(around, path);
    if (was !== undefined && !fits(was, value)) {
      const what = `${pathText(location)} now holds ${shown(value)}, not ${shown(was)} as x-was says`;
      throw fault(where, what);
    }
    const isList = Array.isArray(value);
    const isTaken = isList || (isObject(value) && isObject(update));
    if (remove ? location.length === 0 : !isTaken) {
      const what = remove ? "remove" : "merge its update into";
      throw fault(where, `cannot ${what} ${pathText(location)}, which is ${shown(value)}`);
    }
    const after = isList ? [...value, update] : merged(value, update);
    setAt(around, path, remove ? undefined : after);
  }
  return nodes.length > 0 ? around.document : undefined;
}

const rank = (path: Path): string =>
  path.map((step) => String(step).padStart(9, "0")).join("\u0000");

/** An object fits by the keys that it names; anything else must be equal. */
const fits = (was: Json, value: Json | undefined): boolean =>
  isObject(was) && isObject(value)
    ? Object.entries(was).every(([key, inner]) => fits(inner, valueAt(value, [key])))
    : isDeepStrictEqual(was, value);

/** Objects are merged, lists are put together, anything else is replaced. */
function merged(value: Json | undefined, update: Json): Json {
  if (Array.isArray(value) && Array.isArray(update)) return [...value, ...update];
  if (!isObject(value) || !isObject(update)) return update;
  const inner = Object.entries(update).map(
    ([key, one]) => [key, merged(valueAt(value, [key]), one)] as const,
  );
  return { ...value, ...Object.fromEntries(inner) };
}
