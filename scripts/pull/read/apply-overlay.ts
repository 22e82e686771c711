import { isDeepStrictEqual } from "node:util";
import { isObject, type Json, type Path, valueAt } from "../../lib/json.js";
import { methods } from "../../lib/old-openapi.js";
import { Refusal } from "../../lib/refusal.js";
import { excerpt } from "../../lib/text.js";
import type { Note } from "../report.js";
import { type Fragment, pathText, placeOf } from "./fragment.js";
import { type Action, pathsOf } from "./overlay.js";

export interface Overlaid {
  readonly fragments: readonly Fragment[];
  readonly notes: readonly Note[];
}

/**
 * Applies the actions to every fragment, one after another (OpenAPI Overlay 1.0.0, section 4.4.3).
 * Stricter than the standard: an action that matches nowhere, or whose target no longer holds what
 * x-was says, is refused, so that no correction outlives its reason.
 */
export function applyOverlay(all: readonly Fragment[], actions: readonly Action[]): Overlaid {
  const notes: Note[] = [];
  let fragments = all;
  actions.forEach((action, index) => {
    const places: Place[] = [];
    fragments = fragments.map((fragment) => applied(fragment, action, index, places));
    if (places.length === 0) {
      throw overlayFault(index, `${excerpt(action.target)} matches nothing on any page`, TAKE_OUT);
    }
    notes.push({ where: nameOf(index), what: noteText(action, places) });
  });
  return { fragments, notes };
}

interface Place {
  readonly fragment: Fragment;
  readonly path: Path;
}

const TAKE_OUT = "It has outlived its reason: take it out.";

const nameOf = (index: number): string => `spec/overlay.json, actions[${index}]`;

function noteText({ target, remove, description }: Action, places: readonly Place[]): string {
  const [first] = places;
  const there = first ? placeOf(first.fragment, first.path) : "";
  const more = places.length > 1 ? ` and ${places.length - 1} other places` : "";
  const why = description === undefined ? "" : ` (${excerpt(description)})`;
  return `${remove ? "removes" : "updates"} ${excerpt(target, 200)} at ${there}${more}${why}`;
}

function applied(fragment: Fragment, action: Action, index: number, places: Place[]): Fragment {
  // From the last to the first, so that a removal moves nothing that is still to be removed.
  const paths = distinct(pathsOf(action, fragment.document)).reverse();
  const document = paths.reduce<Json>((document, path) => {
    const value = valueAt(document, path);
    // Something around it was removed.
    if (value === undefined) return document;
    if (action.was !== undefined && !fits(action.was, value)) {
      const now = `${pathText(path)} at ${placeOf(fragment, path)} now holds ${excerpt(JSON.stringify(value))}`;
      const what = `${now}, not ${excerpt(JSON.stringify(action.was))} as x-was says`;
      throw overlayFault(index, what, "The page has changed: take the action out, or renew x-was.");
    }
    places.unshift({ fragment, path });
    if (!action.remove) return replaced(document, path, updated(value, action, index));
    if (path.length === 0) throw overlayFault(index, "removes the whole document", MEND);
    return withoutEmptied(replaced(document, path, undefined), document);
  }, fragment.document);
  return isObject(document) ? { ...fragment, document } : fragment;
}

const MEND = "Mend it, then pull again.";

const distinct = (paths: readonly Path[]): Path[] => [
  ...new Map(paths.map((path) => [JSON.stringify(path), path])).values(),
];

/** An object fits by the keys that it names; anything else must be equal. */
const fits = (was: Json, value: Json): boolean =>
  isObject(was) && isObject(value)
    ? Object.entries(was).every(([key, inner]) => {
        const now = valueAt(value, [key]);
        return now !== undefined && fits(inner, now);
      })
    : isDeepStrictEqual(was, value);

/** Of an array, `update` is an entry to append; a primitive value has to be updated in its object. */
function updated(value: Json, { update = null }: Action, index: number): Json {
  if (Array.isArray(value)) return [...value, update];
  if (!isObject(value)) throw overlayFault(index, "updates what is no object or list", OBJECT);
  if (!isObject(update)) throw overlayFault(index, "updates an object with what is none", MEND);
  return merged(value, update);
}

const OBJECT = "Let its target be the object around the value, then pull again.";

/** Objects are merged, lists are put together, anything else is replaced. */
function merged(value: Json, update: Json): Json {
  if (Array.isArray(value) && Array.isArray(update)) return [...value, ...update];
  if (!isObject(value) || !isObject(update)) return update;
  const entries = new Map(Object.entries(value));
  for (const [key, inner] of Object.entries(update)) {
    const known = entries.get(key);
    entries.set(key, known === undefined ? inner : merged(known, inner));
  }
  return Object.fromEntries(entries);
}

/** The document with another value at the path; undefined removes it. */
function replaced(document: Json, [step, ...rest]: Path, by: Json | undefined): Json {
  if (step === undefined) return by ?? null;
  const isLast = rest.length === 0;
  if (Array.isArray(document)) {
    return document.flatMap((item, index) => {
      if (index !== step) return [item];
      if (!isLast) return [replaced(item, rest, by)];
      return by === undefined ? [] : [by];
    });
  }
  if (!isObject(document)) return document;
  return Object.fromEntries(
    Object.entries(document).flatMap(([key, value]): [string, Json][] => {
      if (key !== step) return [[key, value]];
      if (!isLast) return [[key, replaced(value, rest, by)]];
      return by === undefined ? [] : [[key, by]];
    }),
  );
}

/** A path whose last operation was removed goes with it, and with the parameters that it had. */
function withoutEmptied(document: Json, before: Json): Json {
  const paths = valueAt(document, ["paths"]);
  if (!isObject(document) || !isObject(paths)) return document;
  const kept = Object.entries(paths).filter(
    ([name, item]) => hasOperation(item) || !hasOperation(valueAt(before, ["paths", name])),
  );
  return { ...document, paths: Object.fromEntries(kept) };
}

const hasOperation = (item: Json | undefined): boolean =>
  isObject(item) && methods.some((method) => Object.hasOwn(item, method));

const overlayFault = (index: number, what: string, remedy: string): Refusal =>
  new Refusal(`${nameOf(index)}: ${what}.`, `Nothing was changed. ${nameOf(index)}: ${remedy}`);
