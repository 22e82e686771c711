import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { rollup } from "rollup";
import { dts, type Options } from "rollup-plugin-dts";
import { refuseUncompiled } from "./compile.ts";

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const MAIN = "src/index.ts";
const TESTING = "src/testing/index.ts";
/** What is bundled in each format: name of the file → source. */
const ENTRIES = {
  esm: { index: MAIN, testing: TESTING, cli: "src/cli/main.ts" },
  cjs: { main: MAIN, testing: TESTING },
};

/** Packages that become a part of this one: their code, their types and their licences. */
const BUNDLED = ["openapi-fetch", "openapi-typescript-helpers"];

/** Names of files, and what they hold. */
type Files = Readonly<Record<string, string>>;

/** Builds into a folder, and leaves nothing else in it. */
export async function writeBuild(folder: string): Promise<void> {
  // What the compiler says of wrong sources is of more use than what the bundlers do.
  await refuseUncompiled(ROOT);
  const files = await buildAll();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

async function buildAll(): Promise<Files> {
  const types = Object.entries(await declarations(ROOT, { includeExternal: BUNDLED }));
  const cjs = await bundleCode("cjs");
  const [, names] = /^0 && \(module\.exports = (\{[^}]+\})/m.exec(cjs["main.cjs"] ?? "") ?? [];
  return {
    ...cjs,
    ...(await bundleCode("esm")),
    // Node reads the names of a CommonJS file before it runs it, and here faster than in the whole.
    "index.cjs": `module.exports = require("./main.cjs");\n0 && (module.exports = ${names});\n`,
    // For the condition `module`, which bundlers know and Node does not: static names.
    "index.mjs": `export ${names} from "./index.cjs";\n`,
    ...Object.fromEntries(types.map(([name, text]) => [`${name}.d.ts`, text])),
    ...Object.fromEntries(types.map(([name, text]) => [`${name}.d.cts`, text])),
    "THIRD-PARTY.txt": await thirdPartyLicences(),
  };
}

/** Each entry in one file, with its source map: a further file would cost the import time. */
export async function bundleCode(format: "cjs" | "esm"): Promise<Files> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES[format],
    // A source map names its sources relative to this place in the package.
    outdir: "dist",
    outExtension: { ".js": format === "cjs" ? ".cjs" : ".js" },
    bundle: true,
    platform: "node",
    format,
    target: "es2022",
    sourcemap: true,
    plugins: [leanManifest],
    write: false,
    logLevel: "silent",
  });
  // Only comments of others hold more than ASCII, and with it V8 reads a file more slowly.
  const ascii = (text: string) => text.replace(/[^\0-\x7f]/g, "'");
  return Object.fromEntries(outputFiles.map(({ path, text }) => [basename(path), ascii(text)]));
}

/** Keeps no more of package.json in a bundle than the source reads. */
const leanManifest: Plugin = {
  name: "lean manifest",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]package\.json$/ }, async ({ path }) => {
      const { name, version } = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify({ name, version }), loader: "json" };
    });
  },
};

/** The declarations of all entries for review: without comments, and without openapi-fetch's own. */
export async function publicTypes(root: string): Promise<string> {
  const types = await declarations(root, { compilerOptions: { removeComments: true } });
  const sections = Object.entries(types).map(([name, text]) => `// ${name}\n\n${text}`);
  return sections.join("\n");
}

/** Each entry's declarations in one text, without those marked `@internal`. */
async function declarations(root: string, options: Options): Promise<Files> {
  const tsconfig = join(root, "tsconfig.json");
  const compilerOptions = { stripInternal: true, ...options.compilerOptions };
  const bundled = await rollup({
    input: { index: join(root, MAIN), testing: join(root, TESTING) },
    external: /^node:/,
    plugins: [dts({ ...options, tsconfig, compilerOptions })],
    onLog(_, { message }) {
      throw new Error(message);
    },
  });
  // The bundler drops the references that a source has. A consumer may have chosen no such library.
  const library = '/// <reference lib="esnext.disposable" preserve="true" />\n';
  const { output } = await bundled.generate({
    banner: ({ name }) => (name === "testing" ? library : ""),
  });
  return Object.fromEntries(output.map((it) => [it.name, it.type === "chunk" ? it.code : ""]));
}

async function thirdPartyLicences(): Promise<string> {
  const sections = BUNDLED.map(async (name) => {
    // In a workspace, it is installed above this folder.
    const read = (file: string) =>
      readFile(new URL(import.meta.resolve(`${name}/${file}`)), "utf8");
    const { version, license } = JSON.parse(await read("package.json"));
    return `${name} ${version} (${license})\n\n${(await read("LICENSE")).trim()}\n`;
  });
  const head = "This package holds code and types of the following packages.\n";
  return [head, ...(await Promise.all(sections))].join("\n---\n\n");
}
