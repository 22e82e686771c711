import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Json, type JsonObject, type Path, setAt } from "../../scripts/lib/json.js";
import { everyValue } from "../../scripts/lib/openapi.js";
import { Refusal } from "../../scripts/lib/refusal.js";
import { forms, lint } from "../../scripts/pull/lint.js";
import { openapi, operation, page, pageOf, refusalOf, take, withComponents } from "./support.js";

const paths = (items: object): JsonObject => openapi({ paths: items });
const get = (more: object): JsonObject => paths({ "/things": { get: operation(more) } });
const schema = (one: object): JsonObject => withComponents({ schemas: { Thing: one } });
const thing = "components.schemas.Thing";

/** Refuses each document for the same: where, and what. */
const refuses = (where: string, what: string, remedy: string | RegExp, documents: object[]) =>
  test.each(documents.map((document) => [JSON.stringify(document).slice(0, 80), document]))(
    "%s",
    async (_, document) => {
      const refusal = await refusalOf(page(document));
      expect(refusal).toBeInstanceOf(Refusal);
      expect(refusal.message).toContain(`page.md:5: ${where}: `);
      expect(refusal.message).toContain(what);
      expect(refusal.remedy).toMatch(remedy);
    },
  );

const own = [{ url: "https://eu1.make.com/api/v2" }];
const eu1 = "https://eu1.make.com/api/v2";
const servers = (...urls: unknown[]) => openapi({ servers: urls.map((url) => ({ url })) });
const copy = /^Nothing was changed\. Save the page as a file/;

describe("a server on another host is refused, with a look as the remedy:", () => {
  const entry = /^Nothing was changed\. Look at the page first: .* add "[a-z0-9.-]+" to "hosts"/;
  refuses("servers[1].url", "is outside the hosts", entry, [
    servers(eu1, "https://eu1.make.com.evil.example/api/v2"),
    servers(eu1, "https://evilmake.com/api/v2"),
    servers(eu1, "https://eu1.xn--mke-5cd.com/api/v2"),
  ]);
});

describe("a server that is not as plain as it seems is refused:", () => {
  const urls = [
    ...["http://eu1.make.com/api/v2", "https://EU1.make.com/api/v2", `${eu1}/`, `${eu1}?x`],
    ...["https://eu1.make.com@evil.example/a", "https://eu1.make.com:8443/a", `${eu1}#x`],
    ...["https://{zone}.make.com/a", "https://eu1.m\u0430ke.com/a", "https://eu1.make.com./a"],
    ...["https://evil.example\\.make.com/a", ` ${eu1}`, "https://eu1.make\n.com/a", "/api/v2"],
    ...["https://eu1.make.com/x/../a", "https://eu1.make.com/a%2fb", "https://127.0.0.1/a"],
  ];
  refuses(
    "servers[0].url",
    "is not plainly https",
    copy,
    urls.map((url) => servers(url)),
  );
});

describe("a server of a single path or operation is refused:", () => {
  refuses("paths./things.servers", "of its own", /leave this path out/, [
    paths({ "/things": { servers: own, get: operation() } }),
  ]);
  refuses("paths./things.get.servers", "of its own", /leave this operation out/, [
    get({ servers: own }),
  ]);
});

describe("authentication that this client has not is refused:", () => {
  const scheme = (token: object) => withComponents({ securitySchemes: { token } });
  refuses("components.securitySchemes.token", "is no apiKey", /a token in the header/, [
    scheme({ type: "http", scheme: "bearer" }),
    scheme({ type: "apiKey", in: "header", name: "x-api-key" }),
  ]);
  const requirement = (token: unknown) => get({ security: [{ token }] });
  refuses("paths./things.get.security[0].token", "this is no scope", /operation out/, [
    requirement(["user:read\u001b[2J\r\n"]),
    requirement([1]),
  ]);
  refuses("paths./things.get.security[0].other", "no such scheme", /operation out/, [
    get({ security: [{ other: [] }] }),
  ]);
});

