/** What one call costs, in microseconds: of processor time, all threads of this process, and of time. */
export interface Cost {
  readonly cpu: number;
  readonly wall: number;
}

export type Work = () => Promise<unknown>;

export interface Plan {
  readonly rounds: number;
  /** Calls of each work in a round. */
  readonly calls: number;
  /** How many of them at a time. Default: 1. */
  readonly atOnce?: number;
}

/**
 * The costs of each work in each round, after a quarter as many rounds to warm up. A round has every
 * work once, in random order, so that a busy machine and a neighbour's garbage meet all alike.
 */
export async function measure<Name extends string>(
  works: Readonly<Record<Name, Work>>,
  { rounds, calls, atOnce = 1 }: Plan,
): Promise<Record<Name, Cost[]>> {
  const names = Object.keys(works) as Name[];
  const costs = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    Cost[]
  >;
  for (let round = -rounds / 4; round < rounds; round++) {
    for (const name of shuffled(names)) {
      const cost = await costOf(works[name], calls, atOnce);
      if (round >= 0) costs[name].push(cost);
    }
  }
  return costs;
}

async function costOf(work: Work, calls: number, atOnce: number): Promise<Cost> {
  let left = calls;
  const caller = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  const before = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: atOnce }, caller));
  const wall = (performance.now() - start) * 1000;
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / calls, wall: wall / calls };
}

export function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

export const cpu = (costs: readonly Cost[]): number[] => costs.map((it) => it.cpu);
export const wall = (costs: readonly Cost[]): number[] => costs.map((it) => it.wall);

/** The value that this share of the sample does not exceed. */
export function quantile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)] ?? NaN;
}

export const median = (sample: readonly number[]): number => quantile(sample, 0.5);

/** How often as large one sample is as another: the median of the ratios within each round. */
export const ratio = (sample: readonly number[], to: readonly number[]): number =>
  median(sample.map((value, round) => value / (to[round] ?? NaN)));
