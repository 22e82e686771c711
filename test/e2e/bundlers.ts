import { readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Checks } from "./checks.js";
import { run } from "./commands.js";
import { NODE } from "./managers.js";
import { NAME, PINS } from "./paths.js";
import type { Workplace } from "./workplace.js";

const ENTRY = `import { createMakeClient, MakeError } from "${NAME}";
console.log(createMakeClient({ zone: "eu1", token: "not-a-secret" }).zone, MakeError.name);
`;

const resolve = (name: string): string =>
  JSON.stringify(createRequire(join(PINS, "package.json")).resolve(name));

/** Scripts that bundle `entry.mjs`, minified where the bundler minifies, into a folder. */
export const BUNDLERS: Readonly<Record<string, (to: string) => string>> = {
  Vite: (to) => `
    const { build } = await import(${resolve("vite")});
    const input = "entry.mjs";
    await build({ configFile: false, logLevel: "silent", build: {
      outDir: "${to}", modulePreload: false, rolldownOptions: { input } } });`,
  webpack: (to) => `
    const { default: webpack } = await import(${resolve("webpack")});
    const output = { path: process.cwd() + "/${to}" };
    await new Promise((done, fail) => webpack(
      { mode: "production", entry: "./entry.mjs", output },
      (error, stats) => error || stats.hasErrors() ? fail(error ?? stats.toString()) : done()));`,
  Rollup: (to) => `
    const { rollup } = await import(${JSON.stringify(import.meta.resolve("rollup"))});
    const { nodeResolve } = await import(${resolve("@rollup/plugin-node-resolve")});
    const bundle = await rollup({ input: "entry.mjs", plugins: [nodeResolve({ browser: true })] });
    await bundle.write({ dir: "${to}", entryFileNames: "[name].mjs" });`,
  esbuild: (to) => `
    const { build } = await import(${JSON.stringify(import.meta.resolve("esbuild"))});
    await build({ entryPoints: ["entry.mjs"], bundle: true, minify: true, format: "esm",
      outdir: "${to}", outExtension: { ".js": ".mjs" } });`,
};

async function bundleAndRun(name: string, folder: string, { env }: Workplace): Promise<void> {
  const script = BUNDLERS[name]?.(name) ?? "";
  await writeFile(join(folder, "entry.mjs"), ENTRY);
  await writeFile(join(folder, `${name}.mjs`), script);
  await run(NODE, [`${name}.mjs`], { cwd: folder, env });
  const files = await readdir(join(folder, name), { recursive: true });
  const [bundle, ...others] = files.filter((it) => /\.m?js$/.test(it));
  if (!bundle || others.length > 0) throw new Error(`it wrote ${files.join(", ")}`);
  const printed = await run(NODE, [join(name, bundle)], { cwd: folder, env });
  if (printed.trim() !== "eu1 MakeError") throw new Error(printed);
}

/** A consumer, bundled for browsers by each bundler, is one file that runs. */
export async function checkBundlers(
  checks: Checks,
  folder: string,
  workplace: Workplace,
): Promise<void> {
  for (const name of Object.keys(BUNDLERS)) {
    await checks.check(`bundled by ${name}`, () => bundleAndRun(name, folder, workplace));
  }
}
