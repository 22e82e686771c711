import { rm } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../scripts/lib/json.js";
import { prepare } from "../../scripts/pull/prepare.js";
import { openapi, operation, page, rootWith, withComponents, write } from "./support.js";

const roots: string[] = [];
afterEach(() => Promise.all(roots.splice(0).map((root) => rm(root, { recursive: true }))));

const overlay = (...actions: object[]) =>
  JSON.stringify({ overlay: "1.0.0", info: { title: "Corrections", version: "1" }, actions });

async function pull(text: string, spec?: string) {
  const root = await rootWith({ a: text }, spec === undefined ? {} : { "spec/overlay.json": spec });
  roots.push(root);
  const { files, notes } = await prepare(root);
  return { document: JSON.parse(String(files.get("spec/openapi.json"))) as JsonObject, notes };
}

const thing = (more: object = {}) =>
  withComponents({
    schemas: { Thing: { type: "object", required: ["a"], properties: { a: {} }, ...more } },
  });
const schemaIn = ({ document }: { document: JsonObject }) =>
  (document["components"] as { schemas: { Thing: JsonObject } }).schemas.Thing;
const target = "$.components.schemas.Thing";

describe("an overlay", () => {
  test("merges objects, appends to lists and replaces values, and is noted", async () => {
    const update = { description: "New", required: ["b"], properties: { b: { type: "string" } } };
    const pulled = await pull(page(thing({ description: "Old" })), overlay({ target, update }));
    expect(schemaIn(pulled)).toEqual({
      type: "object",
      description: "New",
      required: ["a", "b"],
      properties: { a: {}, b: { type: "string" } },
    });
    expect(pulled.notes).toEqual([
      { where: "spec/overlay.json, actions[0]", what: expect.stringContaining(target) as string },
    ]);
  });

  test("appends one entry to a list that is its target, and removes from lists", async () => {
    const text = page(openapi({ tags: [{ name: "a" }, { name: "b" }, { name: "c" }] }));
    const { document } = await pull(
      text,
      overlay(
        { target: "$.tags", update: { name: "d" } },
        { target: "$.tags[?@.name=='a' || @.name=='b']", remove: true, update: "ignored" },
      ),
    );
    expect(document["tags"]).toEqual([{ name: "c" }, { name: "d" }]);
  });

  test("takes a path whose last operation it removes with it", async () => {
    const paths = {
      "/a/{id}": { parameters: [{ name: "id", in: "path", required: true }], get: operation() },
      "/b": { get: operation() },
    };
    const remove = { target: "$.paths['/a/{id}'].get", remove: true };
    const { document } = await pull(page(openapi({ paths })), overlay(remove));
    expect(Object.keys(document["paths"] as object)).toEqual(["/b"]);
  });

  test("is taken while x-was fits by the keys that it names", async () => {
    const action = { target, "x-was": { type: "object" }, update: { title: "T" } };
    expect(schemaIn(await pull(page(thing()), overlay(action)))).toHaveProperty("title", "T");
    await expect(pull(page(thing({ type: "string" })), overlay(action))).rejects.toMatchObject({
      message: expect.stringMatching(/now holds .* as x-was says/) as string,
      remedy: expect.stringContaining("renew x-was") as string,
    });
  });

  test("may carry extensions, and names what it extends", async () => {
    const spec = JSON.stringify({
      overlay: "1.0.0",
      info: { title: "t", version: "1", "x-a": 1 },
      extends: "https://a.example/openapi.yaml",
      "x-b": 1,
      actions: [{ target, update: { title: "T" }, description: "Why", "x-c": 1 }],
    });
    expect(schemaIn(await pull(page(thing()), spec))).toHaveProperty("title", "T");
  });

  test.each([
    [
      "matches nowhere",
      [{ target: "$.gone", remove: true }],
      "It has outlived its reason: take it out",
    ],
    [
      "updates a value that is none",
      [{ target: `${target}.type`, update: {} }],
      "the object around",
    ],
    ["updates an object with a text", [{ target, update: "x" }], "Mend it"],
    ["removes everything", [{ target: "$", remove: true }], "Mend it"],
    ["has no JSONPath", [{ target: "paths", remove: true }], "Mend spec/overlay.json"],
    ["uses a pattern without bound", [{ target: "$[?match(@.a,'(a+)+b')]", remove: true }], "Mend"],
    ["does nothing", [{ target }], "Mend spec/overlay.json"],
    ["has an unknown key", [{ target, remove: true, removes: 1 }], "Mend spec/overlay.json"],
    ["is missing", [], "Mend spec/overlay.json"],
  ])("is refused where an action %s", async (_, actions, remedy) => {
    await expect(pull(page(thing()), overlay(...actions))).rejects.toMatchObject({
      name: "Refusal",
      remedy: expect.stringContaining(remedy) as string,
    });
  });

  test.each([
    [
      "a host",
      { target: "$.servers", update: { url: "https://evil.example/api/v2" } },
      "outside the hosts",
    ],
    ["a reference", { target, update: { $ref: "/etc/passwd" } }, "is not of the form"],
    [
      "a scheme",
      { target: "$.components.securitySchemes", update: { b: { type: "http", scheme: "bearer" } } },
      "only an apiKey",
    ],
  ])("cannot bring in %s", async (_, action, what) => {
    await expect(pull(page(thing()), overlay(action))).rejects.toThrow(what);
  });
});

