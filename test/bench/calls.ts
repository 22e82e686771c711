import { CREATED, stubFetch } from "./answers.js";
import { connect, names, type Tokens } from "./clients.js";
import { measure, median, print, processorTime, ratio } from "./measure.js";

stubFetch();
const clients = await connect({ baseUrl: "https://eu1.make.com/api/v2", token: "a-token" });

const CALLS: Readonly<Record<string, (tokens: Tokens) => Promise<unknown>>> = {
  "list of 20 tokens": (tokens) => tokens.list(),
  delete: (tokens) => tokens.delete(CREATED),
};

for (const [call, work] of Object.entries(CALLS)) {
  const works = Object.fromEntries(names.map((name) => [name, () => work(clients[name])]));
  const costs = await measure(works, { rounds: 400, iterations: 100, clock: processorTime });
  const rows = Object.entries(costs).map(([name, cost]) => [
    name,
    {
      "processor, µs": (1000 * median(cost)).toFixed(1),
      "× openapi-fetch": ratio(cost, costs["openapi-fetch"] ?? []).toFixed(2),
      "× @makehq/sdk": ratio(cost, costs["@makehq/sdk"] ?? []).toFixed(2),
    },
  ]);
  print(`${call}, fetch stubbed`, Object.fromEntries(rows));
}
