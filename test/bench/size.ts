import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { OURS } from "./clients.js";
import { openConsumer } from "./consumer.js";
import { digits, print, type Row } from "./table.js";

await using consumer = await openConsumer();

const all = (name: string): string => `export * from "${name}"`;
const both = (name: string): string => `${all(name)}; export { default } from "${name}"`;

/** Minified and gzipped bytes of what a browser would load. */
async function sizes(name: string, contents: string): Promise<Row> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: consumer.folder },
    bundle: true,
    minify: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return [name, digits(bytes.length, 0), digits(gzipSync(bytes, { level: 9 }).length, 0)];
}

print(
  "main entry with its dependencies",
  ["minified", "gzip -9"],
  await Promise.all([
    sizes("openapi-fetch, createClient alone", 'export { default } from "openapi-fetch"'),
    sizes("openapi-fetch", both("openapi-fetch")),
    sizes(OURS, all(OURS)),
    sizes("@makehq/sdk", all("@makehq/sdk")),
    sizes("ky", both("ky")),
    sizes("axios", both("axios")),
  ]),
);
