import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type JsonObject, valueAt } from "../../scripts/lib/json.js";
import { merge } from "../../scripts/pull/merge.js";
import { openapi, operation, page, pageOf, seed, withComponents } from "./support.js";

const merged = (...documents: object[]): JsonObject => merge(pageOf(page(...documents))).document;
const get = (more: object): JsonObject =>
  openapi({ paths: { "/things": { get: operation(more) } } });
const schema = (one: object): JsonObject => withComponents({ schemas: { Thing: one } });
const servers = openapi()["servers"] as object[];

describe("merging", () => {
  test("puts the seed page together in the usual order", () => {
    const { document, notes } = merge(pageOf(seed));
    expect(notes).toEqual([]);
    const keys = ["openapi", "info", "servers", "tags", "components", "paths"];
    expect(Object.keys(document)).toEqual(keys);
    const documented = merged(openapi({ externalDocs: { url: "https://make.com/" } }));
    expect(Object.keys(documented).slice(0, 4)).toEqual([
      ...["openapi", "info", "externalDocs", "servers"],
    ]);
    const [list, one] = ["/users/me/api-tokens", "/users/me/api-tokens/{timestamp}"];
    expect(Object.keys(document["paths"] as object)).toEqual([list, one]);
    expect(Object.keys(valueAt(document, ["paths", list]) as object)).toEqual(["get", "post"]);
  });

  test("moves security where it is absent, not where it is empty or the operation's own", () => {
    const own = { security: [{ token: ["things:own"] }] };
    const item = { get: operation(), put: operation({ security: [] }), post: operation(own) };
    const document = merged(openapi({ paths: { "/a": item } }));
    expect(document).not.toHaveProperty("security");
    expect(valueAt(document, ["paths", "/a"])).toMatchObject({
      ...{ get: { security: [{ token: ["things:read"] }] }, put: { security: [] }, post: own },
    });
    const silent = merged(openapi({ security: undefined }));
    expect(valueAt(silent, ["paths", "/things", "get"])).not.toHaveProperty("security");
  });

  test("moves a path's parameters to its operations, where they do not have their own", () => {
    const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
    const limit = { name: "limit", in: "query", schema: { type: "integer" } };
    // Only the first is a component of this fragment.
    const [own, another, more] = ["limit", "another", "more"].map((name) => ({
      $ref: `#/components/parameters/${name}`,
    }));
    const get = operation({ parameters: [own, another] });
    const paths = { "/{id}": { parameters: [id, limit, more], get, delete: operation() } };
    const document = merged(withComponents({ parameters: { limit } }, { paths }));
    const item = valueAt(document, ["paths", "/{id}"]) as JsonObject;
    expect(Object.keys(item)).toEqual(["get", "delete"]);
    expect(item).toMatchObject({
      get: { parameters: [own, another, id, more] },
      delete: { parameters: [id, limit, more] },
    });
  });

  test("keeps what only some fragments say, and an empty list says nothing", () => {
    const document = merged(
      withComponents({ schemas: { B: {} } }, { tags: [{ name: "b" }], servers: [] }),
      withComponents({ schemas: { A: {} }, headers: { H: {} } }, { tags: [{ name: "a" }] }),
      { openapi: "3.0.0", components: { schemas: { C: {} } } },
    );
    const schemas = valueAt(document, ["components", "schemas"]) as object;
    expect(Object.keys(schemas)).toEqual(["A", "B", "C"]);
    expect(document).toMatchObject({ servers, tags: [{ name: "a" }, { name: "b" }] });
  });
});

// prettier-ignore
const worded: [title: string, one: object, other: object, difference: string][] = [
  ["a summary", get({ summary: "a" }), get({ summary: "b" }), 'paths./things.get.summary: "a" and "b"'],
  ["words in one only", get({ description: "a" }), get({}), 'paths./things.get.description: "a" and nothing'],
  ["components", schema({ description: "a" }), schema({ description: "b" }), 'components.schemas.Thing.description: "a" and "b"'],
  ["tags", openapi({ tags: [{ name: "t", description: "a" }] }), openapi({ tags: [{ name: "t" }] }), 'tags.t.description: "a" and nothing'],
  ["info", openapi(), openapi({ info: { title: "X", version: "1.0.0" } }), 'info.title: "Things" and "X"'],
  ["the version of OpenAPI 3.0", openapi(), openapi({ openapi: "3.0.3" }), 'openapi: "3.0.0" and "3.0.3"'],
  ["the order of servers", openapi(), openapi({ servers: [...servers].reverse() }), "servers.url: "],
  ["the order of an enum", schema({ enum: ["a", "b"] }), schema({ enum: ["b", "a"] }), "components.schemas.Thing.enum: "],
];

