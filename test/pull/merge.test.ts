import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../scripts/lib/json.js";
import type { Fragment } from "../../scripts/pull/faults.js";
import { fragmentsOf } from "../../scripts/pull/fragments.js";
import { merge } from "../../scripts/pull/merge.js";
import { openapi, operation, page, seed, withComponents } from "./support.js";

const fragmentsIn = (...documents: object[]) =>
  fragmentsOf("page", Buffer.from(page(...documents)));
const merged = (...documents: object[]): JsonObject => merge(fragmentsIn(...documents)).document;
const at = (document: JsonObject, ...path: (string | number)[]) =>
  path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], document);
const get = (more: object): JsonObject =>
  openapi({ paths: { "/things": { get: operation(more) } } });
const schema = (one: object): JsonObject => withComponents({ schemas: { Thing: one } });

const servers = openapi()["servers"] as object[];

const text = schema({ properties: { description: { type: "string" } } });
const number = schema({ properties: { description: { type: "number" } } });
const token = { type: "http", scheme: "bearer" };

describe("merging", () => {
  test("puts the seed page together in the usual order, with the scopes at the operations", () => {
    const { document, notes } = merge(fragmentsOf("api-tokens", Buffer.from(seed)));
    expect(notes).toEqual([]);
    const keys = ["openapi", "info", "servers", "tags", "components", "paths"];
    expect(Object.keys(document)).toEqual(keys);
    const scopes = Object.entries(document["paths"] as object).map(([path, item]) => [
      path,
      ...Object.entries(item as Record<string, JsonObject>).map(([method, { security }]) => [
        method,
        security,
      ]),
    ]);
    expect(scopes).toEqual([
      [
        "/users/me/api-tokens",
        ["get", [{ token: ["user:read"] }]],
        ["post", [{ token: ["user:write"] }]],
      ],
      ["/users/me/api-tokens/{timestamp}", ["delete", [{ token: ["user:write"] }]]],
    ]);
  });

  test("moves security where it is absent, not where it is empty or the operation's own", () => {
    const own = [{ token: ["things:own"] }];
    const get = operation();
    const put = operation({ security: [] });
    const post = operation({ security: own });
    const document = merged(openapi({ paths: { "/a": { get, put, post } } }));
    expect(document).not.toHaveProperty("security");
    expect(at(document, "paths", "/a", "get", "security")).toEqual([{ token: ["things:read"] }]);
    expect(at(document, "paths", "/a", "put", "security")).toEqual([]);
    expect(at(document, "paths", "/a", "post", "security")).toEqual(own);
    const silent = merged(openapi({ security: undefined }));
    expect(at(silent, "paths", "/things", "get")).not.toHaveProperty("security");
  });

  test("moves a path's parameters to its operations, where they do not have their own", () => {
    const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
    const page = { name: "page", in: "query", schema: { type: "integer" } };
    const own = { $ref: "#/components/parameters/page" };
    const item = {
      parameters: [id, page],
      get: operation({ parameters: [own] }),
      delete: operation(),
    };
    const document = merged(
      withComponents(
        { parameters: { page: { ...page, description: "own" } } },
        { paths: { "/{id}": item } },
      ),
    );
    expect(Object.keys(at(document, "paths", "/{id}") as object)).toEqual(["get", "delete"]);
    expect(at(document, "paths", "/{id}", "get", "parameters")).toEqual([own, id]);
    expect(at(document, "paths", "/{id}", "delete", "parameters")).toEqual([id, page]);
  });

  test("keeps what only some fragments say: components, tags, servers, and an empty list says nothing", () => {
    const document = merged(
      withComponents({ schemas: { B: {} } }, { tags: [{ name: "b" }], servers: [] }),
      withComponents({ schemas: { A: {} }, headers: { H: {} } }, { tags: [{ name: "a" }] }),
      { openapi: "3.0.0", components: { schemas: { C: {} } } },
    );
    expect(at(document, "tags")).toEqual([{ name: "a" }, { name: "b" }]);
    expect(Object.keys(at(document, "components", "schemas") as object)).toEqual(["A", "B", "C"]);
    expect(at(document, "servers")).toEqual(openapi()["servers"]);
  });
});

// prettier-ignore
const worded: [title: string, one: object, other: object, note: string][] = [
  ["a summary", get({ summary: "b" }), get({ summary: "a" }), 'paths./things.get.summary: … "b" and "a"'],
  ["words in one only", get({}), get({ description: "a" }), 'paths./things.get.description: … nothing and "a"'],
  ["components", schema({ description: "a" }), schema({ description: "b" }), 'components.schemas.Thing.description: … "a" and "b"'],
  ["tags", openapi({ tags: [{ name: "t", description: "a" }] }), openapi({ tags: [{ name: "t" }] }), 'tags.t.description: … "a" and nothing'],
  ["info", openapi(), openapi({ info: { title: "X", version: "1.0.0" } }), 'info.title: … "Things" and "X"'],
  ["the version of OpenAPI 3.0", openapi(), openapi({ openapi: "3.0.3" }), 'openapi: … "3.0.0" and "3.0.3"'],
  ["the order of servers", openapi(), openapi({ servers: [...servers].reverse() }), "servers: …"],
  ["the order of an enum", schema({ enum: ["a", "b"] }), schema({ enum: ["b", "a"] }), "components.schemas.Thing.enum: …"],
];

