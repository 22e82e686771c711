import { isObject, type Json, type JsonObject } from "../../lib/json.js";
import { areObjects, at, type Both, equal, keysOf } from "./both.js";
import type { Direction } from "./bump-rules.js";
import { components, document, withoutStructure } from "./document.js";
import type { Child, Children, Context, Difference, Kind } from "./kinds.js";
import { type PlacedDifference, differencesBelow, differing, Pair } from "./pairs.js";
import { References } from "./references.js";
import { value } from "./values.js";
import { fromTo, join, show } from "./wording.js";

/** The differences in meaning between two documents, each at a place that callers know. */
export function differencesBetween(
  before: JsonObject,
  after: JsonObject,
): Record<Direction, PlacedDifference[]> {
  const both = { before: { components: {}, ...before }, after: { components: {}, ...after } };
  const walk = new Walk(both);
  walk.through(document, both, "document");
  // Last, when it is known which components the rest refers to.
  const held = at(both, "components");
  if (areObjects(held)) walk.through(components, held, "components");
  return { request: walk.differences("request"), response: walk.differences("response") };
}

/** A path from the root of a pair. */
interface Place {
  readonly pair: Pair;
  readonly path: string;
}

/** Goes through both documents as their kinds say. */
class Walk {
  readonly #references: References;
  /** For all that is outside of bodies. */
  readonly #outer: Record<Direction, Pair> = { request: new Pair(), response: new Pair() };
  readonly #pairs: Pair[] = Object.values(this.#outer);
  readonly #shared = new Map<JsonObject, Map<JsonObject, Pair>>();
  readonly #pending: (() => void)[] = [];

  constructor(documents: Both<JsonObject>) {
    this.#references = new References(documents);
  }

  through(kind: Kind, both: Both<JsonObject>, path: string): void {
    this.#fields(kind, both, { pair: this.#outer.request, path });
    // A list, because references can be chained deeper than the stack.
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) next();
  }

  differences(direction: Direction): PlacedDifference[] {
    const { differences, uses } = this.#outer[direction];
    const found = differing(this.#pairs);
    const inBodies = uses.flatMap(({ pair, path, separator }) =>
      [...differencesBelow(pair, found)].map((difference) => ({
        ...difference,
        path: join(path, difference.path, separator),
      })),
    );
    return [...differences, ...inBodies];
  }

  #fields(kind: Kind, parents: Both<JsonObject>, place: Place): void {
    const context = { parents, references: this.#references };
    record(place, kind.differences);
    const rank = (key: string) => kind.rank?.[key] ?? 0;
    for (const key of [...keysOf(parents)].sort((one, other) => rank(one) - rank(other))) {
      const both = at(parents, key);
      const field = Object.hasOwn(kind.fields, key) ? kind.fields[key] : undefined;
      const differences =
        typeof field === "object"
          ? this.#children(field, both, context, place)
          : field?.(both, context);
      record(place, differences ?? value(key)(both, context));
    }
  }

  /** Records the differences of the children; undefined if a value cannot have any. */
  #children(field: Children, both: Both, context: Context, { pair, path }: Place): [] | undefined {
    const outer = field.direction ? this.#outer[field.direction] : pair;
    const children = field.pairing(both, context);
    for (const child of children ?? []) {
      if (field.extensions && child.name.startsWith("x-")) {
        record({ pair: outer, path: field.extensions(path) }, value(child.name)(child, context));
      } else this.#child(field, child, { pair: outer, path: field.place(path, child) });
    }
    return children && [];
  }

  #child(field: Children, child: Child, place: Place): void {
    const { separator, once = false } = field;
    const kind = typeof field.kind === "function" ? field.kind(child) : field.kind;
    if (!kind || !areObjects(child)) record(place, differenceOf(field, child));
    else if (separator === undefined) this.#object(kind, child, place, once);
    else {
      const pair = place.pair.use(this.#newPair(), { path: place.path, separator });
      this.#object(kind, child, { pair, path: "" });
    }
  }

  #object(kind: Kind, both: Both<JsonObject>, place: Place, once = false): void {
    const resolved = kind.referable ? this.#resolve(both, place) : both;
    const isInline = resolved.before === both.before && resolved.after === both.after;
    if (isInline || !kind.shared) this.#fields(kind, resolved, place);
    else place.pair.use(this.#sharedPair(kind, resolved), { path: place.path, once });
  }

  /** The objects that both stand for. Records how the references themselves differ. */
  #resolve(both: Both<JsonObject>, place: Place): Both<JsonObject> {
    const { before, after } = at(both, "$ref");
    if (before === undefined && after === undefined) return both;
    if (before !== after) {
      const particulars = fromTo({ before: nameOf(before), after: nameOf(after) });
      record(place, [{ fact: "reference replaced", particulars }]);
    }
    this.#fields(
      withoutStructure,
      { before: beside(both.before), after: beside(both.after) },
      place,
    );
    return this.#references.resolve(both);
  }

  #sharedPair(kind: Kind, both: Both<JsonObject>): Pair {
    const known = this.#shared.get(both.before) ?? new Map<JsonObject, Pair>();
    this.#shared.set(both.before, known);
    const pair = known.get(both.after) ?? this.#newPair();
    if (!known.has(both.after)) {
      known.set(both.after, pair);
      this.#pending.push(() => this.#fields(kind, both, { pair, path: "" }));
    }
    return pair;
  }

  #newPair(): Pair {
    const pair = new Pair();
    this.#pairs.push(pair);
    return pair;
  }
}

function record({ pair, path }: Place, differences: readonly Difference[] = []): void {
  for (const { fact, particulars = "", place } of differences) {
    pair.differences.push({ fact, what: fact + particulars, path: place ? place(path) : path });
  }
}

/** The difference of a child that is not compared further. */
function differenceOf({ thing, shows, changed }: Children, child: Child): Difference[] {
  const { name, before, after, need } = child;
  const counts = (node: Json | undefined) => isObject(node) || changed !== undefined;
  const particulars = shows ? `: ${show(shows(child))}` : "";
  if (thing && before === undefined && counts(after)) {
    return [{ fact: need ? `${need} ${thing} added` : `${thing} added`, particulars }];
  }
  if (thing && after === undefined && counts(before)) {
    return [{ fact: `${thing} removed`, particulars }];
  }
  if (equal(child)) return [];
  if (thing && areObjects(child)) return [{ fact: `${thing} redefined` }];
  return [{ fact: changed?.(name) ?? "definition changed", particulars: fromTo(child) }];
}

const nameOf = (reference: Json | undefined): Json =>
  typeof reference === "string" ? reference.slice(reference.lastIndexOf("/") + 1) : "inline";

/** The keys beside a `$ref`, which mean nothing in OpenAPI 3.0 (section 4.7.23). */
function beside(node: JsonObject): JsonObject {
  const { $ref, ...rest } = node;
  return $ref === undefined ? {} : rest;
}
