import { connect, names } from "./clients.js";
import { cpu, measure, median, ratio, wall } from "./measure.js";
import { serve } from "./serve.js";
import { digits, print, type Row } from "./table.js";

using zone = await serve("lists");
const tokens = await connect(zone);

for (const atOnce of [1, 64]) {
  const works = Object.fromEntries(names.map((name) => [name, () => tokens[name].list()]));
  const costs = await measure(works, { rounds: 200, calls: 64, atOnce });
  const bare = costs["bare fetch"] ?? [];
  const byHand = costs["by hand"] ?? [];
  print(
    `lists over loopback, ${atOnce} at a time`,
    ["calls/s", "% of bare fetch", "% of by hand", "processor, µs", "× bare fetch"],
    names.map((name): Row => {
      const own = costs[name] ?? [];
      return [
        name,
        digits(1e6 / median(wall(own)), 0),
        digits(100 * ratio(wall(bare), wall(own)), 1),
        digits(100 * ratio(wall(byHand), wall(own)), 1),
        digits(median(cpu(own)), 1),
        digits(ratio(cpu(own), cpu(bare)), 2),
      ];
    }),
  );
}
