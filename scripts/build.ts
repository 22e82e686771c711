import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { declarations } from "./build/declarations.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const entries = { index: "src/index.ts", testing: "src/testing/index.ts" };
const out = join(root, "dist");

await rm(out, { recursive: true, force: true });

// One file for each entry, because a file more is a file more to find and read at import.
const shared = {
  absWorkingDir: root,
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  packages: "external",
  sourcemap: true,
} as const;
await build({ ...shared, entryPoints: { index: entries.index }, platform: "neutral" });
await build({ ...shared, entryPoints: { testing: entries.testing }, platform: "node" });

for (const [name, text] of declarations(Object.values(entries))) {
  const path = join(out, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
