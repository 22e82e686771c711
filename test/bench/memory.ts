import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type * as Ours from "../../src/index.js";
import { serve } from "./serve.js";
import { digits, print, type Row } from "./table.js";

const url = new URL("../../dist/index.js", import.meta.url).href;
const { createMakeClient } = (await import(url)) as typeof Ours;
setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

using zone = await serve("zone");
const { apiTokens } = createMakeClient(zone);

const STEP = 20_000;
const STEPS = 5;

/** A list; and now and then a token comes and goes. */
async function call(at: number): Promise<void> {
  if (at % 100 > 1) await apiTokens.list();
  else if (at % 100 === 1) {
    const { created } = await apiTokens.create({ label: `number ${at}`, scope: ["user:read"] });
    await apiTokens.delete(created);
  }
}

/** Bytes in use once all that can be collected is. */
async function heap(): Promise<number> {
  for (let times = 0; times < 5; times++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}

const heaps: number[] = [];
for (let step = 0; step < STEPS; step++) {
  for (let at = 0; at < STEP; at++) await call(at);
  heaps.push(await heap());
}

print(
  "calls against the fake zone",
  ["heap, kB"],
  heaps.map((bytes, step): Row => [digits((step + 1) * STEP, 0), digits(bytes / 1000, 0)]),
);
const [first = NaN, last = NaN] = [heaps[0], heaps.at(-1)];
console.log(`${digits((last - first) / (STEP * (STEPS - 1)), 2)} bytes a call\n`);
