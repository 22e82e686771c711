import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { cut, order } from "../lib/text.ts";
import { bumpFor, type Direction, levels } from "./bump-rules.ts";
import { type Fact, factsOf, unsaid } from "./facts.ts";
import type { Change } from "./report.ts";

/** Characters of a place or of a change: both hold names from a page, which have no end. */
const longest = 400;

/**
 * Every difference between two merged documents, the highest bump first, then by place; without a
 * document before, its zones and operations are new.
 *
 * @example
 * compare(before, after);
 * // [{ bump: "minor", where: "GET /users · 200 · name", what: "optional property added" }]
 */
export function compare(before: JsonObject | undefined, after: JsonObject): Change[] {
  const changes = before === undefined ? everythingIn(after) : differencesIn(before, after);
  const readable = changes.map(({ bump, where, what }) => ({
    bump,
    where: cut(where, longest),
    what: cut(what, longest),
  }));
  const distinct = new Map(readable.map((change) => [JSON.stringify(change), change]));
  return [...distinct.values()].sort(
    (one, other) =>
      levels.indexOf(one.bump) - levels.indexOf(other.bump) ||
      order(one.where, other.where) ||
      order(one.what, other.what),
  );
}

const everythingIn = (document: JsonObject): Change[] =>
  factsOf(document, document)
    .parts()
    .filter(({ added }) => added === "zone added" || added === "operation added")
    .map(({ step }) => ({ bump: "minor", where: step, what: "new" }));

const empty: Fact = { key: "", step: "", parts: () => [] };

/** A fact of the one document, and what it is in the other. */
interface Pair {
  readonly before: Fact;
  readonly after: Fact;
  /** Undefined if there is no difference, but for those of its parts. */
  readonly said: ReturnType<typeof said>;
  readonly parts: Pair[];
  readonly partOf: Pair[];
}

function differencesIn(before: JsonObject, after: JsonObject): Change[] {
  const pairs: Pair[] = [];
  // Two objects are compared once, wherever references lead to them.
  const known = new Map<Json | undefined, Map<Json | undefined, Pair>>();
  const pairUp = (before: Fact, after: Fact): Pair | undefined => {
    const found = before.node && after.node && known.get(before.node)?.get(after.node);
    if (found) return found;
    if (before.node && after.node && isAlike(before.node, after.node)) return undefined;
    const pair: Pair = { before, after, said: said(before, after), parts: [], partOf: [] };
    if (!pair.said && (before.changed ?? after.changed)) return undefined;
    if (before.node) {
      known.set(
        before.node,
        (known.get(before.node) ?? new Map<Json | undefined, Pair>()).set(after.node, pair),
      );
    }
    pairs.push(pair);
    return pair;
  };
  pairUp(factsOf(before, after), factsOf(after, before));
  for (const pair of pairs) {
    if (pair.said?.hidesParts) continue;
    for (const [one, other] of matched(pair.before.parts(), pair.after.parts())) {
      const part = pairUp(one, other);
      part?.partOf.push(pair);
      if (part) pair.parts.push(part);
    }
  }
  const differing = new Set(
    pairs.filter(({ before, after, said }) => {
      const isKnown = before.unless && known.get(before.unless)?.has(after.unless);
      return said && !isKnown;
    }),
  );
  // A set grows while it is walked.
  for (const { partOf } of differing) partOf.forEach((pair) => differing.add(pair));
  return placed(pairs, differing);
}

/** Certainly alike, so that most need not be unfolded. What parameters mean, their path says too. */
function isAlike(before: JsonObject, after: JsonObject): boolean {
  const text = JSON.stringify(before);
  return text === JSON.stringify(after) && !/"(?:\$ref|parameters)":/.test(text);
}

