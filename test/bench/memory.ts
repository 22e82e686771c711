import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { loadOurs, print } from "./measure.js";
import { serve } from "./server.js";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

using zone = await serve("zone");
const { createMakeClient } = await loadOurs();
const { apiTokens } = createMakeClient(zone);
const STEP = 20_000;
const STEPS = 5;

/** A list; and now and then a token comes and goes. */
async function call(at: number): Promise<void> {
  if (at % 100 > 0) return void (await apiTokens.list());
  const { created } = await apiTokens.create({ label: `number ${at}`, scope: ["user:read"] });
  await apiTokens.delete(created);
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
const rows = heaps.map((bytes, step) => [
  (step + 1) * STEP,
  { "heap, kB": (bytes / 1000).toFixed(0) },
]);
print("calls against the fake zone", Object.fromEntries(rows));
const [first = NaN, last = NaN] = [heaps[0], heaps.at(-1)];
console.log(`${((last - first) / (STEP * (STEPS - 1))).toFixed(2)} bytes a call`);
