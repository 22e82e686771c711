import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { ROOT, print } from "./measure.js";

/** Minified and gzipped bytes of a module with all that it imports. */
async function sizeOf(contents: string): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT },
    bundle: true,
    minify: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return { minified: `${bytes.length}`, "gzip -9": `${gzipSync(bytes, { level: 9 }).length}` };
}

print("the main entry with its dependencies, in bytes", {
  "openapi-fetch": await sizeOf('export { default } from "openapi-fetch"'),
  "make-api-tokens": await sizeOf('export * from "./dist/index.js"'),
  "@makehq/sdk": await sizeOf('export * from "@makehq/sdk"'),
});
