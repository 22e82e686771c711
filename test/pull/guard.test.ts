import { describe, expect, test } from "vitest";
import { generate } from "../../scripts/generate/emit.js";
import type { JsonObject } from "../../scripts/lib/json.js";
import { check, openapi, operation, page, withComponents } from "./support.js";

const paths = (items: object): JsonObject => openapi({ paths: items });
const get = (more: object): JsonObject => paths({ "/things": { get: operation(more) } });
const servers = (...urls: unknown[]): JsonObject =>
  openapi({ servers: urls.map((url) => ({ url })) });
const schemas = (all: object): JsonObject => withComponents({ schemas: all });
const schema = (one: object): JsonObject => schemas({ Thing: one });
const scheme = (one: object): JsonObject => withComponents({ securitySchemes: { token: one } });
const security = (...all: object[]): JsonObject => get({ security: all });
const path = (name: string, required = true) => ({
  name,
  in: "path",
  required,
  schema: { type: "string" },
});
const eu1 = "https://eu1.make.com/api/v2";
const elsewhere = "https://eu1.make.com.evil.example/api/v2";

type Row = [title: string, document: object | string, where: string, what: string];

const refused: Record<string, Row[]> = {
  servers: [
    ["http", servers("http://eu1.make.com/api/v2"), "servers[0].url", "is no plain https"],
    ["another host", servers(eu1, elsewhere), "servers[1].url", "is outside the hosts"],
    [
      "a host that only ends like ours",
      servers("https://evilmake.com/api/v2"),
      "servers[0].url",
      "is outside the hosts",
    ],
    [
      "user info",
      servers("https://eu1.make.com@evil.example/api/v2"),
      "servers[0].url",
      "is no plain https",
    ],
    ["a port", servers("https://eu1.make.com:8443/api/v2"), "servers[0].url", "is no plain https"],
    ["a query", servers("https://eu1.make.com/api/v2?x"), "servers[0].url", "is no plain https"],
    ["a fragment", servers("https://eu1.make.com/api/v2#x"), "servers[0].url", "is no plain https"],
    [
      "a template",
      servers("https://{zone}.make.com/api/v2"),
      "servers[0].url",
      "is no plain https",
    ],
    [
      "variables",
      openapi({ servers: [{ url: eu1, variables: { zone: { default: "eu1" } } }] }),
      "servers[0].url",
      "is no plain https",
    ],
    [
      "a look-alike letter",
      servers("https://eu1.m\u0430ke.com/api/v2"),
      "servers[0].url",
      "is no plain https",
    ],
    [
      "its punycode",
      servers("https://eu1.xn--mke-5cd.com/api/v2"),
      "servers[0].url",
      "is outside the hosts",
    ],
    [
      "a trailing dot",
      servers("https://eu1.make.com./api/v2"),
      "servers[0].url",
      "is no plain https",
    ],
    [
      "an empty label",
      servers("https://eu1..make.com/api/v2"),
      "servers[0].url",
      "is no plain https",
    ],
    [
      "a backslash",
      servers("https://evil.example\\.make.com/api/v2"),
      "servers[0].url",
      "is no plain https",
    ],
    ["white space", servers(" https://eu1.make.com/api/v2"), "servers[0].url", "is no plain https"],
    [
      "a line break within",
      servers("https://eu1.make\n.com/api/v2"),
      "servers[0].url",
      "is no plain https",
    ],
    [
      "dot segments",
      servers("https://eu1.make.com/x/../api/v2"),
      "servers[0].url",
      "is no plain https",
    ],
    [
      "an encoded slash",
      servers("https://eu1.make.com/api%2fv2"),
      "servers[0].url",
      "is no plain https",
    ],
    ["an address", servers("https://127.0.0.1/api/v2"), "servers[0].url", "is no plain https"],
    ["a relative URL", servers("/api/v2"), "servers[0].url", "is no plain https"],
    ["no URL", openapi({ servers: [{}] }), "servers[0].url", "is no plain https"],
    ["a number", openapi({ servers: [1] }), "servers[0].url", "is no plain https"],
    [
      "another path",
      servers(eu1, "https://eu2.make.com/api/v3"),
      "servers[1].url",
      "has another path",
    ],
    ["none", openapi({ servers: [] }), "servers", "there is no server"],
    ["the same twice", servers(eu1, eu1), "servers[1].url", "a second zone with the name eu1"],
    [
      "one name from two hosts",
      servers(eu1, "https://make.eu1.make.com/api/v2"),
      "servers[1].url",
      "a second zone",
    ],
    ["no name for a zone", servers("https://make.com/api/v2"), "servers[0].url", "leaves no name"],
    [
      "of a path",
      paths({ "/things": { servers: [{ url: elsewhere }], get: operation() } }),
      "paths./things.servers",
      "single path",
    ],
    [
      "of an operation",
      get({ servers: [] }),
      "paths./things.get.servers",
      "single path or operation",
    ],
    [
      "of a callback's path",
      get({ callbacks: { done: { "{$url}": { servers: [], post: operation() } } } }),
      "paths./things.get.callbacks.done.{$url}.servers",
      "single path",
    ],
    [
      "of a callback's operation",
      withComponents({ callbacks: { done: { "{$url}": { post: operation({ servers: [] }) } } } }),
      "components.callbacks.done.{$url}.post.servers",
      "single path",
    ],
    [
      "of a link",
      get({
        responses: {
          200: {
            description: "",
            links: { next: { operationId: "x", server: { url: elsewhere } } },
          },
        },
      }),
      "paths./things.get.responses.200.links.next.server",
      "single link",
    ],
    [
      "of a shared link",
      withComponents({ links: { next: { operationId: "x", server: { url: elsewhere } } } }),
      "components.links.next.server",
      "single link",
    ],
  ],
  security: [
    [
      "a token in the query",
      scheme({ type: "apiKey", in: "query", name: "token" }),
      "components.securitySchemes.token",
      "only an apiKey",
    ],
    [
      "a token in a cookie",
      scheme({ type: "apiKey", in: "cookie", name: "Authorization" }),
      "components.securitySchemes.token",
      "only an apiKey",
    ],
    [
      "another header",
      scheme({ type: "apiKey", in: "header", name: "X-Token" }),
      "components.securitySchemes.token",
      "only an apiKey",
    ],
    [
      "bearer",
      scheme({ type: "http", scheme: "bearer" }),
      "components.securitySchemes.token",
      "only an apiKey",
    ],
    [
      "OAuth",
      scheme({ type: "oauth2", flows: {} }),
      "components.securitySchemes.token",
      "only an apiKey",
    ],
    [
      "a second, unused scheme",
      withComponents({
        securitySchemes: {
          token: { type: "apiKey", in: "header", name: "Authorization" },
          other: { type: "apiKey", in: "query", name: "t" },
        },
      }),
      "components.securitySchemes.other",
      "only an apiKey",
    ],
    [
      "a reference to a scheme",
      scheme({ $ref: "#/components/securitySchemes/token" }),
      "components.securitySchemes.token",
      "only an apiKey",
    ],
    [
      "alternatives",
      security({ token: [] }, { token: ["a"] }),
      "paths./things.get.security",
      "alternatives of schemes",
    ],
    [
      "a combination",
      security({ token: [], other: [] }),
      "paths./things.get.security[0]",
      "2 schemes instead of one",
    ],
    [
      "an optional token",
      security({}),
      "paths./things.get.security[0]",
      "0 schemes instead of one",
    ],
    [
      "an unknown scheme",
      security({ tokens: [] }),
      "paths./things.get.security[0].tokens",
      "there is no security scheme tokens",
    ],
    [
      "scopes that are none",
      security({ token: [1] }),
      "paths./things.get.security[0].token",
      "not a list of scopes",
    ],
    ["no list", get({ security: { token: [] } }), "paths./things.get.security", "not a list"],
    [
      "a header parameter",
      get({ parameters: [{ name: "authorization", in: "header", schema: { type: "string" } }] }),
      "paths./things.get.parameters[0]",
      "sets the header Authorization",
    ],
    [
      "a shared header parameter",
      withComponents({
        parameters: { a: { name: "Authorization", in: "header", schema: { type: "string" } } },
      }),
      "components.parameters.a",
      "sets the header Authorization",
    ],
  ],
  references: [
    [
      "a file",
      schema({ $ref: "./other.json" }),
      "components.schemas.Thing.$ref",
      "is not of the form #/components/",
    ],
    [
      "an absolute file",
      schema({ $ref: "file:///etc/passwd" }),
      "components.schemas.Thing.$ref",
      "is not of the form",
    ],
    [
      "an address",
      schema({ $ref: "http://127.0.0.1:1/x.json#/a" }),
      "components.schemas.Thing.$ref",
      "is not of the form",
    ],
    [
      "an address without scheme",
      schema({ $ref: "//evil.example/x" }),
      "components.schemas.Thing.$ref",
      "is not of the form",
    ],
    [
      "a file before the pointer",
      schema({ $ref: "x.json#/components/schemas/A" }),
      "components.schemas.Thing.$ref",
      "is not of the form",
    ],
    [
      "code as first segment",
      schema({ $ref: "#/a;console.log(1)/b" }),
      "components.schemas.Thing.$ref",
      "is not of the form",
    ],
    [
      "a path of the document",
      schema({ $ref: "#/paths/~1things/get" }),
      "components.schemas.Thing.$ref",
      "is not of the form",
    ],
    [
      "an unknown section",
      schema({ $ref: "#/components/pathItems/A" }),
      "components.schemas.Thing.$ref",
      "is not of the form",
    ],
    [
      "a section of JavaScript's",
      schema({ $ref: "#/components/constructor/name" }),
      "components.schemas.Thing.$ref",
      "is not of the form",
    ],
    [
      "into a component",
      schema({ $ref: "#/components/schemas/A/properties/b" }),
      "components.schemas.Thing.$ref",
      "is not of the form",
    ],
    [
      "an encoded name",
      schema({ $ref: "#/components/schemas/%41" }),
      "components.schemas.Thing.$ref",
      "is not of the form",
    ],
    [
      "a line break at the end",
      schema({ $ref: "#/components/schemas/A\n" }),
      "components.schemas.Thing.$ref",
      "is not of the form",
    ],
    [
      "an anchor",
      schema({ $ref: "#Thing" }),
      "components.schemas.Thing.$ref",
      "is not of the form",
    ],
    ["nothing", schema({ $ref: "" }), "components.schemas.Thing.$ref", "is not of the form"],
    ["no text", schema({ $ref: { a: 1 } }), "components.schemas.Thing.$ref", "is not of the form"],
    [
      "a property of that name",
      schema({ type: "object", properties: { $ref: { type: "string" } } }),
      "components.schemas.Thing.properties.$ref",
      "is not of the form",
    ],
    [
      "a whole path",
      paths({ "/things": { $ref: "#/components/schemas/A" } }),
      "paths./things",
      "not a path with its operations",
    ],
    [
      "in a mapping",
      schema({ type: "object", discriminator: { propertyName: "a", mapping: { b: "./b.json" } } }),
      "components.schemas.Thing.discriminator.mapping.b",
      "is not of the form",
    ],
    [
      "a mapping that is one",
      schema({
        type: "object",
        discriminator: { propertyName: "a", mapping: { $ref: "#/components/schemas/Thing" } },
      }),
      "components.schemas.Thing.discriminator.mapping.$ref",
      "a mapping that is elsewhere",
    ],
    [
      "an unknown name in a mapping",
      schema({ type: "object", discriminator: { propertyName: "a", mapping: { b: "passwd" } } }),
      "components.schemas.Thing.discriminator.mapping.b",
      "there is no",
    ],
    [
      "an external value",
      get({
        responses: {
          200: {
            description: "",
            content: { "text/plain": { examples: { a: { externalValue: "/etc/passwd" } } } },
          },
        },
      }),
      "paths./things.get.responses.200.content.text/plain.examples.a.externalValue",
      "an example outside",
    ],
    [
      "hundreds of others, one after another",
      schemas(
        Object.fromEntries(
          Array.from({ length: 1000 }, (_, i) => [
            `A${i}`,
            i === 999 ? { type: "string" } : { $ref: `#/components/schemas/A${i + 1}` },
          ]),
        ),
      ),
      "components.schemas.A0",
      "leads over more than 100 references",
    ],
    [
      "itself, as a list",
      schemas({ A: { type: "array", items: { $ref: "#/components/schemas/A" } } }),
      "components.schemas.A",
      "leads only to itself",
    ],
    [
      "itself, as one of several",
      schemas({
        A: { allOf: [{ $ref: "#/components/schemas/B" }] },
        B: { oneOf: [{ type: "string" }, { $ref: "#/components/schemas/A" }] },
      }),
      "components.schemas.A",
      "leads only to itself",
    ],
    [
      "itself",
      schemas({ A: { $ref: "#/components/schemas/B" }, B: { $ref: "#/components/schemas/A" } }),
      "components.schemas.A",
      "leads only to itself",
    ],
    [
      "nothing that is there",
      schemas({ A: { $ref: "#/components/schemas/B" } }),
      "components.schemas.A.$ref",
      "there is no",
    ],
  ],
  "names and texts": [
    ["OpenAPI 3.1", openapi({ openapi: "3.1.0" }), "openapi", "only OpenAPI 3.0 is read"],
    ["Swagger", { swagger: "2.0", paths: {} }, "swagger", "not a root key"],
    [
      "a component's name",
      schemas({ "A b": { type: "string" } }),
      "components.schemas.A b",
      "has other characters",
    ],
    [
      "a control character",
      schema({ type: "object", properties: { "a\u001b[2J": { type: "string" } } }),
      "components.schemas.Thing.properties.a\\x1b[2J",
      "invisible or control",
    ],
    [
      "a bidirectional mark",
      schema({ type: "object", properties: { "a\u202eb": { type: "string" } } }),
      "components.schemas.Thing.properties.a\\u202eb",
      "invisible or control",
    ],
    [
      "a line separator",
      schema({ type: "object", properties: { "a\u2028b": { type: "string" } } }),
      "components.schemas.Thing.properties.a\\u2028b",
      "invisible or control",
    ],
    [
      "a broken percent sign",
      schema({ type: "object", properties: { "50%": { type: "string" } } }),
      "components.schemas.Thing.properties.50%",
      "percent sign",
    ],
    [
      "a new line in an enum's description",
      schema({
        type: "string",
        enum: ["a"],
        "x-enum-descriptions": ["x\n} console.log(1); enum B {"],
      }),
      "components.schemas.Thing.x-enum-descriptions",
      "not a list of single lines",
    ],
    [
      "a line separator there",
      schema({ type: "string", enum: ["a"], "x-enumDescriptions": ["x\u2028y"] }),
      "components.schemas.Thing.x-enumDescriptions",
      "not a list of single lines",
    ],
    [
      "a list of something else there",
      schema({ type: "string", enum: ["a"], "x-enum-descriptions": [{}] }),
      "components.schemas.Thing.x-enum-descriptions",
      "not a list of single lines",
    ],
    [
      "code as an enum's name",
      schema({ type: "string", enum: ["a"], "x-enum-varnames": ['"+(()=>{})()+"'] }),
      "components.schemas.Thing.x-enum-varnames",
      "not a list of plain names",
    ],
    [
      "the same by its other name",
      schema({ type: "string", enum: ["a"], "x-enumNames": "a" }),
      "components.schemas.Thing.x-enumNames",
      "not a list of plain names",
    ],
  ],
  paths: [
    [
      "without a slash",
      paths({ things: { get: operation() } }),
      "paths.things",
      "not a plain path",
    ],
    [
      "an extension, which would become a path",
      paths({ "x-things": { get: operation() } }),
      "paths.x-things",
      "not a plain path",
    ],
    [
      "an address",
      paths({ "https://evil.example/": { get: operation() } }),
      "paths.https://evil.example/",
      "not a plain path",
    ],
    [
      "an address without scheme",
      paths({ "//evil.example": { get: operation() } }),
      "paths.//evil.example",
      "not a plain path",
    ],
    [
      "dot segments",
      paths({ "/a/../b": { get: operation() } }),
      "paths./a/../b",
      "not a plain path",
    ],
    [
      "encoded dot segments",
      paths({ "/a/%2e%2e/b": { get: operation() } }),
      "paths./a/%2e%2e/b",
      "not a plain path",
    ],
    ["a dot at the end", paths({ "/a/.": { get: operation() } }), "paths./a/.", "not a plain path"],
    ["a query", paths({ "/a?b": { get: operation() } }), "paths./a?b", "not a plain path"],
    ["a fragment", paths({ "/a#b": { get: operation() } }), "paths./a#b", "not a plain path"],
    ["a backslash", paths({ "/a\\b": { get: operation() } }), "paths./a\\b", "not a plain path"],
    ["a space", paths({ "/a b": { get: operation() } }), "paths./a b", "not a plain path"],
    ["a line break", paths({ "/a\n": { get: operation() } }), "paths./a\\x0a", "not a plain path"],
    ["an open brace", paths({ "/{a": { get: operation() } }), "paths./{a", "not a plain path"],
    [
      "braces in braces",
      paths({ "/{{a}}": { get: operation() } }),
      "paths./{{a}}",
      "not a plain path",
    ],
    ["nameless braces", paths({ "/{}": { get: operation() } }), "paths./{}", "not a plain path"],
    [
      "a parameter that is in it twice",
      paths({ "/{a}/{a}": { get: operation({ parameters: [path("a")] }) } }),
      "paths./{a}/{a}",
      "twice in the path",
    ],
    [
      "only other names of parameters",
      paths({
        "/a/{b}": { get: operation({ parameters: [path("b")] }) },
        "/a/{c}": { put: operation({ parameters: [path("c")] }) },
      }),
      "paths./a/{c}",
      "differs from /a/{b} only in",
    ],
    [
      "an undeclared parameter",
      paths({ "/{a}": { get: operation() } }),
      "paths./{a}.get",
      "path parameter a is not declared",
    ],
    [
      "a parameter declared for another operation",
      paths({ "/{a}": { get: operation({ parameters: [path("a")] }), put: operation() } }),
      "paths./{a}.put",
      "path parameter a is not declared",
    ],
    [
      "a parameter that is not in it",
      get({ parameters: [path("a")] }),
      "paths./things.get.parameters[0]",
      "a is not in the path",
    ],
    [
      "the same parameter twice",
      get({
        parameters: [
          { name: "q", in: "query", schema: {} },
          { name: "q", in: "query", schema: {} },
        ],
      }),
      "paths./things.get.parameters[1]",
      "q is there twice",
    ],
  ],
  "the lint": [
    [
      "an operation without responses",
      paths({ "/a": { get: {} } }),
      "paths./a.get",
      "`responses` must be present",
    ],
    [
      "an operation that is null",
      paths({ "/a": { get: null, put: operation() } }),
      "paths./a.get",
      "Expected type `Operation`",
    ],
    [
      "an unresolved reference",
      get({ responses: { 200: { $ref: "#/components/responses/Gone" } } }),
      "paths./things.get.responses.200.$ref",
      "there is no",
    ],
    [
      "a reference to something of another kind",
      get({ responses: { 200: { $ref: "#/components/securitySchemes/token" } } }),
      "paths./things.get.responses.200.$ref",
      "another kind of component",
    ],
    [
      "an operation that is a reference",
      withComponents(
        { schemas: { A: { type: "object" } } },
        { paths: { "/a": { get: { $ref: "#/components/schemas/A" }, put: operation() } } },
      ),
      "paths./a.get",
      "`responses` must be present",
    ],
    [
      "a wrong status",
      get({ responses: { "2000": { description: "" } } }),
      "paths./things.get.responses.2000",
      "not expected here",
    ],
  ],
};