describe("where fragments differ in words or order, the first by its text is taken, and noted:", () => {
  test.each(worded)("%s", (_, one, other, note) => {
    const [where, values = ""] = note.split(": …");
    const { document, notes } = merge(fragmentsIn(one, other));
    const [, line] = fragmentsIn(one, other).map((fragment) => fragment.line);
    const said = `the fragments differ in words or order (here and at page.md:${line})`;
    const difference = values === "" ? "" : `:${values}`;
    expect(notes).toEqual([
      {
        where: `page.md:5, ${where}`,
        what: `${said}${difference}; the first by its text is taken`,
      },
    ]);
    expect(JSON.stringify(merged(other, one))).toBe(JSON.stringify(document));
  });

  test("but not for what is equal, in whatever order its keys are", () => {
    const reordered = Object.fromEntries(Object.entries(openapi()).reverse());
    expect(merge(fragmentsIn(openapi(), openapi(), reordered)).notes).toEqual([]);
  });
});

// prettier-ignore
const contradictory: [title: string, one: object, other: object, what: string][] = [
  ["servers", openapi(), openapi({ servers: [{ url: "https://x.make.com" }] }), 'servers: {"url":"https://eu1.make.com/api/v2"} and {"url":"https://x.make.com"}.'],
  ["scopes", openapi(), openapi({ security: [{ token: ["x"] }] }), 'paths./things.get.security: {"token":["things:read"]} and {"token":["x"]}.'],
  ["a property that is called as words are", text, number, 'components.schemas.Thing.properties.description.type: "string" and "number".'],
  ["a property of one only", schema({ properties: { a: {} } }), schema({ properties: {} }), "components.schemas.Thing.properties.a: {} and nothing."],
  ["a security scheme", openapi(), withComponents({ securitySchemes: { token } }), 'components.securitySchemes.token.in: "header" and nothing.'],
  ["what paths are", openapi(), openapi({ paths: "x" }), 'paths: {} and "x".'],
];

describe("fragments that contradict each other are refused, with both places:", () => {
  test.each(contradictory)("%s", (_, one, other, what) => {
    const [, line] = fragmentsIn(one, other).map((fragment) => fragment.line);
    const places = `page.md:5 and page.md:${line} disagree on `;
    expect(() => merged(one, other)).toThrow(places + what);
  });
});

describe("the merged document", () => {
  const parts = (index: number): JsonObject =>
    withComponents(
      {
        schemas: {
          [`S${index % 4}`]:
            index % 2 ? { type: "object", title: "S" } : { title: "S", type: "object" },
          Shared: { enum: index % 3 ? ["a", "b"] : ["b", "a"], description: `${index % 5}` },
        },
      },
      {
        tags: [{ name: `t${index % 3}`, description: `${index}` }, { name: "all" }],
        security: [{ token: [`s${index}`] }],
        servers:
          index % 4 ? openapi()["servers"] : [...(openapi()["servers"] as object[])].reverse(),
        paths: {
          [`/p${index % 5}`]: {
            parameters: [{ name: "q", in: "query", schema: {} }],
            [["get", "put", "post", "delete"][index % 4] ?? "get"]: operation({
              summary: `${index}`,
            }),
          },
        },
      },
    );
  const fragments: Fragment[] = Array.from({ length: 12 }, (_, line) => ({
    ...{ page: "page", line, document: parts(line) },
  }));
  const expected = JSON.stringify(merge(fragments).document);

  test("does not depend on the order of the fragments, on one page or on many", () => {
    const order = fc.shuffledSubarray(fragments, { minLength: fragments.length });
    const pages = fc.array(fc.nat(3), { minLength: fragments.length, maxLength: fragments.length });
    fc.assert(
      fc.property(order, pages, (shuffled, pages) => {
        const moved = shuffled.map(({ document }, line) => ({
          document,
          line,
          page: `page${pages[line] ?? 0}`,
        }));
        expect(JSON.stringify(merge(moved).document)).toBe(expected);
      }),
    );
  });

  test("is what merging it again yields", () => {
    const document = JSON.parse(expected) as JsonObject;
    expect(JSON.stringify(merge([{ page: "page", line: 1, document }]).document)).toBe(expected);
  });
});
