import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import openapiTS, { astToString, type OpenAPI3, type OpenAPITSOptions } from "openapi-typescript";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { Refusal } from "../../scripts/lib/refusal.js";
import { generate } from "../../scripts/generate/emit.js";
import { verifyTypes } from "../../scripts/generate/verify.js";
import type { JsonObject } from "../../scripts/lib/json.js";
import { refusalOf } from "../../scripts/pull/faults.js";
import { fragmentsOf } from "../../scripts/pull/fragments.js";
import { dangersIn } from "../../scripts/pull/guard.js";
import { merge } from "../../scripts/pull/merge.js";
import { documentWith, textOf } from "./documents.js";
import { run } from "./run.js";

/** What openapi-typescript makes of a document when nothing stands before or behind it. */
const bare = async (document: JsonObject, options: OpenAPITSOptions = {}): Promise<string> =>
  astToString(
    await openapiTS(structuredClone(document) as object as OpenAPI3, { silent: true, ...options }),
  );

/** The first wall: what the pull does with a page that holds the document. */
function pull(document: JsonObject): void {
  const page = `# A page\n\n\`\`\`json\n${JSON.stringify(document)}\n\`\`\`\n`;
  const fragments = fragmentsOf("page", new TextEncoder().encode(page));
  const merged = merge(fragments).document;
  const dangers = dangersIn(merged, ["make.com", "make.celonis.com"]);
  if (dangers.length > 0) throw refusalOf(dangers, merged, fragments);
}

test("a harmless document passes the guard", () => {
  expect(() => pull(documentWith({}))).not.toThrow();
});

describe("the first segment of a local reference", () => {
  const payload = "unknown } } globalThis.ran = true; interface More { a: { b: unknown";
  const document: JsonObject = {
    ...documentWith({}, { schemas: { A: { $ref: `#/${payload}/schemas/A` } } }),
    [payload]: { schemas: { A: { type: "string" } } },
  };

  test("is run as code where openapi-typescript is left alone", async () => {
    expect(run(await bare(document)).globals).toEqual(["ran"]);
  });

  test("is refused by the guard, with page and line", () => {
    expect(() => pull(document)).toThrow(Refusal);
    expect(() => pull(document)).toThrow(/^page\.md:3: .*is not of the form #\/components\//m);
  });

  test("is refused in what was generated", async () => {
    const text = await bare(document);
    expect(() => verifyTypes("generated/paths.ts", text)).toThrow(Refusal);
    expect(() => verifyTypes("generated/paths.ts", text)).toThrow(/globalThis\.ran = true/);
  });

  test("does not even reach openapi-typescript", async () => {
    await expect(generate(textOf(document))).rejects.toThrow(/is not a component/);
  });
});

describe("a newline in x-enum-descriptions", () => {
  const payload = "a\n } globalThis.ran = true; enum More {";
  const document = documentWith(
    {},
    { schemas: { A: { type: "string", enum: ["a"], "x-enum-descriptions": [payload] } } },
  );

  test("is run as code by openapi-typescript's enum option", async () => {
    expect(run(await bare(document, { enum: true })).globals).toContain("ran");
  });

  test("is refused in what was generated", async () => {
    const text = await bare(document, { enum: true });
    expect(() => verifyTypes("generated/paths.ts", text)).toThrow(Refusal);
  });

  test("is nothing here, where the option is off", async () => {
    const files = await generate(textOf(document));
    expect(files.get("generated/paths.ts")).not.toContain("globalThis");
  });
});

describe("a tag in the text of a page", () => {
  const tags = "@internal {@link x} @ts-ignore @deprecated x@internal\n@see y\n * @default 1";
  const text = { title: tags, description: tags, default: tags, example: { a: [tags] } };
  const content = { "application/json": { schema: { type: "string", ...text }, ...text } };
  const parameters = [{ name: "q", in: "query", ...text, schema: {} }];
  const get = { summary: tags, ...text, parameters, responses: { "200": { ...text, content } } };
  const schemas = { A: { type: "object", ...text, properties: { "@id": { ...text } } } };
  const document = documentWith({ "/a": { get } }, { schemas });

  test("is no tag in generated code, and a name keeps its @", async () => {
    const types = (await generate(textOf(document))).get("generated/paths.ts") ?? "";
    const found = [...types.matchAll(/@([\w-]+)/g)].map(([, tag = ""]) => tag);
    expect([...new Set(found)].sort()).toEqual(["default", "description", "example", "id"]);
    expect(types).toContain("\\u0040internal {\\u0040link x} \\u0040ts-ignore");
    expect(types).toContain('"@id"?: unknown;');
  });

  test("takes nothing out of the declarations under stripInternal", async () => {
    const types = (await generate(textOf(document))).get("generated/paths.ts") ?? "";
    const { outputText } = ts.transpileDeclaration(types, {
      compilerOptions: { stripInternal: true, target: ts.ScriptTarget.ES2022 },
    });
    expect(outputText).toContain("get: {");
    expect(outputText).toContain('"@id"?: unknown;');
    expect(outputText).toContain('"application/json": string;');
  });
});

describe("a reference that leaves the document", () => {
  const places: [string, (url: string) => JsonObject, "refused" | "taken"][] = [
    ["a schema", (url) => ({ schemas: { A: { $ref: url } } }), "refused"],
    ["a response", (url) => ({ responses: { A: { $ref: url } } }), "refused"],
    ["a list", (url) => ({ schemas: { A: { type: "array", items: { $ref: url } } } }), "refused"],
    // These are data, or no types are made of them.
    ["an example", (url) => ({ schemas: { A: { example: { $ref: url } } } }), "taken"],
    ["a mapping", (url) => ({ schemas: { A: discriminated({ a: url }) } }), "taken"],
    ["a callback", (url) => ({ callbacks: { A: { "/a": { $ref: url } } } }), "taken"],
  ];
  test.each(places)("is neither fetched nor read in %s", async (_, components, outcome) => {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(request.url ?? "");
      response.end('{"type":"string"}');
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    try {
      const url = `http://127.0.0.1:${port}/schema.json`;
      const file = pathToFileURL("package.json").href;
      for (const target of [url, `${url}#/a`, file, "package.json", "../package.json#/name", ""]) {
        const generated = generate(textOf(documentWith({}, components(target))));
        if (outcome === "taken") await expect(generated).resolves.toBeInstanceOf(Map);
        else await expect(generated).rejects.toThrow(/is not a component of this document/);
      }
      expect(requests).toEqual([]);
    } finally {
      server.close();
    }
  });

  test.each([
    "#/components/schemas/Missing",
    "#/components/schemas/constructor",
    "#/info",
    "#",
    "#/",
  ])("is refused where it leads to no component: %s", async ($ref) => {
    const refused = generate(textOf(documentWith({}, { schemas: { A: { $ref } } })));
    await expect(refused).rejects.toThrow(Refusal);
  });

  function discriminated(mapping: JsonObject): JsonObject {
    return {
      oneOf: [{ type: "object", properties: { kind: { type: "string" } } }],
      discriminator: { propertyName: "kind", mapping },
    };
  }
});
