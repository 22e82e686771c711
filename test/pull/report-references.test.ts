import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../scripts/lib/json.js";
import { lines } from "./report-documents.js";

const ref = (name: string, section = "schemas"): JsonObject => ({
  $ref: `#/components/${section}/${name}`,
});
const text: JsonObject = { type: "string" };
const number: JsonObject = { type: "number" };
const object = (properties: JsonObject): JsonObject => ({ type: "object", properties });
const changed = "type changed from string to number";

/** An API in which `GET /<name>` answers with the schema of that name. */
const answering = (schemas: JsonObject, components: JsonObject = {}, rest: JsonObject = {}) => ({
  components: { schemas: components },
  paths: Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const responses = { "200": { content: { "application/json": { schema } } } };
      return [`/${name}`, { get: { ...rest, responses } }];
    }),
  ),
});

/** An API by a schema that changes from text to a number, and where that is reported. */
const following: [title: string, api: (leaf: JsonObject) => JsonObject, places: string[]][] = [
  [
    "to each place of use",
    (leaf) =>
      answering(
        {
          a: { type: "array", items: ref("User") },
          b: object({ by: ref("User"), of: ref("User") }),
        },
        { User: object({ name: leaf }) },
      ),
    ["/a · 200 · [].name", "/b · 200 · by.name", "/b · 200 · of.name"],
  ],
  [
    "no further than to its first repetition",
    (leaf) => answering({ a: ref("Node") }, { Node: object({ leaf, next: ref("Node") }) }),
    ["/a · 200 · leaf"],
  ],
  [
    "from wherever a circle of references is entered",
    (leaf) =>
      answering(
        { a: ref("A"), b: ref("B"), c: ref("C") },
        {
          ...{ A: object({ leaf, b: ref("B") }), B: object({ c: ref("C") }) },
          C: object({ a: ref("A") }),
        },
      ),
    ["/a · 200 · leaf", "/b · 200 · c.a.leaf", "/c · 200 · a.leaf"],
  ],
  [
    "behind a part of allOf that refers back to the whole",
    (leaf) =>
      answering(
        { a: ref("Node") },
        { Node: { allOf: [ref("Node"), object({ id: { ...leaf, readOnly: true } })] } },
      ),
    ["/a · 200 · id"],
  ],
];

it.each(following)("follows references %s", (_, api, places) => {
  expect(lines(api(text), api({ ...text }))).toEqual([]);
  const expected = places.map((place) => `major  GET ${place}: ${changed}`);
  expect(lines(api(text), api(number))).toEqual(expected);
});

const user = object({ name: text });
const using = (schema: JsonObject, components: JsonObject) =>
  answering({ a: object({ user: schema }) }, components);
const node = (next: JsonObject) => object({ label: text, next });
const renamed = (place: string, from: string, to: string) =>
  `patch  GET /a · 200 · ${place}: reference changed from ${from} to ${to}`;

/** Two documents whose answers mean the same, and what is reported. */
const alike: [title: string, before: JsonObject, after: JsonObject, report: string[]][] = [
  [
    "extracted into a component",
    using(user, {}),
    using(ref("User"), { User: user }),
    [renamed("user", "none", "User")],
  ],
  [
    "inlined",
    using(ref("User"), { User: user }),
    using(user, {}),
    [renamed("user", "User", "none")],
  ],
  [
    "given another component's name",
    using(ref("User"), { User: user }),
    using(ref("Person"), { Person: user }),
    [renamed("user", "User", "Person")],
  ],
  [
    "reached by a reference to another component of the same meaning",
    using(ref("Alias"), { A: user, B: user, Alias: ref("A") }),
    using(ref("Alias"), { A: user, B: user, Alias: ref("B") }),
    [
      renamed("user", "A", "B"),
      `patch  component schemas.A: component changed from none to ${JSON.stringify(user)}`,
      `patch  component schemas.B: component changed from ${JSON.stringify(user)} to none`,
    ],
  ],
  [
    "unrolled, where it is recursive",
    answering({ a: ref("Node") }, { Node: node(ref("Node")) }),
    answering({ a: ref("Node") }, { Node: node(node(node(ref("Node")))) }),
    [
      "major  GET /a · 200 · next: properties changed from none to named",
      "major  GET /a · 200 · next: recursion changed from 1 to none",
      "major  GET /a · 200 · next: type changed from none to object",
      "minor  GET /a · 200 · next.label: optional property added",
      "minor  GET /a · 200 · next.next: optional property added",
      renamed("next", "Node", "none"),
    ],
  ],
  [
    "described beside its reference",
    using(ref("User"), { User: user }),
    using({ ...ref("User"), description: "Who" }, { User: user }),
    ["patch  GET /a · 200 · user: description changed from none to Who"],
  ],
];

it.each(alike)("a schema may be %s", (_, before, after, report) => {
  expect(lines(before, after)).toEqual(report);
});

