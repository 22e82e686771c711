import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { checkTypes } from "../../scripts/generate/type-check.js";
import { generate } from "../../scripts/generate/emit.js";
import type { JsonObject } from "../../scripts/lib/json.js";
import { Refusal } from "../../scripts/lib/refusal.js";
import { documentWith, hostileText, textOf } from "./documents.js";
import { run } from "./run.js";

test("code in a reference, which openapi-typescript would write as it is, is refused", async () => {
  const payload = "unknown } } globalThis.ran = true; interface More { a: { b: unknown";
  const document: JsonObject = {
    ...documentWith({}, { schemas: { A: { $ref: `#/${payload}/schemas/A` } } }),
    [payload]: { schemas: { A: { type: "string" } } },
  };
  const source = structuredClone(document) as object as OpenAPI3;
  const bare = astToString(await openapiTS(source, { silent: true }));
  expect(run(bare).globals).toEqual(["ran"]);
  expect(() => checkTypes(bare, document)).toThrow(/more than types: globalThis\.ran = true/);
  await expect(generate(textOf(document))).rejects.toThrow(Refusal);
});

test("no file is read and no address fetched that a reference names", async () => {
  const requests: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    requests.push(url);
    response.end('{"title":"from elsewhere"}');
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/schema.json`;
    for (const $ref of [url, `${url}#/a`, pathToFileURL("package.json").href, "package.json"]) {
      const refused = generate(textOf(documentWith({}, { schemas: { A: { $ref } } })));
      await expect(refused).rejects.toThrow(Refusal);
      // No types are made of these.
      const callbacks = { A: { "/a": { $ref } } };
      await generate(
        textOf(documentWith({}, { callbacks, schemas: { A: { example: { $ref } } } })),
      );
    }
    expect(requests).toEqual([]);
  } finally {
    server.close();
  }
});

test("a tag in the text of a page is none in the code, and a name keeps its @", async () => {
  const tags = "@internal {@link x} @ts-ignore @deprecated x@internal\n@see y\r\n * @default 1";
  const text = { title: tags, format: tags, description: tags, default: tags, example: [tags] };
  const content = { "application/json": { schema: { type: "string", ...text }, example: tags } };
  const parameters = [{ name: "q", in: "query", ...text, schema: {} }];
  const get = { summary: tags, ...text, parameters, responses: { "200": { ...text, content } } };
  const schemas = { A: { type: "object", ...text, properties: { "@id": { ...text } } } };
  const files = await generate(textOf(documentWith({ "/a": { get } }, { schemas })));
  const types = files.get("generated/paths.ts") ?? "";
  const found = [...types.matchAll(/@([\w-]+)/g)].map(([, tag = ""]) => tag);
  expect([...new Set(found)].sort()).toEqual(["default", "description", "example", "id"]);
  expect(types).toContain("\\u0040internal {\\u0040link x} \\u0040ts-ignore");
  const { outputText } = ts.transpileDeclaration(types, {
    compilerOptions: { stripInternal: true, target: ts.ScriptTarget.ES2022 },
  });
  for (const declared of ["get: {", '"@id"?: unknown;', '"application/json": string;']) {
    expect(outputText).toContain(declared);
  }
});

describe("hostile text", () => {
  /** More of them find more: `RANDOM_RUNS=1000`. */
  const RUNS = Number(process.env["RANDOM_RUNS"] ?? 40);
  const parts = [
    ...["*/", "/*", "/**", "//", "\n", "\r", "\u2028"],
    ...['"', "'", "`", "${", "}", "\\", "@", "x", "@ts-ignore "],
  ];
  const text = fc
    .oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(hostileText, "\\", "`${1}`", "", "\ud800"),
      fc.array(fc.constantFrom(...parts)).map((list) => list.join("")),
    )
    .filter((it) => !(it in {}));
  const value = fc.oneof(text, fc.double({ noDefaultInfinity: true, noNaN: true }), fc.boolean());
  const names = fc.tuple(text, text, text, text, text);
  const all = fc.tuple(names, fc.array(text), fc.array(value, { minLength: 1 }), text, text);

  test(
    "arrives as it was, as data, and nothing of it runs",
    async () => {
      const property = fc.asyncProperty(all, async ([names, scopes, values, text, other]) => {
        const [name, header, media, parameter, component] = names;
        const words = { title: text, summary: other, description: text, format: other };
        const leaf = { ...words, example: text, default: other, enum: values };
        const properties = { [name]: leaf };
        const required = { required: [name], default: { [name]: text } };
        const schema = { type: "object", ...words, properties, ...required };
        const content = { [media]: { schema, example: other } };
        const headers = { [header]: { ...words, schema } };
        const post = {
          ...{ ...words, operationId: other, security: [{ token: scopes }] },
          parameters: [{ ...words, name: parameter, in: "query", schema: leaf }],
          requestBody: { ...words, content },
          responses: { "200": { ...words, headers, content } },
        };
        const path = `/${name}`;
        const document = documentWith({ [path]: { post } }, { schemas: { [component]: schema } });
        const files = await generate(textOf(document));
        const operations = run(files.get("generated/operations.ts") ?? "");
        const operation = { name: `POST ${path}`, scopes };
        expect([Object.values(operations.exports), operations.globals]).toEqual([[operation], []]);
        const types = files.get("generated/paths.ts") ?? "";
        expect(run(types)).toEqual({ exports: {}, globals: [] });
        const strings = values.filter((it) => typeof it === "string");
        expect([...namesIn(types)]).toEqual(expect.arrayContaining([path, ...names, ...strings]));
      });
      // A failure prints its seed.
      await fc.assert(property, { numRuns: RUNS });
    },
    RUNS * 1000,
  );
});

/** The names and strings of a file, as TypeScript reads them. */
function namesIn(text: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isLiteralExpression(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("paths.ts", text, ts.ScriptTarget.ES2022));
  return names;
}
