import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject, Path } from "../../scripts/lib/json.js";
import { type Fragment, placeOf } from "../../scripts/pull/read/fragment.js";
import { merge } from "../../scripts/pull/merge/merge.js";
import { fragmentsOf } from "../../scripts/pull/read/fragments.js";
import { mergePage, openapi, operation, page, seed, withComponents } from "./support.js";

const merged = (...documents: object[]) => mergePage(page(...documents)).document;
const at = (document: JsonObject, ...path: (string | number)[]) =>
  path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], document);

describe("merging", () => {
  test("puts the seed page together, with the scopes at the operations", () => {
    const { document } = merge(fragmentsOf("api-tokens", Buffer.from(seed)));
    expect(Object.keys(document)).toEqual([
      "openapi",
      "info",
      "servers",
      "tags",
      "components",
      "paths",
    ]);
    const paths = document["paths"] as Record<string, Record<string, { security: unknown }>>;
    expect(
      Object.entries(paths).map(([path, item]) => [
        path,
        Object.entries(item).map(([method, { security }]) => [method, security]),
      ]),
    ).toEqual([
      [
        "/users/me/api-tokens",
        [
          ["get", [{ token: ["user:read"] }]],
          ["post", [{ token: ["user:write"] }]],
        ],
      ],
      ["/users/me/api-tokens/{timestamp}", [["delete", [{ token: ["user:write"] }]]]],
    ]);
  });

  test("moves security where it is absent, not where it is empty or the operation's own", () => {
    const own = [{ token: ["things:own"] }];
    const document = merged(
      openapi({
        paths: {
          "/a": { get: operation() },
          "/b": { get: operation({ security: [] }) },
          "/c": { get: operation({ security: own }) },
        },
      }),
    );
    expect(document).not.toHaveProperty("security");
    expect(at(document, "paths", "/a", "get", "security")).toEqual([{ token: ["things:read"] }]);
    expect(at(document, "paths", "/b", "get", "security")).toEqual([]);
    expect(at(document, "paths", "/c", "get", "security")).toEqual(own);
  });

  test("leaves security absent where neither says anything", () => {
    const document = openapi();
    delete document["security"];
    expect(at(merged(document), "paths", "/things", "get")).not.toHaveProperty("security");
  });

  test("moves a path's parameters to its operations, where they do not have their own", () => {
    const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
    const page = { name: "page", in: "query", schema: { type: "integer" } };
    const ownPage = { ...page, description: "own" };
    const document = merged(
      withComponents(
        { parameters: { page: ownPage } },
        {
          paths: {
            "/things/{id}": {
              summary: "One thing",
              parameters: [id, page],
              get: operation({ parameters: [{ $ref: "#/components/parameters/page" }] }),
              delete: operation(),
            },
          },
        },
      ),
    );
    const item = at(document, "paths", "/things/{id}") as JsonObject;
    expect(Object.keys(item)).toEqual(["get", "delete", "summary"]);
    expect(at(item, "get", "parameters")).toEqual([{ $ref: "#/components/parameters/page" }, id]);
    expect(at(item, "delete", "parameters")).toEqual([id, page]);
  });

  test("refuses parameters of a path that has no operation beside them", () => {
    const lone = openapi({ paths: { "/a": { parameters: [{ name: "q", in: "query" }] } } });
    const other = openapi({ paths: { "/a": { get: operation() } } });
    expect(() => mergePage(page(lone, other))).toThrow(
      "paths./a: parameters of a path without an operation",
    );
  });

  test("takes an operation that is there twice only where both are equal", () => {
    const reordered = openapi({
      paths: { "/things": { get: { responses: { 200: { description: "Done" } } } } },
    });
    expect(merged(openapi(), reordered)).toEqual(merged(openapi()));
    const other = openapi({ security: [{ token: ["things:write"] }] });
    expect(() => merged(openapi(), other)).toThrow(
      'disagree on paths./things.get.security[0].token[0]: "things:read" and "things:write".',
    );
  });

  test("keeps what only some fragments have", () => {
    const document = merged(
      withComponents({ schemas: { A: { type: "string" } } }, { tags: [{ name: "b" }] }),
      withComponents(
        { schemas: { B: { type: "string" } }, headers: { H: { schema: { type: "string" } } } },
        { tags: [{ name: "a", description: "first" }], paths: { "/x": { get: operation() } } },
      ),
    );
    expect(at(document, "tags")).toEqual([{ name: "a", description: "first" }, { name: "b" }]);
    expect(Object.keys(at(document, "components", "schemas") as object)).toEqual(["A", "B"]);
    expect(Object.keys(at(document, "components", "headers") as object)).toEqual(["H"]);
    expect(Object.keys(document["paths"] as object)).toEqual(["/things", "/x"]);
  });

  const servers = openapi()["servers"] as object[];
  test.each([
    [
      "a further server",
      openapi({ servers: [...servers, { url: "https://x.make.com/api/v2" }] }),
      "servers[2]",
      'nothing and {"url":"https://x.make.com/api/v2"}',
    ],
    [
      "a security scheme",
      withComponents({ securitySchemes: { token: { type: "http", scheme: "bearer" } } }),
      "components.securitySchemes.token.in",
      '"header" and nothing',
    ],
  ])("refuses fragments that differ in %s, naming both places", (_, other, where, difference) => {
    const first = openapi({ paths: { "/first": { get: operation() } } });
    const run = () => merged(first, other);
    expect(run).toThrow(/^page\.md:\d+ and page\.md:\d+ disagree on /);
    expect(run).toThrow(`disagree on ${where}: ${difference}.`);
  });

  test.each([
    [
      "schemas",
      { components: { schemas: { A: { type: "string" } } } },
      { components: { schemas: { A: { type: "object" } } } },
      "components.schemas.A.type",
    ],
  ])("refuses fragments that differ in equally named %s", (_, one, other, where) => {
    expect(() => merged(openapi(one), openapi(other))).toThrow(`disagree on ${where}: `);
  });

  test("names the lines of both places", () => {
    const schemas = (type: string) => withComponents({ schemas: { A: { type } } });
    const text = page(schemas("boolean"), schemas("integer"));
    const lines = text.split("\n");
    const numbers = lines.flatMap((line, index) =>
      /"(?:boolean|integer)"/.test(line) ? [index + 1] : [],
    );
    expect(numbers).toHaveLength(2);
    expect(() => mergePage(text)).toThrow(
      `page.md:${numbers[0]} and page.md:${numbers[1]} disagree`,
    );
  });

  test.each([
    ["paths", openapi({ paths: [] }), "paths is not an object"],
    ["a path", openapi({ paths: { "/a": 1 } }), "paths./a is not an object"],
    ["components", openapi({ components: { schemas: [] } }), "components.schemas is not an object"],
    ["tags", openapi({ tags: {} }), "tags is not a list"],
    ["a tag", openapi({ tags: ["a"] }), "tags[0] has no name"],
    [
      "parameters",
      openapi({ paths: { "/a": { parameters: {}, get: operation() } } }),
      "parameters is not a list",
    ],
  ])("refuses %s of the wrong type, with the place", (_, document, message) => {
    expect(() => merged(document)).toThrow(/^page\.md:\d+: /);
    expect(() => merged(document)).toThrow(message);
  });

  test("knows where each part of the document comes from", () => {
    const text = page(
      openapi({ tags: [{ name: "z" }] }),
      withComponents(
        { schemas: { A: { type: "string" } } },
        { tags: [{ name: "a" }], paths: { "/b": { get: operation() } } },
      ),
    );
    const { originOf } = mergePage(text);
    const placeAt = (path: Path): string => {
      const { fragment, path: there } = originOf(path);
      return placeOf(fragment, there);
    };
    const lineOf = (needle: string, from = 0) =>
      `page.md:${text.split("\n").findIndex((line, index) => index >= from && line.includes(needle)) + 1}`;
    expect(placeAt(["servers", 1, "url"])).toBe(lineOf("us1.make.com"));
    expect(placeAt(["tags", 1, "name"])).toBe(lineOf('"z"'));
    expect(placeAt(["components", "schemas", "A", "type"])).toBe(lineOf('"string"'));
    expect(placeAt(["paths", "/b", "get", "nowhere"])).toBe(lineOf('"get"', 50));
    expect(placeAt(["paths", "/b"])).toBe(lineOf('"/b"'));
  });
});

