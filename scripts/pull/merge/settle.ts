import { isDeepStrictEqual } from "node:util";
import { isObject, type Json, type Path, valueAt } from "../../lib/json.js";
import { fields, isReference, type Type, typeOfField, typeWithin } from "../../lib/old-openapi.js";
import type { Refusal } from "../../lib/refusal.js";
import { excerpt, order } from "../../lib/text.js";
import type { Leniency } from "../leniency.js";
import { type Remark, remark } from "../notes.js";
import { pathText, placeOf } from "../read/fragment.js";
import { pageFault } from "../remedies.js";
import { agreeing } from "./agreeing.js";
import type { Found } from "./found.js";

/** Fields for people: no call and no type changes with them. */
const words: ReadonlySet<string> = new Set([
  ...["title", "description", "summary", "termsOfService", "contact", "license", "externalDocs"],
  ...["example", "examples", "deprecated", "tags", "operationId", "xml"],
]);

/** Whether fragments may say it differently. A key that is not known means nothing. */
const isWords = (kind: Type, field: string): boolean =>
  field.startsWith("x-") ||
  kind === "Info" ||
  (kind === "Example" && field === "value") ||
  (Object.hasOwn(fields, kind) && typeOfField(kind, field) === undefined) ||
  (kind !== "Components" && words.has(field));

/** One value of all that the fragments have for a field. */
export const settleField = (
  kind: Type,
  field: string,
  all: readonly Found[],
  remarks: Remark[],
): Found => settle(all, remarks, (pair, a, b) => reconcileField(pair, kind, field, a, b, []));

/** One value of all that the fragments have of a type under one name. */
export const settleType = (type: Type, all: readonly Found[], remarks: Remark[]): Found =>
  settle(all, remarks, (pair, a, b) => reconcile(pair, type, a, b, []));

/**
 * Where the fragments differ in words, the first in the order of text is taken; any other
 * difference is refused.
 */
function settle(
  all: readonly Found[],
  remarks: Remark[],
  reconciled: (pair: Pair, a: Json, b: Json) => Maybe,
): Found {
  const variants = distinct(all);
  const [first, ...others] = [...variants].sort(([a], [b]) => order(a, b)).map(([, one]) => one);
  if (!first) throw new TypeError("nothing to settle");
  const value = others.reduce<Json>((settled, after) => {
    const pair = { before: { ...first, value: settled }, after, remarks };
    return reconciled(pair, settled, after.value) ?? settled;
  }, first.value);
  return { ...(all[0] ?? first), value };
}

/** The first of each value, by its text. */
function distinct(all: readonly Found[]): Map<string, Found> {
  const [only, ...others] = all;
  if (only && others.length === 0) return new Map([["", only]]);
  const byText = new Map<string, Found>();
  for (const found of all) {
    const text = JSON.stringify(found.value);
    if (!byText.has(text)) byText.set(text, found);
  }
  return byText;
}

interface Pair {
  readonly before: Found;
  readonly after: Found;
  readonly remarks: Remark[];
}

type Maybe = Json | undefined;

function reconcileField(
  pair: Pair,
  kind: Type,
  field: string,
  a: Maybe,
  b: Maybe,
  inner: Path,
): Maybe {
  if (isDeepStrictEqual(a, b)) return a;
  const type = typeOfField(kind, field);
  if (!isWords(kind, field)) return reconcile(pair, type ?? "data", a, b, inner);
  const [taken] = [a, b]
    .filter((value) => value !== undefined)
    .sort((x, y) => order(JSON.stringify(x), JSON.stringify(y)));
  if (type !== undefined) note(pair, inner, "other words", a, b);
  return taken;
}

function reconcile(pair: Pair, type: Type, a: Maybe, b: Maybe, inner: Path): Maybe {
  if (isDeepStrictEqual(a, b)) return a;
  const within = typeWithin(type);
  if (isObject(a) && isObject(b) && !isReference(type, a) && !isReference(type, b)) {
    if (within?.container === "{}") {
      return eachKey(a, b, (key) => reconcile(pair, within.inner, a[key], b[key], [...inner, key]));
    }
    if (Object.hasOwn(fields, type)) {
      return eachKey(a, b, (key) =>
        reconcileField(pair, type, key, a[key], b[key], [...inner, key]),
      );
    }
  }
  if (Array.isArray(a) && Array.isArray(b) && within?.container === "[]") {
    if (isDeepStrictEqual(sorted(a), sorted(b))) {
      if (type === "Server[]") note(pair, inner, "other order");
      return a;
    }
    if (a.length === b.length) {
      return a.map(
        (item, index) => reconcile(pair, within.inner, item, b[index], [...inner, index]) ?? item,
      );
    }
  }
  throw disagreement(pair, inner, a, b);
}

/** The keys of both, in the order of text, so that the first difference is always the same. */
function eachKey(a: object, b: object, settled: (key: string) => Maybe): Json {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const values = new Map([...keys].sort(order).map((key) => [key, settled(key)]));
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = values.get(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

const sorted = (list: readonly Json[]): string[] =>
  list.map((item) => JSON.stringify(item)).sort(order);

function note(
  { before, after, remarks }: Pair,
  inner: Path,
  fault: Leniency,
  a?: Maybe,
  b?: Maybe,
) {
  const [one, other] = inPageOrder([before, a], [after, b]);
  const [here, there] = [one[0], other[0]].map(({ fragment, path }) => ({
    fragment,
    path: [...path, ...inner],
  }));
  const difference = a === b ? "" : `: ${shown(one[1])} and ${shown(other[1])}`;
  if (here) remarks.push(remark(here.fragment, here.path, fault, difference, there));
}

function disagreement({ before, after }: Pair, inner: Path, a: Maybe, b: Maybe): Refusal {
  const [one, other] = inPageOrder([before, a], [after, b]);
  const deeper = firstDifference(one[1], other[1]);
  const path = [...one[0].path, ...inner, ...deeper];
  const [here, there] = [one, other].map(([{ fragment, path }]) =>
    placeOf(fragment, [...path, ...inner, ...deeper]),
  );
  const [left, right] = [one, other].map(([, value]) => shown(valueAt(value, deeper)));
  return pageFault(
    `${here} and ${there} disagree on ${pathText(path)}: ${left} and ${right}.`,
    agreeing(one[0], other[0]),
  );
}

type Side = readonly [found: Found, value: Maybe];

function inPageOrder(a: Side, b: Side): [Side, Side] {
  const [{ fragment: x }] = a;
  const [{ fragment: y }] = b;
  return (order(x.page, y.page) || x.line - y.line) > 0 ? [b, a] : [a, b];
}

function firstDifference(a: Maybe, b: Maybe): Path {
  if (Array.isArray(a) && Array.isArray(b)) {
    const index = a.findIndex((value, at) => !isDeepStrictEqual(value, b[at]));
    const at = index === -1 ? a.length : index;
    return [at, ...firstDifference(a[at], b[at])];
  }
  if (!isObject(a) || !isObject(b)) return [];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort(order);
  const key = keys.find((key) => !isDeepStrictEqual(a[key], b[key])) ?? "";
  return [key, ...firstDifference(a[key], b[key])];
}

const shown = (value: Maybe): string =>
  value === undefined ? "nothing" : excerpt(JSON.stringify(value));
