import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { generate } from "../../scripts/generate/emit.js";
import type { Json, JsonObject } from "../../scripts/lib/json.js";
import { accepts } from "./accepts.js";
import { compile } from "./compile.js";
import { documentWith, textOf } from "./documents.js";
import { anySchema, type Example } from "./schema-arbitrary.js";
import { kinds, schemas } from "./schemas.js";

/** A path for each schema, by its place in the list: it is asked for and answered with. */
function documentOf(list: readonly JsonObject[], components: JsonObject): JsonObject {
  const paths = list.map((schema, i) => {
    const content = { "application/json": { schema } };
    const responses = { "200": { description: "", content } };
    return [`/${i}`, { post: { requestBody: { required: true, content }, responses } }] as const;
  });
  return documentWith(Object.fromEntries(paths), { schemas: components });
}

const head = `
  import type { paths } from "./generated/paths.js";
  type Json = "application/json";
  export type Request<P extends keyof paths> = paths[P] extends
    { post: { requestBody: { content: { [K in Json]: infer T } } } } ? T : never;
  export type Answer<P extends keyof paths> = paths[P] extends
    { post: { responses: { 200: { content: { [K in Json]: infer T } } } } } ? T : never;
  export type Never<T> = [T] extends [never] ? true : false;\n`;

const types = ["Request", "Answer"] as const;

/** TypeScript's complaints about the statements, each on a line of its own. */
async function complaints(document: JsonObject, statements: readonly string[]): Promise<string[]> {
  const use = head + statements.map((it, i) => `export const at${i}${it};\n`).join("");
  const files = await generate(textOf(document));
  return compile(new Map([...files, ["use.ts", use]])).map((complaint) => {
    const line = Number(/use\.ts:(\d+)/.exec(complaint)?.[1]) - head.split("\n").length;
    return `${complaint}\n${statements[line] ?? ""}`;
  });
}

describe("the type of each kind of schema, in a request and in an answer", () => {
  const list = Object.values(kinds);
  const statements = list.flatMap(({ allows, refuses = [] }, i) =>
    types
      .flatMap((type) => [
        `: Never<${type}<"/${i}">> = false`,
        ...allows.map((value) => `: ${type}<"/${i}"> = ${JSON.stringify(value)}`),
      ])
      .concat(
        types.flatMap((type) =>
          refuses.map((value) => `: ${type}<"/${i}"> = /* wrong */ ${JSON.stringify(value)}`),
        ),
      ),
  );
  const isWrong = (statement: string | undefined) => statement?.includes("/* wrong */") === true;
  let found: string[];
  beforeAll(async () => {
    found = await complaints(
      documentOf(
        list.map(({ schema }) => schema),
        schemas,
      ),
      statements,
    );
  });

  test.each(Object.keys(kinds))("%s: takes what the schema allows, and nothing else", (name) => {
    const i = Object.keys(kinds).indexOf(name);
    const of = (it: string | undefined) => it?.includes(`<"/${i}">`) === true;
    const here = found.filter(of);
    expect(here.filter((it) => !isWrong(it))).toEqual([]);
    expect(here).toHaveLength(statements.filter((it) => of(it) && isWrong(it)).length);
  });

  test("is generated in a file that compiles", () => {
    expect(found.filter((it) => !/use\.ts/.test(it))).toEqual([]);
  });
});