it("tells what differs behind a reference that is new", () => {
  expect(lines(using(user, {}), using(ref("User"), { User: object({ name: number }) }))).toEqual([
    `major  GET /a · 200 · user.name: ${changed}`,
    renamed("user", "none", "User"),
  ]);
});

it("uses the rule of each place of a component", () => {
  const api = (...values: string[]) => {
    const requestBody = { content: { "application/json": { schema: ref("Role") } } };
    return answering({ a: ref("Role") }, { Role: { enum: values } }, { requestBody });
  };
  expect(lines(api("x"), api("x", "y"))).toEqual([
    "major  GET /a · 200: enum value added: y",
    "minor  GET /a · request: enum value added: y",
  ]);
});

it.each<[string, (outer: JsonObject) => JsonObject]>([
  [
    "used by what no rule looks into",
    (Node) => {
      const callbacks = { done: { "{$url}": { post: ref("Outer") } } };
      return answering(
        { a: ref("Node") },
        { Node, Outer: object({ Node: ref("Node") }) },
        { callbacks },
      );
    },
  ],
  [
    "named by a discriminator only",
    (Node) =>
      answering(
        { a: { discriminator: { propertyName: "kind", mapping: { node: "Node" } } } },
        { Node },
      ),
  ],
])("is major where a component changes that is %s", (_, api) => {
  const more = object({ label: text, more: text });
  expect(lines(api(node(text)), api(node(text)))).toEqual([]);
  expect(lines(api(object({ label: text })), api(more))[0]).toMatch(
    /^major {2}component schemas\.Node: used component changed from /,
  );
});

it("compares parameters, bodies, responses and headers through their references", () => {
  const api = (schema: JsonObject, required: boolean) => ({
    components: {
      parameters: { Limit: { name: "limit", in: "query", required, schema } },
      requestBodies: { Body: { required, content: { "application/json": { schema } } } },
      headers: { Total: { schema } },
      responses: {
        Ok: {
          headers: { Total: ref("Total", "headers") },
          content: { "text/plain": { schema } },
        },
      },
    },
    paths: {
      "/a": {
        post: {
          parameters: [ref("Limit", "parameters")],
          requestBody: ref("Body", "requestBodies"),
          responses: { "200": ref("Ok", "responses") },
        },
      },
    },
  });
  expect(lines(api(text, false), api(number, true))).toEqual([
    `major  POST /a · 200 · header Total: ${changed}`,
    `major  POST /a · 200 · text/plain: ${changed}`,
    "major  POST /a · query limit: now required",
    `major  POST /a · query limit: ${changed}`,
    "major  POST /a · request: now required",
    `major  POST /a · request: ${changed}`,
  ]);
});

describe("the report's size and time stay in proportion", () => {
  const chain = (length: number, link: (next: JsonObject) => JsonObject, leaf: JsonObject) =>
    Object.fromEntries([
      ...Array.from({ length }, (_, index) => [`C${index}`, link(ref(`C${index + 1}`))]),
      [`C${length}`, leaf],
    ]);

  it("where every component refers twice to the next", () => {
    const api = (leaf: JsonObject) =>
      answering(
        { a: ref("C0") },
        chain(60, (next) => object({ x: next, y: next }), leaf),
      );
    expect(lines(api(text), api(number))).toEqual([
      'major  component schemas.C60: used component changed from {"type":"string"} to {"type":"number"}',
    ]);
  });

  it("where thirty operations use components that refer to each other", () => {
    const names = Array.from({ length: 30 }, (_, index) => `C${index}`);
    const all = Object.fromEntries(names.map((name) => [name, ref(name)]));
    const api = (leaf: JsonObject) =>
      answering(all, {
        ...Object.fromEntries(names.map((name) => [name, object(all)])),
        C7: object({ leaf, ...all }),
      });
    const report = lines(api(text), api(number));
    expect(report).toContain(`major  GET /C7 · 200 · leaf: ${changed}`);
    expect(report).toContain(`major  GET /C8 · 200 · C7.leaf: ${changed}`);
    expect(report).toContainEqual(expect.stringMatching(/^major {2}component schemas\.C7: used /));
    expect(report).toHaveLength(31);
  });

  it("where names are long, and deep inside each other", () => {
    const deep = (leaf: JsonObject, depth = 2000): JsonObject =>
      depth > 0 ? object({ ["n".repeat(1000)]: deep(leaf, depth - 1) }) : leaf;
    const leaves = (leaf: JsonObject) =>
      object(Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [index, leaf])));
    const api = (leaf: JsonObject) => answering({ a: deep(leaves(leaf)) });
    expect(lines(api(text), api(number))).toHaveLength(5000);
  });

  it("where references are chained deeper than the stack", () => {
    const list = (items: JsonObject) => ({ type: "array", items });
    const api = (leaf: JsonObject) => answering({ a: ref("C0") }, chain(20_000, list, leaf));
    expect(lines(api(text), api(number))).toHaveLength(1);
  });
});
