import { isObject, type Json, type JsonObject } from "../../../lib/json.js";
import type { Fact } from "../bump-rules.js";
import { keysOf, own, type BothDocuments, type Note } from "./both-documents.js";
import { markUsers, newPair, noteAt, type SchemaPair } from "./schema-pairs.js";
import { fromTo, join, show, step } from "./wording.js";

/** Compares schemas as callers see them: references are followed, order is ignored. */
export class SchemaDifferences {
  readonly #documents: BothDocuments;
  readonly #pairs = new Map<JsonObject, Map<JsonObject, SchemaPair>>();
  readonly #pending: SchemaPair[] = [];

  constructor(documents: BothDocuments) {
    this.#documents = documents;
  }

  compare(before: JsonObject, after: JsonObject): SchemaPair {
    const root = newPair(before, after);
    this.#position(before, after, "", root);
    // A queue, because references can be chained deeper than the stack.
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) {
      this.#keywords(next.before, next.after, "", next);
    }
    return root;
  }

  #position(
    before: Json | undefined,
    after: Json | undefined,
    path: string,
    pair: SchemaPair,
  ): void {
    const note = noteAt(pair, path);
    if (!isObject(before) || !isObject(after)) {
      if (!this.#documents.same(before, after)) note("schema changed", fromTo(before, after));
      return;
    }
    const [x, y] = this.#documents.resolve(before, after, note);
    if (x === before && y === after) this.#keywords(x, y, path, pair);
    else this.#use(pair, path, x, y);
  }

  #use(pair: SchemaPair, path: string, before: JsonObject, after: JsonObject, mapped = false) {
    const known = this.#pairs.get(before) ?? new Map<JsonObject, SchemaPair>();
    this.#pairs.set(before, known);
    const target = known.get(after) ?? newPair(before, after);
    if (!known.has(after)) {
      known.set(after, target);
      this.#pending.push(target);
    }
    pair.uses.push({ pair: target, path, mapped });
    target.usedBy.push(pair);
    if (target.differs) markUsers(pair);
  }

  #keywords(before: JsonObject, after: JsonObject, path: string, pair: SchemaPair): void {
    const note = noteAt(pair, path);
    const keys = keysOf(before, after);
    if (this.#properties(before, after, path, pair)) {
      keys.delete("properties");
      keys.delete("required");
    }
    // Last, because what it maps to is mostly an alternative too, and is said there.
    if (keys.delete("discriminator")) keys.add("discriminator");
    for (const key of keys) {
      const [x, y] = [own(before, key), own(after, key)];
      if (key === "enum" && Array.isArray(x) && Array.isArray(y)) {
        compareEnums(x, y, note);
      } else if (key === "items" && isObject(x) && isObject(y)) {
        this.#position(x, y, `${path}[]`, pair);
      } else if (key === "additionalProperties" && isObject(x) && isObject(y)) {
        this.#position(x, y, join(path, "*"), pair);
      } else if (isComposition(key) && Array.isArray(x) && Array.isArray(y)) {
        this.#composition(key, x, y, path, pair);
      } else if (key === "discriminator" && isObject(x) && isObject(y)) {
        this.#discriminator(x, y, path, pair);
      } else {
        this.#documents.keyword(key, before, after, note);
      }
    }
  }

  /** False where `properties` or `required` is not what OpenAPI has there. */
  #properties(before: JsonObject, after: JsonObject, path: string, pair: SchemaPair): boolean {
    const { properties: had = {} } = before;
    const { properties: has = {} } = after;
    const [needed, needs] = [namesIn(own(before, "required")), namesIn(own(after, "required"))];
    if (!isObject(had) || !isObject(has) || !needed || !needs) return false;

    for (const name of new Set([...keysOf(had, has), ...needed, ...needs])) {
      const at = join(path, step(name));
      const note = noteAt(pair, at);
      const [x, y] = [own(had, name), own(has, name)];
      const removed = x !== undefined && y === undefined;
      const added = x === undefined && y !== undefined;
      if (removed) note("property removed");
      if (added) note(needs.has(name) ? "required property added" : "optional property added");
      if (!added && !needed.has(name) && needs.has(name)) note("now required");
      if (!removed && needed.has(name) && !needs.has(name)) note("no longer required");
      if (x !== undefined && y !== undefined) this.#position(x, y, at, pair);
    }
    return true;
  }

  /** Equal members belong together, whatever their order; the others by position. */
  #composition(key: Composition, before: Json[], after: Json[], path: string, pair: SchemaPair) {
    const place = (index: number) => (key === "allOf" ? path : join(path, `${key}[${index}]`));
    const free = new Map<string, number[]>();
    for (const index of [...after.keys()].reverse()) {
      const text = JSON.stringify(after[index]);
      const indexes = free.get(text);
      if (indexes) indexes.push(index);
      else free.set(text, [index]);
    }
    const partners = before.map((member) => free.get(JSON.stringify(member))?.pop());
    const taken = new Set(partners);
    const rest = [...after.keys()].reverse().filter((index) => !taken.has(index));
    before.forEach((member, index) => {
      const partner = partners[index] ?? rest.pop();
      if (partner !== undefined) this.#position(member, after[partner], place(partner), pair);
      else noteAt(pair, place(index))(memberFact(key, "removed"), `: ${show(member)}`);
    });
    for (const index of rest) {
      noteAt(pair, place(index))(memberFact(key, "added"), `: ${show(after[index])}`);
    }
  }

  #discriminator(before: JsonObject, after: JsonObject, path: string, pair: SchemaPair): void {
    const note = noteAt(pair, path);
    for (const key of keysOf(before, after)) {
      const [x, y] = [own(before, key), own(after, key)];
      if (key === "mapping" && isObject(x) && isObject(y)) this.#mapping(x, y, path, pair);
      else this.#documents.keyword(key, before, after, note);
    }
  }

  #mapping(before: JsonObject, after: JsonObject, path: string, pair: SchemaPair): void {
    const documents = this.#documents;
    for (const name of keysOf(before, after)) {
      const [from, to] = [own(before, name), own(after, name)];
      const at = join(path, `discriminator[${step(name)}]`);
      if (from !== to) noteAt(pair, at)("mapping changed", fromTo(from, to));
      else if (typeof from === "string") {
        const reference = from.startsWith("#") ? from : `#/components/schemas/${from}`;
        const old = documents.before.component(reference);
        const now = documents.after.component(reference);
        if (!old || !now) continue;
        this.#use(pair, at, documents.before.resolve(old), documents.after.resolve(now), true);
      }
    }
  }
}

type Composition = "allOf" | "anyOf" | "oneOf";

const isComposition = (key: string): key is Composition =>
  key === "allOf" || key === "anyOf" || key === "oneOf";

const memberFact = (key: Composition, change: "added" | "removed"): Fact =>
  key === "allOf" ? `allOf part ${change}` : `alternative ${change}`;

const namesIn = (names: Json = []): Set<string> | undefined => {
  if (!Array.isArray(names)) return undefined;
  const strings = names.filter((name) => typeof name === "string");
  return strings.length === names.length ? new Set(strings) : undefined;
};

function compareEnums(before: Json[], after: Json[], note: Note): void {
  const [old, now] = [before, after].map(
    (values) => new Map(values.map((v) => [JSON.stringify(v), v])),
  );
  for (const [text, value] of old ?? []) {
    if (!now?.has(text)) note("enum value removed", `: ${show(value)}`);
  }
  for (const [text, value] of now ?? []) {
    if (!old?.has(text)) note("enum value added", `: ${show(value)}`);
  }
}