describe("the remedy of a refusal, pasted into the overlay, is one for", () => {
  const parameter = { name: "Authorization", in: "header", schema: { type: "string" } };
  const item = (properties: object) => withComponents({ schemas: { Item: { properties } } });
  const servers = openapi()["servers"] as object[];
  test.each<[string, object[]]>([
    ["an undeclared parameter", [openapi({ paths: { "/a/{b}": { get: operation() } } })]],
    [
      "a parameter of the token's",
      [openapi({ paths: { "/a": { get: operation({ parameters: [parameter] }) } } })],
    ],
    [
      "the same for a whole path",
      [openapi({ paths: { "/a": { parameters: [parameter], get: operation() } } })],
    ],
    [
      "paths that look alike",
      [
        openapi({ paths: { "/a/{b}": { parameters: [path("b")], get: operation() } } }),
        openapi({ paths: { "/a/{c}": { parameters: [path("c")], put: operation() } } }),
      ],
    ],
    ["components that differ", [item({ a: {}, c: { type: "string" } }), item({ b: {}, c: {} })]],
    ["operations that differ", [openapi(), openapi({ security: [{ token: ["things:write"] }] })]],
    [
      "servers that differ",
      [openapi(), openapi({ servers: [...servers, { url: "https://x.make.com/api/v2" }] })],
    ],
    [
      "a name with a quote and an invisible character",
      [openapi({ paths: { "/it's\u200b": { get: operation() }, "/b": { get: operation() } } })],
    ],
    ["a reference that leads elsewhere", [thing({ properties: { a: { $ref: "x.json" } } })]],
    [
      "a component that is only itself",
      [withComponents({ schemas: { A: { allOf: [{ $ref: "#/components/schemas/A" }] } } })],
    ],
  ])("%s", async (_, documents) => {
    const text = page(openapi({ paths: { "/sound": { get: operation() } } }), ...documents);
    const root = await rootWith({ a: text });
    roots.push(root);
    const refusal = await prepare(root).then(
      () => expect.fail("not refused"),
      (error: { remedy: string }) => error,
    );
    const action = JSON.parse(/\{.*\}/.exec(refusal.remedy)?.[0] ?? "") as object;
    await write(root, "spec/overlay.json", overlay(action));
    const { notes } = await prepare(root);
    expect(notes[0]?.where).toBe("spec/overlay.json, actions[0]");
  });
});

function path(name: string) {
  return { name, in: "path", required: true, schema: { type: "string" } };
}
