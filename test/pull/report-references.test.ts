import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../scripts/lib/json.js";
import { edited, at, lines } from "./report-documents.js";

const ref = (name: string, section = "schemas"): JsonObject => ({
  $ref: `#/components/${section}/${name}`,
});
const text: JsonObject = { type: "string" };
const number: JsonObject = { type: "number" };
const object = (properties: JsonObject): JsonObject => ({ type: "object", properties });

/** An API in which `GET /<name>` answers with the schema of that name. */
const answering = (schemas: JsonObject, components: JsonObject = {}): JsonObject => ({
  openapi: "3.0.0",
  components: { schemas: components },
  paths: Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      `/${name}`,
      {
        get: {
          responses: { "200": { description: "", content: { "application/json": { schema } } } },
        },
      },
    ]),
  ),
});

describe("a schema of equal meaning", () => {
  const user = object({ name: text });
  const inlined = answering({ a: object({ user }) }, { Other: text });
  const referenced = answering({ a: object({ user: ref("User") }) }, { Other: text, User: user });

  it("may be extracted into a component, or inlined again", () => {
    expect(lines(inlined, referenced)).toEqual([
      "patch  GET /a · 200 · user: reference replaced from inline to User",
      "patch  component schemas.User: component added",
    ]);
    expect(lines(referenced, inlined)).toEqual([
      "patch  GET /a · 200 · user: reference replaced from User to inline",
      "patch  component schemas.User: component removed",
    ]);
  });

  it("may get another component's name", () => {
    const renamed = answering(
      { a: object({ user: ref("Person") }) },
      { Other: text, Person: user },
    );
    expect(lines(referenced, renamed)).toEqual([
      "patch  GET /a · 200 · user: reference replaced from User to Person",
      "patch  component schemas.Person: component added",
      "patch  component schemas.User: component removed",
    ]);
  });

  it("may be reached by one reference more", () => {
    const aliased = answering(
      { a: object({ user: ref("Alias") }) },
      { Other: text, User: user, Alias: ref("User") },
    );
    expect(lines(referenced, aliased)).toEqual([
      "patch  GET /a · 200 · user: reference replaced from User to Alias",
      "patch  component schemas.Alias: component added",
    ]);
  });

  it("may be unrolled, if it is recursive", () => {
    const node = (next: JsonObject) => object({ label: text, next });
    const before = answering({ a: ref("Node") }, { Node: node(ref("Node")) });
    const after = answering({ a: ref("Node") }, { Node: node(node(node(ref("Node")))) });
    expect(lines(before, after)).toEqual([
      "patch  GET /a · 200 · next: reference replaced from Node to inline",
      "patch  GET /a · 200 · next.next: reference replaced from Node to inline",
    ]);
  });

  it("differs where what it holds differs, inlined or not", () => {
    const changed = answering(
      { a: object({ user: ref("User") }) },
      { Other: text, User: object({ name: number }) },
    );
    expect(lines(inlined, changed)).toEqual([
      "major  GET /a · 200 · user.name: type changed from string to number",
      "patch  GET /a · 200 · user: reference replaced from inline to User",
      "patch  component schemas.User: component added",
    ]);
  });

  it("may have words beside its reference", () => {
    const described = edited(referenced, (d) => {
      const schema = at(d, "paths", "/a", "get", "responses", "200", "content", "application/json");
      Object.assign(at(schema, "schema", "properties", "user"), { description: "Who" });
    });
    expect(lines(referenced, described)).toEqual([
      "patch  GET /a · 200 · user: description changed from none to Who",
    ]);
  });
});

