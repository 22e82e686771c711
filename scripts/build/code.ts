import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { build, type Plugin } from "esbuild";
import { type Bundled, type Entry, ROOT } from "./entries.js";

/** Keeps no more of package.json in a bundle than the source reads. */
const manifest: Plugin = {
  name: "manifest",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]package\.json$/ }, async ({ path }) => {
      const { name, version } = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify({ name, version }), loader: "json" };
    });
  },
};

/**
 * Makes openapi-fetch's comments, which alone hold other characters, ASCII. V8 reads a file more
 * slowly, at two bytes for each character, as soon as one of them is not Latin-1.
 */
const plainComments: Plugin = {
  name: "plain comments",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]openapi-fetch[\\/].*\.mjs$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/[^\0-\x7f]/g, "'"),
    }));
  },
};

/** One file with its source map: each further file would cost the import time. */
export async function bundleCode(
  { name, source, platform }: Entry,
  format: "esm" | "cjs",
): Promise<Bundled> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { [name]: source },
    // A source map names its sources relative to this place in the package.
    outdir: "dist",
    outExtension: { ".js": format === "esm" ? ".js" : ".cjs" },
    bundle: true,
    platform,
    format,
    target: "es2022",
    sourcemap: true,
    plugins: [manifest, plainComments],
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  return {
    files: new Map(outputFiles.map(({ path, contents }) => [basename(path), contents])),
    inputs: Object.keys(metafile.inputs),
  };
}
