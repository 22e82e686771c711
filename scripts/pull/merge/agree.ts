import { isDeepStrictEqual } from "node:util";
import { type Refusal } from "../../lib/refusal.js";
import { printable } from "../../lib/text.js";
import { isObject, type Json } from "../../lib/json.js";
import { type Fragment, pageFault, pathText, placeOf, valueAt } from "../read/fragment.js";
import type { Path } from "../read/strict-json.js";

/** A value, and the fragment and the path there that it was taken from. */
export interface Found {
  value: Json;
  fragment: Fragment;
  path: Path;
}
export type Collected = Map<string, Found>;

/** Adds what is new under its name; what is there already must say the same. */
export function agree(collected: Collected, name: string, found: Found): void {
  const other = collected.get(name);
  if (!other) {
    collected.set(name, found);
    return;
  }
  const [a, b] = [JSON.stringify(other.value), JSON.stringify(found.value)];
  if (a === b) return;
  if (!isDeepStrictEqual(other.value, found.value)) throw disagreement(other, found);
  // The same but for the order of keys: which one is taken must not depend on who came first.
  if (b < a) collected.set(name, found);
}

function disagreement(a: Found, b: Found): Refusal {
  const inner = firstDifference(a.value, b.value);
  const [here, there] = [a, b].map(({ fragment, path }) => placeOf(fragment, [...path, ...inner]));
  const [one, other] = [a, b].map(({ value }) => excerpt(valueAt(value, inner)));
  const where = pathText([...a.path, ...inner]);
  return pageFault(`${here} and ${there} disagree on ${where}: ${one} and ${other}.`);
}

function firstDifference(a: Json, b: Json): Path {
  if (Array.isArray(a) && Array.isArray(b)) {
    const index = a.findIndex((value, at) => !isDeepStrictEqual(value, b[at]));
    const at = index === -1 ? a.length : index;
    return [at, ...firstDifference(a[at] ?? null, b[at] ?? null)];
  }
  if (!isObject(a) || !isObject(b)) return [];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  const key = keys.find((key) => !isDeepStrictEqual(a[key], b[key])) ?? "";
  return [key, ...firstDifference(a[key] ?? null, b[key] ?? null)];
}

function excerpt(value: Json | undefined): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return printable(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
