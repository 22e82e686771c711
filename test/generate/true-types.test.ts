import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { generate } from "../../scripts/generate/emit.js";
import type { JsonObject } from "../../scripts/lib/json.js";
import { accepts } from "./accepts.js";
import { compile } from "./compile.js";
import { documentWith, textOf } from "./documents.js";
import { anySchema } from "./schema-arbitrary.js";
import { kinds, schemas } from "./schemas.js";

/** A path for each schema, by its place in the list, that takes it and returns it. */
function documentOf(list: readonly JsonObject[]): JsonObject {
  const paths = list.map((schema, i) => {
    const content = { "application/json": { schema } };
    const responses = { "200": { description: "", content } };
    return [`/${i}`, { post: { requestBody: { required: true, content }, responses } }] as const;
  });
  return documentWith(Object.fromEntries(paths), { schemas });
}

const head = `
  import type { paths } from "./generated/paths.js";
  type Json = "application/json";
  export type Request<P extends keyof paths> = paths[P] extends
    { post: { requestBody: { content: { [K in Json]: infer T } } } } ? T : never;
  export type Response<P extends keyof paths> = paths[P] extends
    { post: { responses: { 200: { content: { [K in Json]: infer T } } } } } ? T : never;
  export type Never<T> = [T] extends [never] ? true : false;\n`;

const types = ["Request", "Response"] as const;

/** TypeScript's complaints about the statements, each on a line of its own. */
async function complaints(
  list: readonly JsonObject[],
  statements: readonly string[],
): Promise<string[]> {
  const use = head + statements.map((it, i) => `export const at${i}${it};\n`).join("");
  const files = await generate(textOf(documentOf(list)));
  return compile(new Map([...files, ["use.ts", use]])).map((complaint) => {
    const line = Number(/use\.ts:(\d+)/.exec(complaint)?.[1]) - head.split("\n").length;
    return `${complaint}\n${statements[line] ?? ""}`;
  });
}

describe("the type of each kind of schema, in a request and in a response", () => {
  const list = Object.values(kinds);
  const statements = list.flatMap(([, allows, refuses = []], i) =>
    types.flatMap((type) => [
      `: Never<${type}<"/${i}">> = false`,
      ...allows.map((value) => `: ${type}<"/${i}"> = ${JSON.stringify(value)}`),
      ...refuses.map((value) => `: ${type}<"/${i}"> = /* wrong */ ${JSON.stringify(value)}`),
    ]),
  );
  let found: string[];
  beforeAll(async () => {
    found = await complaints(
      list.map(([schema]) => schema),
      statements,
    );
  });

  test.each(Object.keys(kinds))("%s: takes what the schema allows, and nothing else", (name) => {
    const isHere = (it: string) => it.includes(`<"/${Object.keys(kinds).indexOf(name)}">`);
    const wrong = statements.filter((it) => isHere(it) && it.includes("/* wrong */"));
    expect(found.filter(isHere).map((it) => it.split("\n")[1])).toEqual(wrong);
  });
});

/**
 * JSON is the type of its value, too. As an expression, TypeScript would guess which part of a union
 * is meant by the properties that are not there, and then take "on" for any string.
 */
test("types take every value that random schemas allow", async () => {
  const seed = Number(process.env["SEED"] ?? 1);
  const sample = fc.sample(anySchema, { numRuns: Number(process.env["RUNS"] ?? 60), seed });
  const list = sample.map(({ schema }) => schema);
  const statements = sample.flatMap(({ schema, values }, i) => {
    const fitting = values.filter(accepts(schema));
    return types.flatMap((type) =>
      fitting.map((it) => `: ${type}<"/${i}"> = null! as ${JSON.stringify(it)}`),
    );
  });
  const found = await complaints(list, statements);
  expect(statements.length, `seed ${seed}`).toBeGreaterThan(sample.length);
  const path = /<"\/(\d+)">/.exec(found[0] ?? "")?.[1];
  const schema = path === undefined ? "" : JSON.stringify(list[Number(path)]);
  expect(found, `seed ${seed}: ${schema}`).toEqual([]);
});