describe("where fragments differ in words or order, the first by its text is taken, and noted:", () => {
  test.each(worded)("%s", (_, one, other, difference) => {
    const [first, second] = pageOf(page(one, other)).map(({ line }) => `page.md:${line}`);
    const { document, notes } = merge(pageOf(page(one, other)));
    const what = "words or order differ; the first by its text is taken";
    expect(notes).toEqual([{ where: expect.stringContaining(difference) as string, what }]);
    expect(notes[0]?.where).toContain(`${first} and ${second}, `);
    expect(JSON.stringify(merged(other, one))).toBe(JSON.stringify(document));
  });

  test("but not for what is equal, in whatever order its keys are", () => {
    const reordered = Object.fromEntries(Object.entries(openapi()).reverse());
    expect(merge(pageOf(page(openapi(), openapi(), reordered))).notes).toEqual([]);
  });
});

const named = (type: string) => schema({ properties: { description: { type } } });
const token = { type: "http", scheme: "bearer" };
// prettier-ignore
const contradictory: [title: string, one: object, other: object, what: string][] = [
  ["servers", openapi(), openapi({ servers: [{ url: "https://x.make.com" }] }), 'servers.url: "https://eu1.make.com/api/v2" and "https://x.make.com".'],
  ["scopes", openapi(), openapi({ security: [{ token: ["x"] }] }), 'paths./things.get.security.token: "things:read" and "x".'],
  ["a property that is called as words are", named("number"), named("string"), 'components.schemas.Thing.properties.description.type: "number" and "string".'],
  ["a property of one only", schema({ properties: { a: {} } }), schema({ properties: {} }), "components.schemas.Thing.properties.a: {} and nothing."],
  ["a security scheme", openapi(), withComponents({ securitySchemes: { token } }), 'components.securitySchemes.token.in: "header" and nothing.'],
  ["what paths are", openapi({ paths: "x" }), openapi(), 'paths: "x" and {}.'],
];

describe("fragments that contradict each other are refused, with both places:", () => {
  test.each(contradictory)("%s", (_, one, other, what) => {
    const places = pageOf(page(one, other)).map(({ line }) => `page.md:${line}`);
    const message = `${places.join(" and ")} disagree on ${what}`;
    expect(() => merged(one, other)).toThrow(message);
  });
});

describe("the merged document", () => {
  const parts = (index: number): JsonObject => {
    const method = ["get", "put", "post", "delete"][index % 4] ?? "";
    const title = index % 2 ? { type: "object", title: "S" } : { title: "S", type: "object" };
    const shared = { enum: index % 3 ? ["a", "b"] : ["b", "a"], description: `${index % 5}` };
    const parameters = [{ name: "q", in: "query", schema: {} }];
    return withComponents(
      { schemas: { [`S${index % 4}`]: title, Shared: shared } },
      {
        tags: [{ name: `t${index % 3}`, description: `${index}` }, { name: "all" }],
        security: [{ token: [`s${index}`] }],
        servers: index % 4 ? servers : [...servers].reverse(),
        paths: { [`/p${index % 5}`]: { parameters, [method]: operation({ summary: `${index}` }) } },
      },
    );
  };
  const fragments = Array.from({ length: 12 }, (_, line) => ({
    ...{ page: "page", line, document: parts(line) },
  }));
  const expected = JSON.stringify(merge(fragments).document);

  test("does not depend on the order of the fragments, on one page or on many", () => {
    const order = fc.shuffledSubarray(fragments, { minLength: fragments.length });
    const pages = fc.array(fc.nat(3), { minLength: fragments.length, maxLength: fragments.length });
    fc.assert(
      fc.property(order, pages, (shuffled, pages) => {
        const moved = shuffled.map(({ document }, line) => ({
          ...{ document, line, page: `page${pages[line] ?? 0}` },
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
