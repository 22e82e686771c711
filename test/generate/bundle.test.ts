import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { expect, test } from "vitest";
import { generate } from "../../scripts/generate/emit.js";
import { isObject, type JsonObject } from "../../scripts/lib/json.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The files of generated/ from memory, so that none on disk changes. */
const generatedFrom = (files: ReadonlyMap<string, string>): Plugin => ({
  name: "generated",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]generated[\\/]\w+\.ts$/ }, ({ path }) => {
      const name = path.slice(root.length).replaceAll("\\", "/");
      return { contents: files.get(name) ?? "", loader: "ts" };
    });
  },
});

/** What an importer of `createMakeClient` gets, in bytes. */
async function bundledSize(document: JsonObject): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: 'import { createMakeClient } from "./src/index.js"; console.log(createMakeClient);',
      resolveDir: root,
    },
    plugins: [generatedFrom(await generate(JSON.stringify(document)))],
    ...{ bundle: true, minify: true, write: false, format: "esm", logLevel: "error" },
    platform: "node",
  });
  return outputFiles[0]?.contents.length ?? 0;
}

test("a thousand further operations add no byte to an importer's bundle", async () => {
  const document: JsonObject = JSON.parse(await readFile(`${root}spec/openapi.json`, "utf8"));
  const operation = {
    security: [{ token: ["things:read"] }],
    responses: { "200": { description: "" } },
  };
  const further = Array.from({ length: 1000 }, (_, i) => [`/things-${i}`, { get: operation }]);
  const paths = isObject(document["paths"]) ? document["paths"] : {};
  const larger = { ...document, paths: { ...paths, ...Object.fromEntries(further) } };
  const size = await bundledSize(document);
  expect(size).toBeGreaterThan(5000);
  expect(await bundledSize(larger)).toBe(size);
});
