import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const all = ["calls", "loopback", "size", "import-time", "generate"];
const named = process.argv.slice(2);

// `npm run bench` runs every part, or those that are named, each in a process of its own, so that
// nothing that one warms up or leaves is the next one's.
execFileSync("npm", ["run", "-s", "build"], { stdio: "inherit" });
for (const part of named.length > 0 ? named : all) {
  const file = fileURLToPath(new URL(`${part}.ts`, import.meta.url));
  execFileSync(process.execPath, ["--import", "tsx", file], { stdio: "inherit" });
}
