import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "../lib/json.ts";
import { cut, order } from "../lib/text.ts";
import { bumpFor, type Difference, type Direction, levels } from "./bump-rules.ts";
import { componentsOf, type Fact, factsOf } from "./facts.ts";
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
  const distinct = new Map<string, Change>();
  for (const { bump, where, what } of changes) {
    const change = { bump, where: cut(where, longest), what: cut(what, longest) };
    distinct.set(JSON.stringify(change), change);
  }
  return [...distinct.values()].sort(
    (one, other) =>
      levels.indexOf(one.bump) - levels.indexOf(other.bump) ||
      order(one.where, other.where) ||
      order(one.what, other.what),
  );
}

const everythingIn = (document: JsonObject): Change[] =>
  factsOf(document)
    .filter(({ added }) => added === "zone added" || added === "operation added")
    .map(({ step }) => ({ bump: "minor", where: step, what: "new" }));

const absent: Fact = { key: "", step: "" };

/** A fact of the one document, and what it is in the other. */
type Pair = readonly [before: Fact, after: Fact];

/** The parts of two objects that may differ, made once, wherever references lead to them. */
type Unfolded = Map<Json, Map<Json, readonly Pair[]>>;

/** A pair at a place of use. */
interface Visit {
  readonly pair: Pair;
  readonly place: string;
  readonly direction: Direction;
  /** What was shown in one operation and direction: its first place there speaks for the others. */
  readonly shown: Set<readonly Pair[]>;
}

function differencesIn(before: JsonObject, after: JsonObject): Change[] {
  const unfolded: Unfolded = new Map();
  const changes = differing(factsOf(before), factsOf(after)).flatMap((pair) =>
    changesAt(pair, unfolded),
  );
  const placed = new Set([...unfolded].flatMap(([node, others]) => [node, ...others.keys()]));
  const components = differing(componentsOf(before), componentsOf(after));
  return [...changes, ...components.flatMap((pair) => redefinition(pair, placed))];
}

/** The changes in and below a pair, the nearest first. */
function changesAt(pair: Pair, unfolded: Unfolded): Change[] {
  const changes: Change[] = [];
  const visits: Visit[] = [{ pair, place: "", direction: "request", shown: new Set() }];
  for (const visit of visits) {
    const [before, after] = visit.pair;
    const { step, direction = visit.direction } = before === absent ? after : before;
    const place = visit.place + step;
    const said = difference(visit.pair);
    if (said) {
      const bump = bumpFor(said.kind, direction);
      changes.push({ bump, where: readable(place), what: said.what });
    }
    // What comes or goes hides its parts.
    if (before === absent || after === absent) continue;
    const shown = direction === visit.direction ? visit.shown : new Set<readonly Pair[]>();
    const parts = partsOf(visit.pair, unfolded);
    const all = differing(before.beside, after.beside).concat(shown.has(parts) ? [] : parts);
    shown.add(parts);
    visits.push(...all.map((part) => ({ pair: part, place, direction, shown })));
  }
  return changes;
}

function partsOf([before, after]: Pair, unfolded: Unfolded): readonly Pair[] {
  const make = () => differing(before.parts?.(), after.parts?.());
  if (!before.node || !after.node) return make();
  const others = unfolded.get(before.node) ?? new Map<Json, readonly Pair[]>();
  const parts = others.get(after.node) ?? make();
  unfolded.set(before.node, others.set(after.node, parts));
  return parts;
}

/** Pairs of facts of the same key, then of those left of the same list in order; any other is alone. */
function differing(before: readonly Fact[] = [], after: readonly Fact[] = []): Pair[] {
  const byKey = new Map<string, Fact[]>();
  for (const fact of after) byKey.set(fact.key, [...(byKey.get(fact.key) ?? []), fact]);
  const partners = before.map(({ key }) => byKey.get(key)?.shift());
  const rest = [...byKey.values()].flat();
  const pairs = before.map((fact, index): Pair => {
    const inOrder = fact.list === undefined ? -1 : rest.findIndex(({ list }) => list === fact.list);
    const partner = partners[index] ?? (inOrder < 0 ? absent : rest.splice(inOrder, 1)[0]);
    return [fact, partner ?? absent];
  });
  return [...pairs, ...rest.map((fact): Pair => [absent, fact])].filter((pair) => !isAlike(pair));
}

/** Certainly alike, so that most need not be unfolded. What parameters mean, their path says too. */
function isAlike(pair: Pair): boolean {
  const [before, after] = pair;
  if (!before.parts && !before.beside) return difference(pair) === undefined;
  if (!before.node || !after.node) return false;
  const text = JSON.stringify([before.beside, before.node]);
  const isAlone = !/"(?:\$ref|parameters)":/.test(text);
  return isAlone && text === JSON.stringify([after.beside, after.node]);
}

/** What a component holds counts at its places; only one that has none is compared as a whole. */
function redefinition(pair: Pair, placed: ReadonlySet<Json | undefined>): Change[] {
  const [before, after] = pair;
  const said = difference(pair);
  const isPlaced = pair.some(({ node }) => placed.has(node));
  if (!said || (said.kind === before.changed && isPlaced)) return [];
  const where = before.step || after.step;
  return [{ bump: bumpFor(said.kind, "response"), where, what: said.what }];
}

/** What is to be said of the two themselves; undefined if there is nothing. */
function difference([before, after]: Pair): { kind: Difference; what: string } | undefined {
  const { added, removed, changed, value } = before === absent ? after : before;
  const comes = before === absent ? added : after === absent ? removed : undefined;
  if (comes) {
    const isShown = value !== undefined && changed === undefined;
    return { kind: comes, what: isShown ? `${comes}: ${show(value)}` : comes };
  }
  if (changed === undefined || isDeepStrictEqual(before.value, after.value)) return undefined;
  const [from, to] = [show(before.value), show(after.value)];
  return { kind: changed, what: from === to ? changed : `${changed} from ${from} to ${to}` };
}

/** Between a body and a place in it stands a dot in the middle, and no other. */
const readable = (place: string): string =>
  place.replace(/ · $/, "").replace(" · .", " · ") || "document";

/** A value, cut to a readable length; words that need no quotes have none. */
function show(value: Json | undefined): string {
  if (value === undefined) return "none";
  const isWord = /^(?!(?:none|null|true|false)$)\p{L}[\p{L}\p{N}_:./-]*$/u;
  if (typeof value === "string" && value.length <= 60 && isWord.test(value)) return value;
  return cut(JSON.stringify(value), 60);
}
