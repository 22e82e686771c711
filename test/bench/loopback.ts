import { connect, names } from "./clients.js";
import { measure, median, print, processorTime, ratio } from "./measure.js";
import { serve } from "./server.js";

using zone = await serve();
const clients = await connect(zone);
/** Calls of each work. */
const CALLS = 64;

for (const atOnce of [1, CALLS]) {
  const works = Object.fromEntries(
    names.map((name) => {
      const call = async (): Promise<void> => {
        for (let left = CALLS / atOnce; left > 0; left--) await clients[name].list();
      };
      return [name, () => Promise.all(Array.from({ length: atOnce }, call))];
    }),
  );
  const times = await measure(works, { rounds: 200, iterations: 1 });
  const costs = await measure(works, { rounds: 100, iterations: 1, clock: processorTime });
  const bare = times["bare fetch"] ?? [];
  const rows = names.map((name) => {
    const [time = [], cost = []] = [times[name], costs[name]];
    return [
      name,
      {
        "calls/s": ((1000 * CALLS) / median(time)).toFixed(0),
        "% of bare fetch": (100 * ratio(bare, time)).toFixed(1),
        "processor, µs": ((1000 * median(cost)) / CALLS).toFixed(1),
        "× bare fetch": ratio(cost, costs["bare fetch"] ?? []).toFixed(2),
      },
    ];
  });
  print(`lists over loopback, ${atOnce} at a time`, Object.fromEntries(rows));
}