describe.each(Object.entries(refused))("a page is refused for %s:", (_, rows) => {
  test.each(rows)("%s", async (_, document, where, what) => {
    const text = page(document);
    const error = await check(text).then(
      () => expect.fail("not refused"),
      (error: unknown) => error,
    );
    expect(error).toMatchObject({ name: "Refusal" });
    const findings = (error as Error).message.split("\n");
    expect(findings).toContainEqual(
      expect.toSatisfy((line: string) => {
        const [place, rest] = [line.indexOf(": "), `: ${where}: `];
        return (
          /^page\.md:\d+$/.test(line.slice(0, place)) &&
          line.startsWith(rest, place) &&
          line.slice(place + rest.length).includes(what)
        );
      }),
    );
  });
});

describe("a finding names the line on the page", () => {
  test.each([
    [servers(eu1, elsewhere), elsewhere],
    [schema({ $ref: "/etc/passwd" }), "/etc/passwd"],
    [get({ security: [{ token: ["a b"] }] }), '"token"'],
  ])("%#", async (document, needle) => {
    const text = page(openapi({ ...document, paths: { "/x": { get: operation() } } }), document);
    const lines = text
      .split("\n")
      .flatMap((line, index) => (line.includes(needle) ? [index + 1] : []));
    const pattern = new RegExp(`^page\\.md:(?:${lines.join("|")}): `);
    await expect(check(text)).rejects.toThrow(pattern);
  });
});

