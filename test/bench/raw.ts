import createClient from "openapi-fetch";
import type { paths } from "../../generated/paths.js";
import { CREATED, stubFetch } from "./answers.js";
import { loadOurs, measure, median, print, processorTime, ratio } from "./measure.js";

stubFetch();
const baseUrl = "https://eu1.make.com/api/v2";
const token = "7615989d-d213-48dc-b625-27133ae3f1a8";
const { createMakeClient } = await loadOurs();
const { raw } = createMakeClient({ baseUrl, token });
const bare = createClient<paths>({ baseUrl, headers: { Authorization: `Token ${token}` } });

const PATH = "/users/me/api-tokens";
const body = { label: "ci", scope: ["user:read"] };
const params = { path: { timestamp: CREATED } };

const CALLS: Readonly<Record<string, (client: typeof bare) => () => Promise<unknown>>> = {
  "a list of 20 tokens": (client) => () => client.GET(PATH),
  "a delete": (client) => () => client.DELETE(`${PATH}/{timestamp}`, { params }),
  "a create that is refused": (client) => () => client.POST(PATH, { body }),
};

const rows: [string, Record<string, string>][] = [];
for (const [call, work] of Object.entries(CALLS)) {
  const works = { raw: work(raw), bare: work(bare) };
  const costs = await measure(works, { rounds: 400, iterations: 100, clock: processorTime });
  rows.push([
    call,
    {
      "raw, processor µs": (1000 * median(costs.raw)).toFixed(1),
      "openapi-fetch, processor µs": (1000 * median(costs.bare)).toFixed(1),
      "× openapi-fetch": ratio(costs.raw, costs.bare).toFixed(2),
    },
  ]);
}
print("raw, fetch stubbed", Object.fromEntries(rows));
