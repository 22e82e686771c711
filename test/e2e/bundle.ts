import { type BuildOptions, build } from "esbuild";
import type { Checks } from "./checks.js";
import { NAME } from "./paths.js";

/** Bundles a module's text as a browser or an edge runtime gets it; its imports are found from the folder. */
export async function bundle(folder: string, contents: string, options: BuildOptions = {}) {
  const result = await build({
    stdin: { contents, resolveDir: folder },
    absWorkingDir: folder,
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    write: false,
    metafile: true,
    logLevel: "silent",
    ...options,
  });
  return {
    text: result.outputFiles?.[0]?.text ?? "",
    inputs: Object.keys(result.metafile?.inputs ?? {}),
  };
}

/** The main entry needs nothing of Node, and the testing kit stays out of it. */
export async function checkBundles(checks: Checks, folder: string): Promise<void> {
  const main = `export * from "${NAME}"`;
  await checks.check("bundled for browsers and the edge: no Node, no testing kit", async () => {
    for (const conditions of [["browser"], ["workerd", "worker"], ["edge-light"]]) {
      // Minified, so that no comment is searched.
      const { text, inputs } = await bundle(folder, main, { conditions, minify: true });
      const strange = inputs.filter((it) => !/dist\/index\.js$|^<stdin>$/.test(it));
      if (strange.length > 0) throw new Error(`it holds ${strange.join(", ")}`);
      const found = /["'`]node:|\brequire\(|\bimport\b|startFakeZone/.exec(text);
      if (found) throw new Error(`it has: ${text.slice(found.index - 40, found.index + 80)}`);
    }
  });
  await checks.check("bundled for browsers: the testing kit is refused", async () => {
    const refusal = await bundle(folder, `export * from "${NAME}/testing"`).then(
      () => "it was bundled",
      (error: Error) => error.message,
    );
    if (!refusal.includes(`Could not resolve "${NAME}/testing"`)) throw new Error(refusal);
  });
}
