import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { generate } from "../../scripts/generate/emit.js";
import type { JsonObject } from "../../scripts/lib/json.js";
import { accepts } from "./accepts.js";
import { compile } from "./compile.js";
import { documentWith, returning, textOf } from "./documents.js";
import { anySchema } from "./schema-arbitrary.js";
import { kinds, schemas } from "./schemas.js";

const head = `
  import type { paths } from "./generated/paths.js";
  export type Of<P extends keyof paths> = paths[P] extends
    { get: { responses: { 200: { content: { "application/json": infer T } } } } } ? T : never;
  export type Never<T> = [T] extends [never] ? true : false;\n`;

/** TypeScript's complaints about statements: each says the path of its schema, which is its index. */
async function complaints(
  list: readonly JsonObject[],
  statements: readonly string[],
): Promise<string[]> {
  const paths = Object.fromEntries(list.map((it, i) => [`/${i}`, { get: returning(it) }]));
  const use = head + statements.map((it, i) => `export const at${i}${it};\n`).join("");
  const files = await generate(textOf(documentWith(paths, { schemas })));
  return compile(new Map([...files, ["use.ts", use]])).map((complaint) => {
    const line = Number(/use\.ts:(\d+)/.exec(complaint)?.[1]) - head.split("\n").length;
    return `${statements[line]}\n${complaint}`;
  });
}

describe("the type of each kind of schema", () => {
  const list = Object.values(kinds);
  const statements = list.flatMap(([, allows, refuses = []], i) => [
    `: Never<Of<"/${i}">> = false`,
    ...allows.map((value) => `: Of<"/${i}"> = ${JSON.stringify(value)}`),
    ...refuses.map((value) => `: Of<"/${i}"> = /* wrong */ ${JSON.stringify(value)}`),
  ]);
  let found: string[];
  beforeAll(async () => {
    const all = list.map(([schema]) => schema);
    found = (await complaints(all, statements)).map((it) => it.split("\n")[0] ?? "");
  });

  test.each(Object.keys(kinds))("%s: takes what the schema allows, and nothing else", (name) => {
    const isHere = (it: string) => it.includes(`<"/${Object.keys(kinds).indexOf(name)}">`);
    const wrong = statements.filter((it) => isHere(it) && it.includes("/* wrong */"));
    expect(found.filter(isHere)).toEqual(wrong);
  });
});

/**
 * JSON is the type of its value, too. As an expression, TypeScript would guess which part of a union
 * is meant by the properties that are not there, and then take "on" for any string.
 */
test("types take every value that random schemas allow", async () => {
  const seed = Number(process.env["SEED"] ?? 1);
  const sample = fc.sample(anySchema, { numRuns: Number(process.env["RANDOM_RUNS"] ?? 60), seed });
  const list = sample.map(({ schema }) => schema);
  const statements = sample.flatMap(({ schema, values }, i) => {
    const fitting = values.filter(accepts(schema));
    return fitting.map((it) => `: Of<"/${i}"> = null! as ${JSON.stringify(it)}`);
  });
  expect(statements.length).toBeGreaterThan(sample.length);
  const found = await complaints(list, statements);
  const schema = list[Number(/<"\/(\d+)">/.exec(found[0] ?? "")?.[1])];
  expect(found, `seed ${seed}: ${JSON.stringify(schema)}`).toEqual([]);
});