function said(before: Fact, after: Fact) {
  const comes = before === empty ? after.added : after === empty ? before.removed : undefined;
  const { changed, value } = before === empty ? after : before;
  if (comes) {
    const what = value === undefined ? comes : `${comes}: ${show(value)}`;
    return { difference: comes, what, hidesParts: true };
  }
  if (changed === undefined) return undefined;
  const [from = unsaid.get(changed), to = unsaid.get(changed)] = [before.value, after.value];
  if (from === to || textOf(from) === textOf(to)) return undefined;
  const particulars = show(from) === show(to) ? "" : ` from ${show(from)} to ${show(to)}`;
  return { difference: changed, what: changed + particulars, hidesParts: false };
}

/** Facts of the same key, then those left of the same list in order; any other has no partner. */
function matched(before: readonly Fact[], after: readonly Fact[]): [before: Fact, after: Fact][] {
  const byKey = new Map<string, Fact[]>();
  for (const fact of after) byKey.set(fact.key, [...(byKey.get(fact.key) ?? []), fact]);
  const partners = before.map(({ key }) => byKey.get(key)?.shift());
  const rest = [...byKey.values()].flat();
  const pairs = before.map((fact, index): [Fact, Fact] => {
    const inOrder = fact.list === undefined ? -1 : rest.findIndex(({ list }) => list === fact.list);
    const partner = partners[index] ?? (inOrder < 0 ? empty : rest.splice(inOrder, 1)[0]);
    return [fact, partner ?? empty];
  });
  return [...pairs, ...rest.map((fact): [Fact, Fact] => [empty, fact])];
}

/** A place at which a pair is found. */
interface Visit {
  readonly pair: Pair;
  readonly place: string;
  readonly direction: Direction;
  /** Of all visits in one operation and direction. */
  readonly seen: { readonly pairs: Set<Pair>; repeats: number };
  readonly from?: Visit;
}

/**
 * In one operation and direction, what is found again is shown again this often. After that, its
 * first place speaks for the others, because places can be exponentially many.
 */
const mostRepeats = 200;

/** The differences in and below a pair, each at the places that callers know, nearest first. */
function placed([root]: readonly Pair[], differing: ReadonlySet<Pair>): Change[] {
  const changes: Change[] = [];
  const noneSeen = (): Visit["seen"] => ({ pairs: new Set(), repeats: 0 });
  const start = { place: "", direction: "request", seen: noneSeen() } as const;
  const visits: Visit[] = root ? [{ ...start, pair: root }] : [];
  for (const visit of visits) {
    const { pair, place, direction, seen } = visit;
    if (!differing.has(pair) || !isShown(visit)) continue;
    if (pair.said) {
      const { difference, what } = pair.said;
      changes.push({ bump: bumpFor(difference, direction), where: readable(place), what });
    }
    for (const part of pair.parts) {
      const { step, isReceived } = part.before === empty ? part.after : part.before;
      visits.push({
        ...{ pair: part, place: place + step, from: visit },
        direction: isReceived ? "response" : direction,
        seen: isReceived || pair === root ? noneSeen() : seen,
      });
    }
  }
  return changes;
}

function isShown({ pair, seen, from }: Visit): boolean {
  if (!seen.pairs.has(pair)) return seen.pairs.add(pair) !== undefined;
  for (let outer = from; outer; outer = outer.from) if (outer.pair === pair) return false;
  return ++seen.repeats <= mostRepeats;
}

/** Between a body and a place in it stands a dot in the middle, and no other. */
const readable = (place: string): string =>
  place.replace(/ · $/, "").replace(" · .", " · ") || "document";

/** The same for equal values, whatever the order of their keys. */
const textOf = (value: Json | undefined): string | undefined =>
  JSON.stringify(value, (_, inner: Json) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => order(one, other)))
      : inner,
  );

/** A value, cut to a readable length; words that need no quotes have none. */
function show(value: Json | undefined): string {
  if (value === undefined) return "none";
  const isWord = /^(?!(?:none|null|true|false)$)\p{L}[\p{L}\p{N}_:./-]*$/u;
  if (typeof value === "string" && value.length <= 60 && isWord.test(value)) return value;
  return cut(JSON.stringify(value), 60);
}