describe("a property that travels in one direction", () => {
  const id = { type: "integer", readOnly: true };
  const secret = { type: "string", writeOnly: true };
  const name = { type: "string" };
  const thing = {
    type: "object",
    required: ["id", "secret", "name"],
    properties: { id, secret, name },
  };
  const ref = (component: string) => ({ $ref: `#/components/schemas/${component}` });
  const components: JsonObject = {
    Thing: thing,
    Id: id,
    "Thing.request": { type: "string" },
    Plain: { type: "object", required: ["id"], properties: { id: { type: "integer" } } },
    Again: {
      type: "object",
      required: ["id", "next"],
      properties: { id, next: { ...ref("Again"), nullable: true } },
    },
  };
  const named = { type: "object", required: ["id"], properties: { id: ref("Id") } };
  const cases: Record<string, [schema: JsonObject, request: Json, answer: Json]> = {
    "of an object": [thing, { secret: "", name: "" }, { id: 1, name: "" }],
    "of a component that both use": [ref("Thing"), { secret: "", name: "" }, { id: 1, name: "" }],
    "deep within": [
      { type: "array", items: { type: "object", properties: { thing: ref("Thing") } } },
      [{ thing: { secret: "", name: "" } }],
      [{ thing: { id: 1, name: "" } }],
    ],
    "by reference": [named, {}, { id: 1 }],
    "by composition": [
      { allOf: [{ required: ["id"] }, { type: "object", properties: { id } }], required: ["id"] },
      {},
      { id: 1 },
    ],
    "that another schema of the object requires": [
      { allOf: [ref("Plain"), { type: "object", properties: { id: { readOnly: true } } }] },
      {},
      { id: 1 },
    ],
    "of an object that holds itself": [
      ref("Again"),
      { next: { next: null } },
      { id: 1, next: { id: 2, next: null } },
    ],
  };
  const list = Object.entries(cases);
  const names = list.map(([name], i) => [name, i] as const);
  let found: string[];
  beforeAll(async () => {
    const statements = list.flatMap(([, [, ...values]], i) =>
      types.flatMap((type, at) => [
        `: ${type}<"/${i}"> = ${JSON.stringify(values[at])}`,
        `: ${type}<"/${i}"> = /* swapped */ ${JSON.stringify(values[1 - at])}`,
      ]),
    );
    const document = documentOf(
      list.map(([, [schema]]) => schema),
      components,
    );
    found = await complaints(document, statements);
  });
  const complaintsOn = (i: number, isSwapped: boolean) =>
    found.filter((it) => it.includes(`<"/${i}">`) && it.includes("/* swapped */") === isSwapped);

  test.each(names)("%s is not demanded where it does not travel", (_, i) => {
    expect(complaintsOn(i, false)).toEqual([]);
  });

  test.each(names)("%s is promised where it travels", (_, i) => {
    const isRefused = complaintsOn(i, true).some((it) => it.includes("Answer<"));
    expect(isRefused).toBe(true);
  });

  test("is generated in a file that compiles", () => {
    expect(found.filter((it) => !/use\.ts/.test(it))).toEqual([]);
  });
});

/**
 * JSON is the type of its value, too. As an expression, TypeScript would guess which part of a union
 * is meant by the properties that are not there, and then take "on" for any string.
 */
test("types take every value that random schemas allow", async () => {
  const seed = Number(process.env["SEED"] ?? 1);
  const sample = fc.sample(anySchema, { numRuns: Number(process.env["RUNS"] ?? 60), seed });
  const accepted = sample.map(({ schema, values }: Example) => ({
    schema,
    values: values.filter(accepts(schema)),
  }));
  const statements = accepted.flatMap(({ values }, i) =>
    types.flatMap((type) =>
      values.map((it) => `: ${type}<"/${i}"> = null! as ${JSON.stringify(it)}`),
    ),
  );
  const document = documentOf(
    accepted.map(({ schema }) => schema),
    schemas,
  );
  const found = await complaints(document, statements);
  expect(statements.length, `seed ${seed}`).toBeGreaterThan(sample.length);
  const [first = ""] = found;
  const path = /<"\/(\d+)">/.exec(first)?.[1];
  const schema = path === undefined ? "" : JSON.stringify(accepted[Number(path)]?.schema);
  expect(found, `seed ${seed}: ${schema}`).toEqual([]);
});

test.each(Object.entries(kinds).filter(([, { isFaulty }]) => !isFaulty))(
  "JSON Schema, too, accepts the values of %s",
  (_, { schema, allows }) => {
    expect(allows.filter((it) => !accepts(schema)(it))).toEqual([]);
  },
);
