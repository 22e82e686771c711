import { fileURLToPath } from "node:url";
import { Bench } from "tinybench";
import type * as Ours from "../../src/index.js";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** By its file: tsx would find the sources by the name. */
export const loadOurs = (): Promise<typeof Ours> =>
  import(new URL("../../dist/index.mjs", import.meta.url).href);

/** A clock of the processor time of this process, all threads, in milliseconds. */
export const processorTime = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * What each work costs in each round, in milliseconds: the mean of its iterations. A round has every
 * work once, in random order, so that a busy machine and a neighbour's garbage meet all alike. The
 * first quarter of the rounds warms up, and is left out.
 */
export async function measure<Name extends string>(
  works: Readonly<Record<Name, () => unknown>>,
  plan: { readonly rounds: number; readonly iterations: number; readonly clock?: () => number },
): Promise<Record<Name, number[]>> {
  const { rounds, iterations, clock = () => performance.now() } = plan;
  const names = Object.keys(works) as Name[];
  const costs = Object.fromEntries(names.map((name) => [name, [] as number[]]));
  for (let round = -rounds / 4; round < rounds; round++) {
    const bench = new Bench({ iterations, time: 0, warmup: false, throws: true, now: clock });
    for (const name of shuffled(names)) bench.add(name, works[name]);
    for (const { name, result } of await bench.run()) {
      if (round >= 0 && "latency" in result) costs[name]?.push(result.latency.mean);
    }
  }
  return costs as Record<Name, number[]>;
}

const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

export const median = (sample: readonly number[]): number =>
  [...sample].sort((a, b) => a - b)[sample.length >> 1] ?? NaN;

/** How often as large one sample is as another: the median of the ratios within each round. */
export const ratio = (sample: readonly number[], to: readonly number[]): number =>
  median(sample.map((value, round) => value / (to[round] ?? NaN)));

/** Prints a table. */
export function print(title: string, rows: Readonly<Record<string, Record<string, string>>>): void {
  console.log(`\n${title}`);
  console.table(rows);
}