test("a document with many faults names the first twenty and counts the others", async () => {
  const all = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`S${i}`, { $ref: "x" }]));
  const message = await check(page(schemas(all))).catch((error: Error) => error.message);
  expect(String(message).split("\n")).toHaveLength(21);
  expect(message).toMatch(/… and \d+ more\.$/);
});

describe("a page is taken, and turned into code, with", () => {
  test.each<[string, object]>([
    ["scopes on an apiKey scheme", security({ token: ["a:read", "b:write"] })],
    ["no security at all", get({ security: [] })],
    [
      "extensions",
      openapi({ "x-a": { "x-b": ["$ref"] }, externalDocs: { url: "https://a.example" } }),
    ],
    [
      "a mapping by name and by reference",
      schemas({
        A: {
          type: "object",
          discriminator: { propertyName: "t", mapping: { a: "B", b: "#/components/schemas/B" } },
        },
        B: { type: "object" },
      }),
    ],
    [
      "a recursive schema",
      schemas({ A: { type: "object", properties: { next: { $ref: "#/components/schemas/A" } } } }),
    ],
    [
      "a reference to a reference",
      schemas({ A: { $ref: "#/components/schemas/B" }, B: { type: "string" } }),
    ],
    ["a server without a path", servers("https://eu1.make.com", "https://us1.make.com")],
    [
      "enum names and descriptions",
      schema({
        type: "string",
        enum: ["a"],
        "x-enum-varnames": ["A"],
        "x-enum-descriptions": ["The `first` */ ${x}"],
      }),
    ],
    [
      "quotes and signs in names",
      schema({
        type: "object",
        properties: { 'it\'s "*/" `${x}` \\ größer 😀 #/x %41': { type: "string" } },
      }),
    ],
    ["control characters in texts", get({ description: "\u001b[2J*/ \u2028 \\ `${x}`" })],
    [
      "several parameters in one segment",
      paths({ "/a/{b}-{c}.json": { get: operation({ parameters: [path("b"), path("c")] }) } }),
    ],
    [
      "callbacks and links",
      get({
        callbacks: { done: { "{$request.body#/url}": { post: operation() } } },
        responses: { 200: { description: "", links: { self: { operationId: "x" } } } },
        operationId: "x",
      }),
    ],
    [
      "nullable beside oneOf",
      schemas({ A: { nullable: true, oneOf: [{ type: "string" }, { type: "integer" }] } }),
    ],
    ["ids as others write them", get({ operationId: "users/me/get things_v1.0-x:y~z" })],
  ])("%s", async (_, document) => {
    const taken = await check(page(document));
    await expect(generate(JSON.stringify(taken))).resolves.toHaveProperty("size", 3);
  });
});
