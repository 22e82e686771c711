import { join, relative } from "node:path";
import { rollup } from "rollup";
import { dts, type Options } from "rollup-plugin-dts";
import { type Bundled, ENTRIES, type Entry, ROOT } from "./entries.js";
import { withoutOtherPages } from "./facade-types.js";

/** Packages whose code is bundled, so that no declaration may import their types. */
const BUNDLED = ["openapi-fetch", "openapi-typescript-helpers"];

/** An entry's declarations in one file, without those marked `@internal`. */
async function bundle({ source, lib }: Entry, options: Options = {}, root = ROOT) {
  const bundled = await rollup({
    input: join(root, source),
    external: /^node:/,
    plugins: [
      dts({
        tsconfig: join(root, "tsconfig.json"),
        ...options,
        compilerOptions: { stripInternal: true, ...options.compilerOptions },
      }),
    ],
    onLog(_, { message }) {
      throw new Error(message);
    },
  });
  // The bundler drops the references that a source has.
  const banner = lib ? `/// <reference lib="${lib}" preserve="true" />\n` : "";
  const { output } = await bundled.generate({ format: "esm", banner });
  return output[0];
}

/** The declarations for `import` and for `require`. The extension tells the kind of module. */
export async function bundleDeclarations(entry: Entry): Promise<Bundled> {
  const { code, moduleIds } = await bundle(entry, { includeExternal: BUNDLED });
  return {
    files: new Map([
      [`${entry.name}.d.ts`, code],
      [`${entry.name}.d.cts`, code],
    ]),
    inputs: moduleIds.map((it) => relative(ROOT, it)),
  };
}

/**
 * The types that this package adds to its dependency's, without comments and without the pages that
 * only `raw` has, for review.
 */
export async function publicTypes(root = ROOT): Promise<string> {
  const texts: string[] = [];
  for (const entry of ENTRIES) {
    const { code } = await bundle(entry, { compilerOptions: { removeComments: true } }, root);
    texts.push(`// ${entry.name}\n\n${withoutOtherPages(code)}`);
  }
  return texts.join("\n");
}
