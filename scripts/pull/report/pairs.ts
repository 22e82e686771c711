import type { Fact } from "./bump-rules.js";
import { join } from "./wording.js";

export interface PlacedDifference {
  readonly fact: Fact;
  /** The fact and its particulars. */
  readonly what: string;
  /** From the root of its pair, such as `apiTokens[].label`. */
  readonly path: string;
}

/** Two nodes that are compared, and the pairs that they refer to. */
export class Pair {
  readonly differences: PlacedDifference[] = [];
  readonly uses: Use[] = [];
  readonly usedBy: Pair[] = [];

  use(pair: Pair, use: Omit<Use, "pair">): Pair {
    this.uses.push({ pair, ...use });
    pair.usedBy.push(this);
    return pair;
  }
}

interface Use {
  readonly pair: Pair;
  readonly path: string;
  readonly separator?: string;
  /** Not shown again, if its pair was shown before. */
  readonly once?: boolean;
}

interface Visit extends Use {
  readonly from: Visit | undefined;
}

/** The pairs that differ, in themselves or in what they refer to. */
export function differing(pairs: readonly Pair[]): Set<Pair> {
  const found = new Set(pairs.filter(({ differences }) => differences.length > 0));
  for (const pair of found) pair.usedBy.forEach((user) => found.add(user));
  return found;
}

/**
 * In one body, a component that is used again is followed again this often; after that its first
 * place speaks for the others, because places can be exponentially many.
 */
const repeatsShown = 20;

/** Every difference at and below a pair, nearest first. */
export function* differencesBelow(
  root: Pair,
  pairs: ReadonlySet<Pair>,
): Generator<PlacedDifference> {
  const shown = new Set<Pair>();
  let repeats = 0;
  const visits: Visit[] = [{ pair: root, path: "", from: undefined }];
  for (const visit of visits) {
    const { pair, path } = visit;
    if (!pairs.has(pair)) continue;
    if (shown.has(pair)) {
      if (visit.once || repeats === repeatsShown || isInside(visit)) continue;
      repeats += 1;
    }
    shown.add(pair);
    for (const difference of pair.differences) {
      yield { ...difference, path: join(path, difference.path) };
    }
    for (const use of pair.uses) {
      visits.push({ ...use, path: join(path, use.path), from: visit });
    }
  }
}

function isInside({ pair, from }: Visit): boolean {
  for (let outer = from; outer !== undefined; outer = outer.from) {
    if (outer.pair === pair) return true;
  }
  return false;
}
