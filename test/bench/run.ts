import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const all = ["calls", "loopback", "size", "import-time", "generate"];

/** Links the package and its peers into a folder of a consumer. */
function linkInto(folder: string, root: string): void {
  const peers = ["openapi-fetch", "@makehq/sdk"];
  const links = peers.map((it) => [it, join(HERE, "../../node_modules", it)] as const);
  for (const [name, target] of [["make-api-tokens", root] as const, ...links]) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link, "junction");
  }
  // By its file: tsx would find the sources of this checkout by the name.
  const script = 'console.log(import.meta.resolve("make-api-tokens"))';
  const args = ["--input-type=module", "--eval", script];
  const url = execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).trim();
  writeFileSync(join(folder, "ours.mjs"), `export * from "${url}";`);
}

// `npm run bench` runs every part, or those that are named, each in a process of its own, so that
// nothing that one warms up or leaves is the next one's. `--root` measures the package of another
// checkout, in which `npm ci` has run.
const { values, positionals } = parseArgs({
  options: { root: { type: "string", default: join(HERE, "../..") } },
  allowPositionals: true,
});
const root = resolve(values.root);
execFileSync("npm", ["run", "-s", "build"], { cwd: root, stdio: "inherit" });
const consumer = mkdtempSync(join(tmpdir(), "bench-"));
try {
  linkInto(consumer, root);
  for (const part of positionals.length > 0 ? positionals : all) {
    const args = ["--import", import.meta.resolve("tsx"), join(HERE, `${part}.ts`)];
    const env = { ...process.env, BENCH_ROOT: root, BENCH_CONSUMER: consumer };
    execFileSync(process.execPath, args, { stdio: "inherit", env });
  }
} finally {
  rmSync(consumer, { recursive: true });
}
