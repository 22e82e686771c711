import { createHash } from "node:crypto";
import fc from "fast-check";
import { format } from "prettier";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { Refusal } from "../../scripts/lib/refusal.js";
import { generate } from "../../scripts/generate/emit.js";
import { compile } from "./compile.js";
import { documentWith, hostileText, richDocument, textOf } from "./documents.js";
import { run } from "./run.js";

const file = (files: ReadonlyMap<string, string>, name: string): string =>
  files.get(`generated/${name}.ts`) ?? "";

describe("zones.ts", () => {
  test("names each zone by its host without `make` and `com`, in the order of servers", async () => {
    const { exports, globals } = run(file(await generate(textOf(documentWith({}))), "zones"));
    expect(globals).toEqual([]);
    expect(Object.entries(exports["zones"] as object)).toEqual([
      ["eu1", "https://eu1.make.com/api/v2"],
      ["us1.celonis", "https://us1.make.celonis.com/api/v2"],
    ]);
  });

  test.each([
    [[{ url: "https://eu1.make.com/a" }, { url: "https://eu1.make.com/b" }], /"?https:.*\/b/],
    [[{ url: "https://make.com/api/v2" }], /https:\/\/make\.com/],
    [[{ url: "/api/v2" }], /no absolute URL: \{"url":"\/api\/v2"\}/],
    [[{ url: "https://__proto__.make.com/api/v2" }], /zones\.ts:6 .*__proto__/],
  ])("refuses servers %j", async (servers, message) => {
    const refused = generate(textOf({ ...documentWith({}), servers }));
    await expect(refused).rejects.toThrow(Refusal);
    await expect(refused).rejects.toThrow(message);
  });
});

describe("operations.ts", () => {
  test("holds method, path and scopes of each operation, by path and method", async () => {
    const { exports } = run(file(await generate(textOf(richDocument)), "operations"));
    const get = { name: "GET /things", method: "GET", path: "/things" };
    const options = { name: "OPTIONS /things", method: "OPTIONS", path: "/things" };
    const post = { name: "POST /things", method: "POST", path: "/things" };
    const path = "/things/{thingId}/text/{line}";
    expect(Object.entries(exports)).toEqual([
      ["getThings", { ...get, scopes: ["things:read", "users:read"] }],
      ["optionsThings", { ...options, scopes: [] }],
      ["postThings", { ...post, scopes: ["things:write"] }],
      ["getThingsByThingIdTextByLine", { name: `GET ${path}`, method: "GET", path, scopes: [] }],
    ]);
  });

  test("does not depend on the order of the document's paths", async () => {
    const item = { get: { responses: { "200": { description: "" } } } };
    const one = await generate(textOf(documentWith({ "/a": item, "/b": item })));
    const other = await generate(textOf(documentWith({ "/b": item, "/a": item })));
    const body = (text: string) => text.slice(text.indexOf("export"));
    expect(body(file(one, "operations"))).toBe(body(file(other, "operations")));
  });
});

describe("every generated file", () => {
  test("says how to regenerate it and from which bytes it was made", async () => {
    const text = textOf(richDocument);
    const digest = createHash("sha256").update(text).digest("hex");
    for (const content of (await generate(text)).values()) {
      expect(content).toMatch(/^\/\/ Generated .*`npm run generate`/);
      expect(content).toContain(`// spec/openapi.json SHA-256: ${digest}\n`);
    }
  });

  test("is formatted as prettier formats this project, and the same each time", async () => {
    const files = await generate(textOf(richDocument));
    expect(await generate(textOf(richDocument))).toEqual(files);
    for (const content of files.values()) {
      expect(await format(content, { parser: "typescript", printWidth: 100 })).toBe(content);
    }
  });

  test("compiles under this project's strict options, with the types that the document means", async () => {
    const use = `
      import type { components, paths } from "./generated/paths.js";
      import { postThings } from "./generated/operations.js";
      import { zones } from "./generated/zones.js";
      type Thing = components["schemas"]["Thing"];
      export const bag: Thing = { kind: "bag", parent: { id: 1, kind: "box", anything: { a: 1 } }, size: -2, state: null };
      export const list: paths["/things"]["get"]["responses"][200]["content"]["application/json"] = [bag];
      export const text: paths["/things/{thingId}/text/{line}"]["get"]["responses"][200]["content"]["text/plain"] = "";
      export const path: paths["/things/{thingId}/text/{line}"]["get"]["parameters"]["path"] = { thingId: 1, line: "" };
      export const scope: "things:write" = postThings.scopes[0];
      export const url: "https://eu1.make.com/api/v2" = zones.eu1;
      // @ts-expect-error a discriminator's value that no schema has
      export const wrong: Thing = { kind: "crate", parent: bag.parent };`;
    const files = await generate(textOf(richDocument));
    expect(compile(new Map([...files, ["use.ts", use]]))).toEqual([]);
  });

  test("has every line of a long description", async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}`);
    const schemas = { A: { type: "string", description: lines.join("\r\n") } };
    const paths = file(await generate(textOf(documentWith({}, { schemas }))), "paths");
    expect(paths.match(/line \d+/g)).toEqual(lines);
  });

  test("shows characters that a reader cannot see as escapes, also in comments", async () => {
    for (const content of (await generate(textOf(richDocument))).values()) {
      expect(content).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u);
    }
    expect(file(await generate(textOf(richDocument)), "paths")).toContain("\\u202e");
  });
});

describe("a document", () => {
  const list = `${'{"type":"array","items":'.repeat(1e5)}{}${"}".repeat(1e5)}`;
  const nested = `{"openapi":"3.0.0","components":{"schemas":{"A":${list}}}}`;
  const malformed = textOf(documentWith({ "/a": { get: { parameters: [null], responses: [] } } }));
  // Each "@" takes six characters.
  const large = textOf(documentWith({}, { schemas: { A: { description: "@".repeat(2 ** 20) } } }));
  test.each([
    ["is empty", "", /JSON/],
    ["is not JSON", "{ \u001b[31m", /JSON/],
    ["is no object", "[]", /no JSON object/],
    ["is of another version", '{ "openapi": "2.0" }', /Unsupported OpenAPI version/],
    ["is malformed", malformed, /./],
    ["is nested too deeply", nested, /stack/],
    [
      "has types without end",
      large,
      /generated\/paths\.ts would be larger than 6291456 characters/,
    ],
  ])("that %s is refused", async (_, text, why) => {
    const refused = generate(text);
    await expect(refused).rejects.toThrow(Refusal);
    await expect(refused).rejects.toThrow(/^spec\/openapi\.json cannot be turned into code: /);
    await expect(refused).rejects.toThrow(why);
    await expect(refused).rejects.not.toThrow(/[^ -~]/);
  });
});

describe("hostile text", () => {
  /** More of them find more: `RANDOM_RUNS=1000`. */
  const RUNS = Number(process.env["RANDOM_RUNS"] ?? 40);
  const fragments = [
    "*/",
    "/*",
    "//",
    "\n",
    "\r",
    "\u2028",
    '"',
    "'",
    "`",
    "${",
    "}",
    "\\",
    "x",
    "@",
  ];
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(hostileText, "\\", "`${1}`", "__proto__", "constructor", "", "\ud800"),
    fc.array(fc.constantFrom(...fragments)).map((parts) => parts.join("")),
  );
  const value = fc.oneof(text, fc.double({ noDefaultInfinity: true, noNaN: true }), fc.boolean());
  const everywhere = fc.record({
    ...{ path: text.map((name) => `/${name}`), scopes: fc.array(text, { maxLength: 3 }) },
    ...{ title: text, summary: text, description: text, example: text, format: text },
    ...{ header: text, media: text, parameter: text, property: text, schema: text },
    ...{ values: fc.array(value, { minLength: 1, maxLength: 4 }), id: text },
  });

  function documentOf(at: typeof everywhere extends fc.Arbitrary<infer T> ? T : never) {
    const { title, summary, description, example, format } = at;
    const leaf = { title, format, example, default: example, enum: at.values };
    const schema = {
      ...{ type: "object", title, description, example, default: { [title]: example } },
      properties: { [at.property]: leaf },
      required: [at.property],
    };
    const content = { [at.media]: { schema, example } };
    const headers = { [at.header]: { description, schema } };
    const post = {
      ...{ summary, description, operationId: at.id, security: [{ token: at.scopes }] },
      parameters: [{ name: at.parameter, in: "query", description, schema: leaf }],
      requestBody: { description, content },
      responses: { "200": { description, headers, content } },
    };
    return documentWith({ [at.path]: { post } }, { schemas: { [at.schema]: schema } });
  }

  test(
    "arrives as it was, as data, and nothing of it runs",
    async () => {
      await fc.assert(
        fc.asyncProperty(everywhere, async (at) => {
          const names = [at.path, at.header, at.media, at.parameter, at.property, at.schema];
          const files = await generate(textOf(documentOf(at))).catch((error: unknown) => {
            // Redocly looks names up in plain objects and trips over those of Object.prototype.
            if (error instanceof Refusal && [...names, at.title].some((name) => name in {})) return;
            throw error;
          });
          if (files === undefined) return;
          const { exports, globals } = run(file(files, "operations"));
          const { path, scopes } = at;
          expect(globals).toEqual([]);
          expect(Object.values(exports)).toEqual([
            { name: `POST ${path}`, method: "POST", path, scopes },
          ]);

          const types = file(files, "paths");
          expect(run(types)).toEqual({ exports: {}, globals: [] });
          const values = at.values.filter((value) => typeof value === "string");
          expect([...namesIn(types)]).toEqual(expect.arrayContaining([...names, ...values]));
        }),
        // A failure prints its seed.
        { numRuns: RUNS },
      );
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
