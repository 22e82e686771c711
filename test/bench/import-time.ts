import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { measure, median, print, ROOT } from "./measure.js";

const run = promisify(execFile);
const NAMES = ["openapi-fetch", "make-api-tokens", "@makehq/sdk"];

/** A fresh process says what it has cost once it has imported a module, or nothing, in ms. */
const start = (name: string) => async () => {
  const imported = name && `import ${JSON.stringify(name)};`;
  const script = `${imported} const { user, system } = process.cpuUsage(); console.log(user + system)`;
  const args = ["--input-type=module", "--eval", script];
  const { stdout } = await run(process.execPath, args, { cwd: ROOT });
  return { overriddenDuration: Number(stdout) / 1000 };
};

const works = Object.fromEntries(["", ...NAMES].map((name) => [name, start(name)]));
const costs = await measure(works, { rounds: 40, iterations: 1 });
const more = (name: string): number => median(costs[name] ?? []) - median(costs[""] ?? []);
const rows = NAMES.map((name) => [name, { "processor, ms": more(name).toFixed(1) }]);
print("the import of the main entry, more than an empty script", Object.fromEntries(rows));