describe("a component that changed", () => {
  it("is reported at each place of use, with the rule of that place", () => {
    const api = (value: string) => ({
      ...answering(
        {
          a: { type: "array", items: ref("User") },
          b: object({ by: ref("User"), of: ref("User") }),
        },
        { User: object({ role: { enum: ["x", value].slice(0, value ? 2 : 1) } }) },
      ),
    });
    const sending = (value: string) =>
      edited(api(value), (d) => {
        at(d, "paths", "/a", "get")["requestBody"] = {
          content: { "application/json": { schema: ref("User") } },
        };
      });
    expect(lines(sending(""), sending("y"))).toEqual([
      "major  GET /a · 200 · [].role: enum value added: y",
      "major  GET /b · 200 · by.role: enum value added: y",
      "major  GET /b · 200 · of.role: enum value added: y",
      "minor  GET /a · request · role: enum value added: y",
    ]);
  });

  it("is followed no further than to its first repetition", () => {
    const api = (label: JsonObject) =>
      answering({ a: ref("Node") }, { Node: object({ label, next: ref("Node") }) });
    expect(lines(api(text), api(number))).toEqual([
      "major  GET /a · 200 · label: type changed from string to number",
    ]);
  });

  it("is found from wherever a circle of references is entered", () => {
    const api = (label: JsonObject) =>
      answering(
        { a: ref("A"), b: ref("B"), c: ref("C") },
        {
          A: object({ label, b: ref("B") }),
          B: object({ c: ref("C") }),
          C: object({ a: ref("A") }),
        },
      );
    const changed = "type changed from string to number";
    expect(lines(api(text), api(number))).toEqual([
      `major  GET /a · 200 · label: ${changed}`,
      `major  GET /b · 200 · c.a.label: ${changed}`,
      `major  GET /c · 200 · a.label: ${changed}`,
    ]);
  });

  it("is reported twice where a component in between is used twice", () => {
    const api = (zip: JsonObject) =>
      answering(
        { a: ref("Team") },
        {
          Team: object({ owner: ref("User"), creator: ref("User") }),
          User: object({ address: ref("Address") }),
          Address: object({ zip }),
        },
      );
    expect(lines(api(text), api(number))).toEqual([
      "major  GET /a · 200 · creator.address.zip: type changed from string to number",
      "major  GET /a · 200 · owner.address.zip: type changed from string to number",
    ]);
  });

  it("is major where it is used by what no rule looks into", () => {
    const api = (label: JsonObject) =>
      edited(answering({ a: text }, { Node: object({ label, next: ref("Node") }) }), (d) => {
        at(d, "paths", "/a", "get")["callbacks"] = { done: { "{$url}": { post: ref("Node") } } };
      });
    expect(lines(api(text), api(text))).toEqual([]);
    expect(lines(api(text), api(number))).toContain("major  GET /a: callbacks changed");
  });

  it("is a patch of its own where only the new document refers to it", () => {
    const before = answering({ a: {} }, { Box: { properties: { a: {} } } });
    const after = answering({ a: ref("Box") }, { Box: {} });
    expect(lines(before, after)).toEqual([
      "patch  GET /a · 200: reference replaced from inline to Box",
      'patch  component schemas.Box: component redefined from {"properties":{"a":{}}} to {}',
    ]);
  });

  it("is found behind a part of allOf that refers back to the whole", () => {
    const api = (readOnly: boolean) =>
      answering(
        { a: ref("Node") },
        { Node: { allOf: [ref("Node"), object({ id: { ...text, readOnly } })] } },
      );
    expect(lines(api(true), api(true))).toEqual([]);
    expect(lines(api(true), api(false))).toEqual([
      "major  GET /a · 200 · id: readOnly changed from true to false",
    ]);
  });

  it("is told where it is only a reference to another, of the same meaning or not", () => {
    const api = (target: string) =>
      answering({ a: ref("Alias") }, { Alias: ref(target), A: text, B: text, C: number });
    const redefined = (to: string) =>
      `patch  component schemas.Alias: component redefined from {"$ref":"#/components/schemas/A"} to {"$ref":"#/components/schemas/${to}"}`;
    expect(lines(api("A"), api("B"))).toEqual([redefined("B")]);
    expect(lines(api("A"), api("C"))).toEqual([
      "major  GET /a · 200: type changed from string to number",
      redefined("C"),
    ]);
  });

  it("is no news where a reference leads nowhere, or round in a circle", () => {
    const api = answering({ a: ref("A"), b: ref("None") }, { A: ref("B"), B: ref("A") });
    expect(lines(api, structuredClone(api))).toEqual([]);
    expect(
      lines(api, answering({ a: ref("A"), b: ref("None") }, { A: text, B: ref("A") })),
    ).not.toEqual([]);
  });
});