describe("a parameter that would take the token's place is refused:", () => {
  const parameter = { name: "aUTHORIZATION", in: "header", schema: {} };
  refuses("paths./things.get.parameters[0]", "sets the header", /leave/, [
    get({ parameters: [parameter] }),
    paths({ "/things": { parameters: [parameter], get: operation() } }),
    withComponents(
      { parameters: { A: parameter } },
      get({ parameters: [{ $ref: "#/components/parameters/A" }] }),
    ),
  ]);
});

describe("a reference that leads out of the components is refused:", () => {
  const refs = [
    ...["/etc/passwd", "./a.json", "https://evil.example/a.json", "#/a;console.log(1)/b", "#Thing"],
    ...["x.json#/components/schemas/A", "#/paths/~1things/get", "#/components/pathItems/A", ""],
    ...["#/components/constructor/name", "#/components/schemas/Thing/a"],
  ];
  const form = "is not of the form #/components";
  refuses(`${thing}.$ref`, form, /leave this schema open/, [
    ...refs.map(($ref) => schema({ $ref })),
    schema({ $ref: { a: 1 } }),
  ]);
  refuses(`${thing}.properties.$ref`, form, /schema open/, [
    schema({ properties: { $ref: { type: "string" } } }),
  ]);
  refuses(`${thing}.$ref`, "leads to no component, or over too many", /schema open/, [
    schema({ $ref: "#/components/schemas/Gone" }),
    schema({ $ref: "#/components/schemas/Thing" }),
  ]);
  test("also where what it leads to was left out", async () => {
    const headers = { a: { $ref: "#/components/headers/A" } };
    const responses = { 200: { description: "", headers } };
    const item = { get: operation({ responses }) };
    const text = page(withComponents({ headers: { A: null } }, { paths: { "/a": item } }));
    expect((await refusalOf(text)).message).toContain("headers.a.$ref: leads to no component");
  });
});

describe("a name that could steer a terminal is refused:", () => {
  refuses(`${thing}.properties.a\\u200b`, "invisible", /schema open/, [
    schema({ properties: { "a\u200b": {} } }),
  ]);
  refuses(`${thing}.properties.`, "an empty name", /schema open/, [
    schema({ properties: { "": {} } }),
  ]);
});

describe("a path that could lead elsewhere is refused:", () => {
  const names = [
    ...["things", "x-things", "https://evil.example/", "//evil.example", "/a/../b", "/a/.", "/a?b"],
    ...["/a/%2e%2e/b", "/a#b", "/a\\b", "/a b", "/{a", "/{{a}}", "/{}"],
  ];
  test.each(names)("%s", async (name) => {
    const { message, remedy } = await refusalOf(page(paths({ [name]: { get: operation() } })));
    expect(message).toMatch(/: not a plain path/);
    expect(remedy).toContain("To leave this path out");
  });
});

describe("a page that costs too much is refused before anything is made of it:", () => {
  const many = (count: number, value: unknown) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`/a${index}`, value]));
  const deep = JSON.parse(`${'{"a":'.repeat(120)}1${"}".repeat(120)}`) as object;
  test.each<[string, object]>([
    ["characters", openapi({ info: { title: "x".repeat(4e6), version: "1" } })],
    ["characters, with 50 for each value", openapi({ "x-a": many(100, many(800, 1)) })],
    ["entries of one object or list", schema({ enum: Array.from({ length: 1001 }, String) })],
    ["characters of a name", schema({ properties: { ["x".repeat(1001)]: {} } })],
    ["values inside each other", schema({ example: deep })],
  ])("more than so many %s", (what, document) => {
    const read = () => pageOf(page(JSON.stringify(document)));
    expect(read).toThrow(new RegExp(`^page\\.md:5: more than \\d+ ${what}`));
  });

  test("also where only the merged document does, which repeats the scopes", async () => {
    const security = [{ token: Array.from({ length: 900 }, (_, i) => `s${i}`) }];
    const { message } = await refusalOf(
      page({ ...paths(many(900, { get: operation() })), security }),
    );
    expect(message).toContain("The pages together: more than 4000000 characters");
  });

  test("also where there are too many fragments, each of which may say the same otherwise", async () => {
    const fragment = (i: number) => `{"openapi":"3.0.0","x-a":${i}}`;
    const fragments = Array.from({ length: 2001 }, (_, i) => fragment(i));
    const { message } = await refusalOf(page(...fragments));
    expect(message).toBe("The pages together: more than 2000 fragments.");
  });
});

