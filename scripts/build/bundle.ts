import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type OutputFile, type Plugin } from "esbuild";
import { rollup } from "rollup";
import { dts, type Options } from "rollup-plugin-dts";
import { refuseUncompiled } from "./compile.ts";

const require = createRequire(import.meta.url);

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A module that is published under its own name. */
export interface Entry {
  readonly name: string;
  /** Relative to the root. */
  readonly source: string;
}

export const MAIN: Entry = { name: "index", source: "src/index.ts" };
export const TESTING: Entry = { name: "testing", source: "src/testing/index.ts" };
/** The command `make-api-tokens`. */
export const COMMAND: Entry = { name: "cli", source: "src/cli/main.ts" };

/** Packages that become a part of this one: their code, their types and their licences. */
const BUNDLED = ["openapi-fetch", "openapi-typescript-helpers"];

/** The files of a build: path below `dist/` → content. */
type Built = ReadonlyMap<string, string>;

/** Builds into a folder, and leaves nothing else in it. */
export async function writeBuild(folder: string): Promise<void> {
  const built = buildAll();
  // What the compiler says of wrong sources is of more use than what the bundlers do.
  built.catch(() => undefined);
  await refuseUncompiled(ROOT);
  const files = await built;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files) await writeFile(join(folder, name), content);
}

async function buildAll(): Promise<Built> {
  return new Map([
    ...(await bundleCode(COMMAND, "esm")),
    ...(await bundleCode(MAIN, "esm")),
    ...(await bundleForNode(MAIN, "index.mjs")),
    ...(await bundleForNode(TESTING, "testing.js")),
    ...(await bundleTypes(MAIN)),
    ...(await bundleTypes(TESTING)),
    ["THIRD-PARTY.txt", await thirdPartyLicences()],
  ]);
}

/** One file with its source map: each further file would cost the import time. */
export async function bundleCode(
  { name, source }: Entry,
  format: "esm" | "cjs",
): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: { [name]: source },
    // A source map names its sources relative to this place in the package.
    outdir: "dist",
    outExtension: { ".js": format === "esm" ? ".js" : ".cjs" },
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
  const contentOf = ({ path, text }: OutputFile): string =>
    path.endsWith(".map") ? text : text.replace(/[^\0-\x7f]/g, "'");
  return new Map(outputFiles.map((file) => [basename(file.path), contentOf(file)]));
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

/**
 * The CommonJS file that Node loads whichever way it is asked, and a wrapper for `import`. Node reads
 * the names of a CommonJS file's exports before it runs it: in three lines, because in the whole file
 * that takes 10 ms.
 */
async function bundleForNode(entry: Entry, wrapper: string): Promise<Built> {
  const code = await bundleCode(entry, "cjs");
  const { name } = entry;
  const [hint = "", names = ""] =
    /^0 && \(module\.exports = \{([^}]+)\}\);$/m.exec(code.get(`${name}.cjs`) ?? "") ?? [];
  return new Map([
    ...code,
    [wrapper, `export {${names}} from "./${name}.names.cjs";\n`],
    [`${name}.names.cjs`, `module.exports = require("./${name}.cjs");\n${hint}\n`],
  ]);
}

/** An entry's declarations, for `import` and for `require`: the extension tells the kind of module. */
async function bundleTypes(entry: Entry): Promise<Built> {
  const types = await declarationsOf(entry, { includeExternal: BUNDLED });
  return new Map([`${entry.name}.d.ts`, `${entry.name}.d.cts`].map((name) => [name, types]));
}

/** The declarations of all entries for review: without comments, and without openapi-fetch's own. */
export async function publicTypes(root = ROOT): Promise<string> {
  const options = { compilerOptions: { removeComments: true } };
  const textOf = async (entry: Entry): Promise<string> =>
    `// ${entry.name}\n\n${await declarationsOf(entry, options, root)}`;
  return `${await textOf(MAIN)}\n${await textOf(TESTING)}`;
}

/** Declarations in one file, without those marked `@internal`. */
async function declarationsOf(entry: Entry, options: Options, root = ROOT): Promise<string> {
  const compilerOptions = { stripInternal: true, ...options.compilerOptions };
  const tsconfig = join(root, "tsconfig.json");
  const bundled = await rollup({
    input: join(root, entry.source),
    external: /^node:/,
    plugins: [dts({ ...options, tsconfig, compilerOptions })],
    onLog(_, { message }) {
      throw new Error(message);
    },
  });
  // The bundler drops the references that a source has. A consumer may have chosen no such library.
  const library = '/// <reference lib="esnext.disposable" preserve="true" />\n';
  const banner = entry === TESTING ? library : "";
  const { output } = await bundled.generate({ format: "esm", banner });
  return output[0].code;
}

async function thirdPartyLicences(): Promise<string> {
  const sections = BUNDLED.map(async (name) => {
    // In a workspace, it is installed above this folder.
    const read = (file: string) => readFile(require.resolve(`${name}/${file}`), "utf8");
    const { version, license } = JSON.parse(await read("package.json"));
    return `${name} ${version} (${license})\n\n${(await read("LICENSE")).trim()}\n`;
  });
  const head = "This package holds code and types of the following packages.\n";
  return [head, ...(await Promise.all(sections))].join("\n---\n\n");
}
