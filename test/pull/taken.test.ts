import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { generate } from "../../scripts/generate/emit.js";
import type { JsonObject } from "../../scripts/lib/json.js";
import { fragmentsIn } from "../../scripts/pull/fragments.js";
import { forms, lint, meanings } from "../../scripts/pull/lint.js";
import { accept } from "../../scripts/pull/prepare.js";
import { compile } from "../generate/compile.js";
import {
  hosts,
  openapi,
  operation,
  page,
  refusalOf,
  seed,
  take,
  withComponents,
} from "./support.js";

const paths = (items: object): JsonObject => openapi({ paths: items });
const get = (more: object): JsonObject => paths({ "/things": { get: operation(more) } });
const schema = (one: unknown): JsonObject => withComponents({ schemas: { Thing: one } });
const property = (one: unknown): JsonObject =>
  schema({ type: "object", properties: { a: one, b: { type: "string" } } });
const id = (more: object) => ({ name: "a", in: "path", schema: { type: "string" }, ...more });
const thing = "components.schemas.Thing";
const call = "paths./things.get";

// prettier-ignore
const noted: [title: string, document: object, where: string, what: string][] = [
  ["an unknown type", property({ type: "bigint" }), `${thing}.properties.a.type`, "does not know; left out"],
  ["a type of a later version", property({ type: ["string", "null"] }), `${thing}.properties.a.type`, "does not know; left out"],
  ["the type null", property({ anyOf: [{ type: "null" }] }), `anyOf[0].type`, "does not know; left out"],
  ["a schema that is a text", property("string"), `${thing}.properties.a`, "as unknown"],
  ["an array without items", property({ type: "array" }), `a.items`, "one of unknown"],
  ["a parameter without a type", get({ parameters: [{ name: "q", in: "query" }] }), `[0].schema`, "as unknown"],
  ["required that names nothing", property({ required: ["z"] }), `a.required[0]`, 'is not there: "z"'],
  ["a property that is required: true", property({ type: "string", required: true }), `a.required`, "left out: true"],
  ["no description of an answer", get({ responses: { 200: {} } }), `200.description`, "missing; taken as empty"],
  ["no info", openapi({ info: undefined }), "info", "missing; taken as empty"],
  ["no answers", paths({ "/things": { get: {} } }), `${call}.responses`, "any answer is taken"],
  ["a body without a type", get({ requestBody: {} }), `${call}.requestBody.content`, "any body is taken"],
  ["an unknown key", property({ optional: true }), `a.optional`, "does not know; left out: true"],
  ["an unknown key beside properties called parameters", schema({ properties: { parameters: { optional: true } } }), "parameters.optional", "left out: true"],
  ["an unknown status", get({ responses: { 200: { description: "" }, 2000: {} } }), "2000", "left out"],
  ["a name that no reference has", withComponents({ schemas: { "A b": {} } }), "schemas.A b", "left out"],
  ["a path without an operation", paths({ "/a": {}, "/b": { get: operation() } }), "paths./a", "left out"],
  ["an id with other characters", get({ operationId: "a’s b" }), `${call}.operationId`, "read as something else; left out"],
  ["an id that is another's", paths({ "/a": { get: operation({ operationId: "x" }), put: operation({ operationId: "x" }) } }), "paths./a.put.operationId", "left out"],
  ["a path parameter that may be missing", paths({ "/{a}": { get: operation({ parameters: [id({})] }) } }), "[0].required", "always required"],
  ["a reference in an example", schema({ example: { a: [{ $ref: "x" }] } }), `${thing}.example`, "is no reference there; left out"],
];

describe("a page is taken, and a note says what was made of", () => {
  test.each(noted)("%s", async (_, document, where, what) => {
    const { document: taken, notes } = await take(page(document));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^page\.md:5, /);
    expect(notes[0]).toContain(`${where}: `);
    expect(notes[0]).toContain(what);
    // Valid, and the same when it is pulled again: nothing is left to be set right.
    const faults = (await lint(taken, [...forms, ...meanings])).filter(
      ({ rule }) => !/required-schema/.test(rule),
    );
    expect(faults).toEqual([]);
    await expect(generate(`${JSON.stringify(taken)}\n`)).resolves.toHaveProperty("size", 3);
  });
});

test("of a list, only what is wrong is left out", async () => {
  const { document } = await take(page(schema({ required: [1, 2, "a"], properties: { a: {} } })));
  expect(document).toHaveProperty("components.schemas.Thing.required", ["a"]);
});

// prettier-ignore
const unnoted: [title: string, document: object][] = [
  ["extensions", openapi({ "x-a": { "x-b": ["$ref"] }, externalDocs: { url: "https://a.example" } })],
  ["properties with the names of data", schema({ properties: { example: { type: "string" }, default: {} } })],
  ["a schema called constructor", withComponents({ schemas: { constructor: {}, A: { $ref: "#/components/schemas/constructor" } } })],
  ["required in one part of a composition", schema({ allOf: [{ properties: { a: {} } }, { required: ["a"] }] })],
  ["a mapping by name and by reference", schema({ discriminator: { propertyName: "t", mapping: { a: "Thing", b: `#/components/schemas/Thing` } } })],
  ["a schema within itself", schema({ properties: { next: { $ref: "#/components/schemas/Thing" } } })],
  ["nullable beside oneOf", schema({ nullable: true, oneOf: [{ type: "string" }] })],
  ["no security at all", get({ security: [] })],
  ["several parameters in one segment", paths({ "/{a}-{b}.json": { get: operation({ parameters: ["a", "b"].map((name) => id({ name, required: true })) }) } })],
  ["quotes, and more, in names", schema({ properties: { 'it\'s "*/" `${x}` \\ größer 😀 #/x %41': {} } })],
  ["callbacks and links", get({ callbacks: { done: { "{$url}": { post: operation() } } }, operationId: "x", responses: { 200: { description: "", links: { a: { operationId: "x" } } } } })],
];

