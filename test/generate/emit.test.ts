import { createHash } from "node:crypto";
import { format } from "prettier";
import { expect, describe, test } from "vitest";
import { generate, maxCode } from "../../scripts/generate/emit.js";
import { Refusal } from "../../scripts/lib/refusal.js";
import { compile } from "./compile.js";
import { documentWith, richDocument, textOf } from "./documents.js";

describe("every generated file", () => {
  test("says how to regenerate it, and from which bytes it was made", async () => {
    const text = textOf(richDocument);
    const digest = createHash("sha256").update(text).digest("hex");
    for (const content of (await generate(text)).values()) {
      expect(content).toMatch(/^\/\/ Generated .*`npm run generate`/);
      expect(content).toContain(`// spec/openapi.json SHA-256: ${digest}\n`);
    }
  });

  test("is formatted as this project is, and shows what a reader cannot see as escapes", async () => {
    for (const content of (await generate(textOf(richDocument))).values()) {
      expect(await format(content, { parser: "typescript", printWidth: 100 })).toBe(content);
      expect(content).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u);
      // An operation is known by its method and path.
      expect(content).not.toContain("createThing");
    }
  });

  test("compiles under this project's strict options, with the types that the document means", async () => {
    const use = `
      import type { components, paths } from "./generated/paths.js";
      import { postThings } from "./generated/operations.js";
      import { zones } from "./generated/zones.js";
      type Thing = components["schemas"]["Thing"];
      type Things = paths["/things"]["get"];
      type Text = paths["/things/{thingId}/text/{line}"]["get"];
      export const thing: Thing = { id: 1, inside: [{ id: 2 }], label: null, size: -2 };
      export const all: Things["responses"][200]["content"]["application/json"] = [thing];
      export const failure: Things["responses"][404]["content"]["application/json"] = { code: "" };
      export const query: Things["parameters"]["query"] = { "pg[limit]": 10 };
      export const text: Text["responses"][200]["content"]["text/plain"] = "";
      export const path: Text["parameters"]["path"] = { thingId: 1, line: "" };
      export const headers: Text["responses"][200]["headers"] = {};
      export const scope: "things:write" = postThings.scopes[0];
      export const url: "https://eu1.make.com/api/v2" = zones.eu1;
      // @ts-expect-error the code is required
      export const wrong: typeof failure = {};`;
    const files = await generate(textOf(richDocument));
    expect(compile(new Map([...files, ["use.ts", use]]))).toEqual([]);
  });
});

test("an example stays as it is, also where it looks like a schema", async () => {
  const example = { anyOf: [1], type: "bigint", operationId: "a", headers: { a: { $ref: "x" } } };
  const content = { "application/json": { schema: {}, example } };
  const get = { responses: { "200": { description: "", content } } };
  const files = await generate(textOf(documentWith({ "/a": { get } })));
  const [, comment = ""] = /@example(.*?)\*\//s.exec(files.get("generated/paths.ts") ?? "") ?? [];
  expect(JSON.parse(comment.replace(/^ *\*/gm, ""))).toEqual(example);
});

describe("a document", () => {
  const list = `${'{"type":"array","items":'.repeat(1e5)}{}${"}".repeat(1e5)}`;
  const nested = `{"openapi":"3.0.0","servers":[{"url":"https://eu1.make.com"}],"components":{"schemas":{"A":${list}}}}`;
  const malformed = textOf(documentWith({ "/a": { get: { parameters: [null], responses: [] } } }));
  const large = textOf(documentWith({}, { schemas: { A: { description: "x".repeat(maxCode) } } }));
  const names = Array.from({ length: 800 }, (_, index) => `p${index}`);
  const allOf = names.map(() => ({ $ref: "#/components/schemas/Wide" }));
  const Wide = { properties: Object.fromEntries(names.map((name) => [name, {}])) };
  const multiplied = textOf(documentWith({}, { schemas: { Wide, A: { required: names, allOf } } }));
  test.each([
    ["is empty", "", /JSON/],
    ["is not JSON", "{ \u001b[31m", /JSON/],
    ["is no object", "[]", /no object/],
    ["is malformed", malformed, /null/],
    ["is nested too deeply", nested, /stack/],
    ["requires every name in every part", multiplied, /allOf lists require more than 500000/],
    ["has types without end", large, /paths\.ts would be larger than 6291456 characters/],
  ])("that %s is refused", async (_, text, why) => {
    const refused = generate(text);
    await expect(refused).rejects.toThrow(Refusal);
    await expect(refused).rejects.toThrow(/^spec\/openapi\.json cannot be turned into code: /);
    await expect(refused).rejects.toThrow(why);
    await expect(refused).rejects.not.toThrow(/[^ -~]/);
  });
});
