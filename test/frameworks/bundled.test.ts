import { createContext, runInContext } from "node:vm";
import { transform } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { bundleCode, MAIN } from "../../scripts/build/bundle.js";

/** The main entry as a bundler makes it smaller: its names are gone. */
let minified: string;
beforeAll(async () => {
  const files = await bundleCode(MAIN, "esm");
  const code = files.get("index.js") ?? "";
  minified = (await transform(code, { minify: true, format: "cjs" })).code;
});

/** The exports, in a realm that has little: jsdom, for one, has no TextDecoder and no fetch. */
function load(): Record<string, unknown> {
  const module = { exports: {} };
  const { AbortController, AbortSignal, DOMException, URL } = globalThis;
  const globals = { AbortController, AbortSignal, DOMException, URL };
  runInContext(minified, createContext({ module, ...globals }));
  return module.exports;
}

test("A minified bundle keeps the names of the error classes", () => {
  const classes = Object.entries(load()).filter(([name]) => name.endsWith("Error"));
  expect(classes.map(([name]) => name)).toContain("MakeApiError");
  expect(classes).toHaveLength(6);
  for (const [name, Class] of classes) {
    const { name: own, prototype } = Object(Class);
    expect([own, prototype.name]).toEqual([name, name]);
  }
});

test("A client can be made where there is no fetch and no TextDecoder", () => {
  const createMakeClient = load()["createMakeClient"] as (options: object) => object;
  expect(createMakeClient({ zone: "eu1", token: "a-token" })).toHaveProperty("zone", "eu1");
});