describe("a page is taken without a note for", () => {
  test.each(unnoted)("%s", async (_, document) => {
    const { document: taken, notes } = await take(page(document));
    expect(notes).toEqual([]);
    await expect(generate(`${JSON.stringify(taken)}\n`)).resolves.toHaveProperty("size", 3);
  });
});

// prettier-ignore
const refused: [title: string, document: object, where: string, what: string][] = [
  ["an undeclared path parameter", paths({ "/{a}": { get: operation() } }), "paths./{a}.get.parameters", "path parameter `{a}`"],
  ["a path parameter that is not in the path", get({ parameters: [id({ required: true })] }), `${call}.parameters[0].name`, "not used in the path"],
  ["the same parameter twice", get({ parameters: ["q", "q"].map((name) => ({ name, in: "query", schema: {} })) }), `${call}.parameters[1]`, "unique"],
  ["a parameter of another place", get({ parameters: [{ name: "q", in: "body", schema: {} }] }), `${call}.parameters[0].in`, "one of the following"],
  ["paths that look alike", paths({ "/{a}": { get: operation({ parameters: [id({ required: true })] }) }, "/{b}": { put: operation({ parameters: [id({ name: "b", required: true })] }) } }), "paths./{b}", "`/{a}` and `/{b}`"],
  ["an operation that is null", paths({ "/a": { get: null, put: operation() } }), "paths./a.get", "Expected type `Operation`"],
  ["answers that are a list", get({ responses: [] }), `${call}.responses`, "Expected type `Responses`"],
  ["security that is no list", get({ security: "token" }), `${call}.security`, "Expected type `SecurityRequirementList`"],
  ["a reference to another kind of component", withComponents({ schemas: { Thing: { type: "object" } } }, get({ responses: { 200: { $ref: "#/components/schemas/Thing" } } })), `${call}.responses.200.$ref`, "in place of Response"],
];

describe("a page is refused, with its place and an action that leaves it out, for", () => {
  test.each(refused)("%s", async (_, document, where, what) => {
    const { message, remedy } = await refusalOf(page(document));
    expect(message.split("\n")[0]).toMatch(/^page\.md:5: /);
    expect(message).toContain(`page.md:5: ${where}: `);
    expect(message).toContain(what);
    expect(remedy).toMatch(
      /^Nothing was changed\. .*add this to the actions of spec\/overlay\.json: \{"target":/,
    );
  });

  test("many faults, of which it shows twenty and counts the others", async () => {
    const all = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`/p${i}/{a}`, { get: operation() }]),
    );
    const { message } = await refusalOf(page(paths(all)));
    expect(message.split("\n")).toHaveLength(21);
    expect(message).toMatch(/… and 30 more\.$/);
  });
});

test("teams and scenarios, with their bigints, are taken beside the API tokens", async () => {
  const pageNamed = (name: string) => readFileSync(new URL(`pages/${name}.md`, import.meta.url));
  const pages = new Map([
    ["api-tokens", Buffer.from(seed)],
    ["scenarios", pageNamed("scenarios")],
    ["teams", pageNamed("teams")],
  ]);
  const { document, notes } = await accept(fragmentsIn(pages), hosts);
  expect(notes.length).toBeGreaterThan(10);
  for (const { where, what } of notes) {
    expect(where).toMatch(/^(?:scenarios|teams)\.md:\d+, .*\.type$/);
    expect(what).toBe('a type that OpenAPI 3.0 does not know; left out: "bigint"');
  }
  const files = await generate(`${JSON.stringify(document, null, 2)}\n`);
  const use = `import type { paths } from "./generated/paths.js";
    type Content<T> = T extends { content: { "application/json": infer C } } ? C : never;
    type Teams = Content<paths["/teams"]["get"]["responses"][200]>;
    type Team = NonNullable<Teams["teams"]>[number];
    type Scenario = NonNullable<
      Content<paths["/scenarios"]["get"]["responses"][200]>["scenarios"]
    >[number];
    export const teams: Team[] = [{ id: 1, operations: "2015" }, { transfer: 1, name: "a" }];
    export const scenarios: Scenario[] = [{ operations: null, hookId: null }];
    // @ts-expect-error a number is a number
    export const wrong: Team = { id: "1" };
    export const unknown: unknown = teams[0]?.operations;
    // @ts-expect-error nothing is known of a bigint
    export const known: string | undefined = teams[0]?.operations;
    export type Tokens = paths["/users/me/api-tokens"]["get"];`;
  expect(compile(new Map([...files, ["use.ts", use]]))).toEqual([]);
});
