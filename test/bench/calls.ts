import { CREATED, DELETED, HEADERS, LIST } from "./answers.js";
import { connect, type Name, names } from "./clients.js";
import { cpu, measure, median, quantile, ratio, wall } from "./measure.js";
import { digits, print, type Row } from "./table.js";

// Before the peers are loaded: some keep the fetch that they find.
globalThis.fetch = async (input, init) => {
  const method = init?.method ?? (input instanceof Request ? input.method : "GET");
  return new Response(method === "DELETE" ? DELETED : LIST, { headers: HEADERS });
};
const tokens = await connect({ baseUrl: "https://eu1.make.com/api/v2", token: "a-token" });

const works = {
  "list of 20 tokens": (name: Name) => () => tokens[name].list(),
  delete: (name: Name) => () => tokens[name].delete(CREATED),
};

for (const [call, work] of Object.entries(works)) {
  const all = Object.fromEntries(names.map((name) => [name, work(name)])) as Record<
    Name,
    () => Promise<unknown>
  >;
  // Short rounds: a few milliseconds for each peer, less than the machine's mood lasts.
  const costs = await measure(all, { rounds: 400, calls: 100 });
  print(
    `${call}, fetch stubbed: µs`,
    ["processor", "best", "time", "× by hand", "× openapi-fetch", "× @makehq/sdk"],
    names.map((name): Row => {
      const used = cpu(costs[name]);
      return [
        name,
        digits(median(used), 1),
        digits(quantile(used, 0), 1),
        digits(median(wall(costs[name])), 1),
        digits(ratio(used, cpu(costs["by hand"])), 2),
        digits(ratio(used, cpu(costs["openapi-fetch"])), 2),
        digits(ratio(used, cpu(costs["@makehq/sdk"])), 2),
      ];
    }),
  );
}
