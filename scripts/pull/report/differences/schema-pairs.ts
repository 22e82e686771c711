import type { JsonObject } from "../../../lib/json.js";
import type { Fact } from "../bump-rules.js";
import type { Note } from "./both-documents.js";
import { join } from "./wording.js";

export interface SchemaDifference {
  fact: Fact;
  particulars: string;
  /** From the schema's root, such as `apiTokens[].label`. */
  path: string;
}

/** An old and a new schema, compared once, however many places refer to them. */
export interface SchemaPair {
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly differences: SchemaDifference[];
  readonly uses: { pair: SchemaPair; path: string; mapped: boolean }[];
  readonly usedBy: SchemaPair[];
  /** Here, or in what this refers to. */
  differs: boolean;
}

interface Visit {
  pair: SchemaPair;
  path: string;
  mapped: boolean;
  from: Visit | undefined;
}

/**
 * In one body, a component that is used again is followed again this often; after that its first
 * place speaks for the others, because places can be exponentially many.
 */
const repeatsShown = 20;

/** Every difference at and below a pair, nearest first. Complete once all pairs are compared. */
export function* differencesBelow(root: SchemaPair): Generator<SchemaDifference> {
  const seen = new Set<SchemaPair>();
  let repeats = 0;
  const visits: Visit[] = [{ pair: root, path: "", mapped: false, from: undefined }];
  for (const visit of visits) {
    const { pair, path } = visit;
    if (!pair.differs) continue;
    if (seen.has(pair)) {
      if (visit.mapped || repeats === repeatsShown || isInside(visit)) continue;
      repeats += 1;
    }
    seen.add(pair);
    for (const difference of pair.differences) {
      yield { ...difference, path: join(path, difference.path) };
    }
    for (const use of pair.uses) {
      visits.push({ ...use, path: join(path, use.path), from: visit });
    }
  }
}

export const newPair = (before: JsonObject, after: JsonObject): SchemaPair => ({
  before,
  after,
  differences: [],
  uses: [],
  usedBy: [],
  differs: false,
});

export const noteAt =
  (pair: SchemaPair, path: string): Note =>
  (fact, particulars = "") => {
    pair.differences.push({ fact, particulars, path });
    markUsers(pair);
  };

/** Marks a pair, and all that leads to it, as one with differences. */
export function markUsers(pair: SchemaPair): void {
  const pending = [pair];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.differs) continue;
    next.differs = true;
    for (const user of next.usedBy) pending.push(user);
  }
}

function isInside({ pair, from }: Visit): boolean {
  for (let outer = from; outer !== undefined; outer = outer.from) {
    if (outer.pair === pair) return true;
  }
  return false;
}
