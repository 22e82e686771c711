import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { OURS } from "./clients.js";
import { openConsumer } from "./consumer.js";
import { type Cost, cpu, median, shuffled, wall } from "./measure.js";
import { digits, print, type Row } from "./table.js";

await using consumer = await openConsumer();

const run = promisify(execFile);
const REPORT =
  "const { user, system } = process.cpuUsage(); console.log(user + system, now * 1000)";

/** What a fresh process has cost, in microseconds, once it has imported the module. */
async function start(name: string): Promise<Cost> {
  const lines = [name && `import ${JSON.stringify(name)}`, "const now = performance.now()", REPORT];
  const args = ["--input-type=module", "--eval", lines.join(";")];
  const { stdout } = await run(process.execPath, args, { cwd: consumer.folder });
  const [cpu = NaN, wall = NaN] = stdout.split(" ").map(Number);
  return { cpu, wall };
}

const EMPTY = "";
const names = [EMPTY, "openapi-fetch", OURS, "@makehq/sdk", "ky", "axios"];
const costs = new Map(names.map((name) => [name, [] as Cost[]]));
for (let round = -2; round < 40; round++) {
  for (const name of shuffled(names)) {
    const cost = await start(name);
    if (round >= 0) costs.get(name)?.push(cost);
  }
}

const milliseconds = (name: string, of: (costs: Cost[]) => number[]): number =>
  median(of(costs.get(name) ?? [])) / 1000;
print(
  "import of the main entry, ms more than an empty script",
  ["processor", "time"],
  names.slice(1).map((name): Row => {
    const more = [cpu, wall].map((of) => milliseconds(name, of) - milliseconds(EMPTY, of));
    return [name, ...more.map((it) => digits(it, 1))];
  }),
);