it("compares parameters, bodies, responses and headers through their references", () => {
  const api = (schema: JsonObject, required: boolean) => ({
    openapi: "3.0.0",
    components: {
      parameters: { Limit: { name: "limit", in: "query", required, schema } },
      requestBodies: { Body: { required, content: { "application/json": { schema } } } },
      headers: { Total: { schema } },
      responses: {
        Ok: {
          description: "",
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
    "major  POST /a · 200 · header Total: type changed from string to number",
    "major  POST /a · 200 · text/plain: type changed from string to number",
    "major  POST /a · query limit: now required",
    "major  POST /a · query limit: type changed from string to number",
    "major  POST /a · request: now required",
    "major  POST /a · request: type changed from string to number",
  ]);
});

describe("the report's size and time stay in proportion", () => {
  const changed = " type changed from string to number";

  it("where every component refers twice to the next", () => {
    const api = (leaf: JsonObject) =>
      answering(
        { a: ref("C0") },
        Object.fromEntries([
          ...Array.from({ length: 60 }, (_, index) => [
            `C${index}`,
            object({ x: ref(`C${index + 1}`), y: ref(`C${index + 1}`) }),
          ]),
          ["C60", object({ leaf })],
        ]),
      );
    const report = lines(api(text), api(number));
    expect(report).toContain(`major  GET /a · 200 · ${"x.".repeat(60)}leaf:${changed}`);
    expect(report.length).toBeLessThan(250);
  });

  it("where every component refers to every other", () => {
    const names = Array.from({ length: 40 }, (_, index) => `C${index}`);
    const api = (leaf: JsonObject) =>
      answering(
        Object.fromEntries(names.map((name) => [name, ref(name)])),
        Object.fromEntries(
          names.map((name) => [
            name,
            object({
              ...(name === "C7" && { leaf }),
              ...Object.fromEntries(names.map((n) => [n, ref(n)])),
            }),
          ]),
        ),
      );
    const report = lines(api(text), api(number));
    expect(report).toContain(`major  GET /C7 · 200 · leaf:${changed}`);
    expect(report).toContain(`major  GET /C8 · 200 · C7.leaf:${changed}`);
    expect(report.length).toBeLessThan(40 * 250);
  });

  it("where references are chained deeper than the stack", () => {
    const api = (leaf: JsonObject) =>
      answering(
        { a: ref("C0") },
        Object.fromEntries([
          ...Array.from({ length: 20_000 }, (_, index) => [
            `C${index}`,
            { type: "array", items: ref(`C${index + 1}`) },
          ]),
          ["C20000", leaf],
        ]),
      );
    expect(lines(api(text), api(text))).toEqual([]);
    expect(lines(api(text), api(number))).toHaveLength(1);
  });

  it("where a thousand operations share recursive components", () => {
    const api = (label: JsonObject) =>
      answering(
        Object.fromEntries(
          Array.from({ length: 1000 }, (_, index) => [`p${index}`, object({ page: ref("Page") })]),
        ),
        {
          Page: object({ items: { type: "array", items: ref("Node") }, next: ref("Page") }),
          Node: object({ label, parent: ref("Node"), page: ref("Page") }),
        },
      );
    const [before, same, after] = [api(text), api(text), api(number)];
    const start = performance.now();
    expect(lines(before, same)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(lines(before, after)).toHaveLength(1000);
  });
});
