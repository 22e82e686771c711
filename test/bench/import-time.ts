import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CONSUMER, measure, median, print } from "./measure.js";

const run = promisify(execFile);

/** A fresh process says what it has cost once it has imported a module, in milliseconds. */
const start = (imported: string, clock: string) => async () => {
  const script = `${imported}; console.log(${clock})`;
  const args = ["--input-type=module", "--eval", script];
  const { stdout } = await run(process.execPath, args, { cwd: CONSUMER });
  return { overriddenDuration: Number(stdout) };
};

const CLOCKS = {
  "processor, ms": "(({ user, system }) => (user + system) / 1000)(process.cpuUsage())",
  "time, ms": "performance.now()",
};
const EMPTY = "an empty script";
const NAMES = ["openapi-fetch", "make-api-tokens", "@makehq/sdk"];

const rows: Record<string, Record<string, string>> = {};
for (const [column, clock] of Object.entries(CLOCKS)) {
  const works = NAMES.map((name) => [name, start(`import ${JSON.stringify(name)}`, clock)]);
  const all = { [EMPTY]: start("", clock), ...Object.fromEntries(works) };
  const costs = await measure(all, { rounds: 40, iterations: 1 });
  for (const name of NAMES) {
    const more = median(costs[name] ?? []) - median(costs[EMPTY] ?? []);
    rows[name] = { ...rows[name], [column]: more.toFixed(1) };
  }
}
print("the import of the main entry, more than an empty script", rows);
