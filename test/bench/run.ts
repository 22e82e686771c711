import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { installPeers } from "./install.js";

/** Runs a script in a process of its own, so that nothing that it warms up or leaves is the next one's. */
function run(path: string): void {
  const script = fileURLToPath(new URL(path, import.meta.url));
  execFileSync(process.execPath, ["--import", import.meta.resolve("tsx"), script], {
    stdio: "inherit",
  });
}

await installPeers();
run("../../scripts/build.ts");
const all = ["calls", "loopback", "size", "import-time", "types", "memory", "generate"];
const chosen = process.argv.slice(2);
for (const name of chosen.length > 0 ? chosen : all) run(`${name}.ts`);
