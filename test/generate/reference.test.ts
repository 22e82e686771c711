import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import { expect, test } from "vitest";
import { generate } from "../../scripts/generate/emit.js";
import { documentOfTypes } from "../../scripts/generate/document.js";
import { verifyTypes } from "../../scripts/generate/verify.js";
import { guard } from "../../scripts/pull/check/guard.js";
import { lint } from "../../scripts/pull/check/lint.js";
import { merge, type Merged } from "../../scripts/pull/merge/merge.js";
import { fragmentsOf } from "../../scripts/pull/read/fragments.js";
import { compare } from "../../scripts/pull/compare.js";
import { referencePages } from "../bench/reference.js";
import { compile } from "./compile.js";
import { textOf } from "./documents.js";

function merged(pages: ReadonlyMap<string, string>): Merged {
  const encoder = new TextEncoder();
  return merge([...pages].flatMap(([name, text]) => fragmentsOf(name, encoder.encode(text))));
}

test("a reference of several pages is merged, accepted, generated and compiled", async () => {
  const reference = merged(referencePages(12));
  guard(reference, ["make.com", "make.celonis.com"]);
  await lint(reference);
  const files = await generate(textOf(reference.document));
  expect(files.get("generated/operations.ts")?.match(/^ {2}method: /gm)).toHaveLength(12);
  const use = `
    import type { paths } from "./generated/paths.js";
    type Change = paths["/things-1/{thingId}"]["patch"];
    export const path: Change["parameters"]["path"] = { thingId: 1 };
    export const body: Change["requestBody"]["content"]["application/json"] = { name: "", description: null };
    export const query: paths["/things-2"]["get"]["parameters"]["query"] = { "pg[limit]": 10 };
    // @ts-expect-error no such state
    export const state: (typeof body)["state"] = "lost";`;
  expect(compile(new Map([...files, ["use.ts", use]]))).toEqual([]);
});

test("eight times the operations take about eight times as long", async () => {
  const runSmall = await runWith(100);
  const runLarge = await runWith(800);
  const small = Math.min(await runSmall(), await runSmall());
  const first = (await runLarge()) / small;
  // Were one step quadratic, it would be 64 times. Something else may slow one run down.
  expect(first < 32 ? first : (await runLarge()) / small).toBeLessThan(32);
});

/** Runs what this project adds to openapi-typescript and prettier, and returns the milliseconds. */
async function runWith(operations: number): Promise<() => Promise<number>> {
  const pages = referencePages(operations);
  const { document: before } = merged(referencePages(operations - 1));
  const copy = structuredClone(merged(pages).document) as object as OpenAPI3;
  const types = astToString(await openapiTS(copy, { silent: true }));
  return async () => {
    const start = performance.now();
    const reference = merged(pages);
    guard(reference, ["make.com", "make.celonis.com"]);
    await lint(reference);
    compare(before, reference.document);
    documentOfTypes(reference.document);
    verifyTypes("generated/paths.ts", types);
    return performance.now() - start;
  };
}