test("nothing outside of the document is read, even past the guard", async () => {
  let requests = 0;
  const server = createServer((_, response) => void response.end(`{${++requests}}`));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.json`;
  const discriminator = { propertyName: "a", mapping: { a: url } };
  const schemas = { A: { $ref: url }, B: { $ref: "/etc/hostname" }, C: { discriminator } };
  await lint(withComponents({ schemas, examples: { a: { externalValue: url } } }), forms);
  await new Promise((closed) => server.close(closed));
  expect(requests).toBe(0);
});

describe("whatever stands in whatever place", () => {
  const parameter = { name: "id", in: "path", required: true, schema: { type: "integer" } };
  const ref = (section: string, name: string) => ({ $ref: `#/components/${section}/${name}` });
  const discriminator = { propertyName: "kind", mapping: { a: "#/components/schemas/Other" } };
  const properties = { id: { type: "integer" }, next: ref("schemas", "Thing") };
  const sound = withComponents(
    {
      schemas: {
        Thing: { type: "object", required: ["id"], discriminator, properties },
        Other: { allOf: [ref("schemas", "Thing"), { enum: ["a", 1, null] }] },
      },
      parameters: { limit: { name: "limit", in: "query", schema: { type: "integer" } } },
      examples: { one: { value: { id: 1 } } },
    },
    {
      tags: [{ name: "Things" }],
      paths: {
        "/things/{id}": {
          parameters: [parameter],
          get: operation({
            operationId: "a",
            tags: ["Things"],
            parameters: [ref("parameters", "limit")],
          }),
          put: operation({
            requestBody: { content: { "a/b": { schema: ref("schemas", "Other") } } },
          }),
        },
      },
    },
  );
  const all: Path[] = [];
  everyValue(sound, (_, path) => void all.push(path));

  test("is taken as valid OpenAPI or refused with its place, never a fault of the scripts", async () => {
    const odd = fc.oneof(
      fc.constantFrom<Json>(null, true, 0, "", [], {}, [null], [{}], { $ref: null }, ["a", "a"]),
      fc.constantFrom<Json>({ $ref: "#/components/schemas/Thing" }, { toString: "" }, { a: null }),
      fc.jsonValue() as fc.Arbitrary<Json>,
    );
    const keys = ["$ref", "servers", "x", "x-a", "properties", "allOf", "enum", "required"];
    const places = fc.oneof(
      fc.constantFrom(...all.slice(1)),
      fc
        .tuple(fc.constantFrom(...all), fc.constantFrom(...keys))
        .map(([path, key]) => [...path, key]),
    );
    await fc.assert(
      fc.asyncProperty(places, odd, async (path, value) => {
        const document = structuredClone(sound);
        setAt(document, path, value);
        const taken = await take(page(document)).catch((error: unknown) => error);
        if (taken instanceof Error) {
          expect(taken).toBeInstanceOf(Refusal);
          expect(taken.message).toMatch(/^page\.md:5/);
        } else {
          const faults = await lint((taken as { document: JsonObject }).document, forms);
          expect(faults.filter(({ message }) => !message.includes("`nullable`"))).toEqual([]);
        }
      }),
      {
        numRuns: Number(process.env["RANDOM_RUNS"] ?? 200),
        examples: [
          [["components", "parameters", "limit", "in"], { toString: "" }],
          [["tags", 0, "name"], { toString: "" }],
        ],
      },
    );
  });
});
