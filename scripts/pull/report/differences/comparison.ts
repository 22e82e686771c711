import { isObject, type Json, type JsonObject } from "../../../lib/json.js";
import { BothDocuments, keysOf, own, sameText, type Note } from "./both-documents.js";
import type { Direction, Fact } from "../bump-rules.js";
import { differencesBelow, type SchemaPair } from "./schema-pairs.js";
import { SchemaDifferences } from "./schema.js";
import { fromTo } from "./wording.js";

export interface Difference {
  fact: Fact;
  /** Continues the fact's words, such as " from string to integer". */
  particulars: string;
  where: string;
  direction: Direction;
}

/** Compares what a key holds in both documents; false where it is not what OpenAPI has there. */
export type Compare = (before: Json | undefined, after: Json | undefined) => boolean;

/** Collects the differences. Whatever no part of the walk takes up is noted by `fields`. */
export class Comparison {
  readonly documents: BothDocuments;
  readonly #sameComponents: boolean;
  readonly #schemas: SchemaDifferences;
  readonly #found: Difference[] = [];
  readonly #places: { pair: SchemaPair; at: (path: string) => string; direction: Direction }[] = [];

  constructor(before: JsonObject, after: JsonObject) {
    this.documents = new BothDocuments(before, after);
    this.#sameComponents = sameText(own(before, "components"), own(after, "components"));
    this.#schemas = new SchemaDifferences(this.documents);
  }

  /** Spares the walk through what is equal, which mostly is most of a document. */
  unchanged(before: Json | undefined, after: Json | undefined): boolean {
    return this.#sameComponents && sameText(before, after);
  }

  noteAt(where: string, direction: Direction): Note {
    return (fact, particulars = "") => this.#found.push({ fact, particulars, where, direction });
  }

  /** Compares every key: by what `part` has for it, otherwise as a value without structure. */
  fields(
    before: Json = {},
    after: Json = {},
    note: Note,
    part: (key: string) => Compare | undefined = () => undefined,
  ): boolean {
    if (!isObject(before) || !isObject(after)) return false;
    for (const key of keysOf(before, after)) {
      const understood = part(key)?.(own(before, key), own(after, key));
      if (!understood) this.documents.keyword(key, before, after, note);
    }
    return true;
  }

  schema(
    before: Json | undefined,
    after: Json | undefined,
    direction: Direction,
    at: (path: string) => string,
  ): boolean {
    if (!isObject(before) || !isObject(after)) return false;
    this.#places.push({ pair: this.#schemas.compare(before, after), at, direction });
    return true;
  }

  differences(): Difference[] {
    const inSchemas = this.#places.flatMap(({ pair, at, direction }) =>
      [...differencesBelow(pair)].map(({ path, ...difference }) => ({
        ...difference,
        where: at(path),
        direction,
      })),
    );
    return [...this.#found, ...inSchemas];
  }
}

/** The comparison of a key with fixed fields. */
export const fixed =
  (parts: { readonly [key: string]: Compare }) =>
  (key: string): Compare | undefined =>
    Object.hasOwn(parts, key) ? parts[key] : undefined;

/** Compares what is there in both documents, and says what was added or removed. */
export const named =
  (
    note: Note,
    added: (node: JsonObject) => Fact,
    removed: Fact,
    compare: (before: JsonObject, after: JsonObject) => void,
    particulars?: string,
  ): Compare =>
  (before, after) => {
    if (before === undefined && isObject(after)) note(added(after), particulars);
    else if (isObject(before) && after === undefined) note(removed, particulars);
    else if (isObject(before) && isObject(after)) compare(before, after);
    else if (!sameText(before, after)) note("definition changed", fromTo(before, after));
    return true;
  };

/** A list as a map; undefined where an item is no object, has no key, or not a key of its own. */
export function keyed(
  list: Json = [],
  keyOf: (item: JsonObject) => string | undefined,
): Map<string, JsonObject> | undefined {
  const map = new Map<string, JsonObject>();
  if (!Array.isArray(list)) return undefined;
  for (const item of list) {
    const key = isObject(item) ? keyOf(item) : undefined;
    if (key === undefined || !isObject(item) || map.has(key)) return undefined;
    map.set(key, item);
  }
  return map;
}