describe("the merged document", () => {
  const parts = (index: number): JsonObject =>
    withComponents(
      {
        schemas: {
          [`S${index % 4}`]:
            index % 2 ? { type: "object", title: "S" } : { title: "S", type: "object" },
          Shared: index % 3 ? { type: "string", format: "uri" } : { format: "uri", type: "string" },
        },
      },
      {
        tags: [{ name: `t${index % 3}` }, { name: "all" }],
        security: [{ token: [`s${index}`] }],
        paths: {
          [`/p${index % 5}`]: {
            [["get", "put", "post", "delete"][index % 4] ?? "get"]: operation({
              summary: `${index % 20}`,
              security: [],
            }),
          },
        },
      },
    );
  const fragments: Fragment[] = Array.from({ length: 12 }, (_, index) => ({
    page: "page",
    line: index,
    text: "",
    document: parts(index),
  }));
  const expected = JSON.stringify(merge(fragments).document);

  test("does not depend on the order of the fragments, on one page or on many", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(fragments, { minLength: fragments.length }),
        fc.array(fc.nat(3), { minLength: fragments.length, maxLength: fragments.length }),
        (shuffled, pages) => {
          const moved = shuffled.map((fragment, line) => ({
            ...fragment,
            line,
            page: `page${pages[line] ?? 0}`,
          }));
          expect(JSON.stringify(merge(moved).document)).toBe(expected);
        },
      ),
    );
  });

  test("is what merging it again yields", () => {
    const { document } = merge(fragments);
    const again = merge([{ page: "page", line: 1, text: "", document }]);
    expect(JSON.stringify(again.document)).toBe(expected);
  });
});
