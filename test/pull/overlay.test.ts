import { rm } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../scripts/lib/json.js";
import type { Refusal } from "../../scripts/lib/refusal.js";
import { prepare } from "../../scripts/pull/prepare.js";
import { openapi, operation, page, rootWith, withComponents, write } from "./support.js";

const roots: string[] = [];
afterEach(() => Promise.all(roots.splice(0).map((root) => rm(root, { recursive: true }))));

const overlay = (...actions: object[]) =>
  JSON.stringify({ overlay: "1.0.0", info: { title: "Corrections", version: "1" }, actions });

async function pull(text: string, spec: string) {
  const root = await rootWith({ a: text }, { "spec/overlay.json": spec });
  roots.push(root);
  const { files, notes } = await prepare(root);
  return { document: JSON.parse(String(files.get("spec/openapi.json"))) as JsonObject, notes };
}

const thing = (more: object = {}) =>
  withComponents({
    schemas: { Thing: { type: "object", required: ["a"], properties: { a: {}, b: {} }, ...more } },
  });
const schemaIn = ({ document }: { document: JsonObject }) =>
  (document["components"] as { schemas: { Thing: JsonObject } }).schemas.Thing;
const thingPath = "components.schemas.Thing";
const target = `$.${thingPath}`;

describe("an overlay", () => {
  test("merges objects, appends to lists and replaces values, and is noted", async () => {
    const update = { description: "New", required: ["b"], properties: { b: { type: "string" } } };
    // It fits by the keys that it names.
    const was = { type: "object", properties: { a: {} } };
    const action = { target, "x-was": was, update, description: "Why", "x-a": 1 };
    const pulled = await pull(page(thing({ description: "Old" })), overlay(action));
    expect(schemaIn(pulled)).toEqual({
      type: "object",
      description: "New",
      required: ["a", "b"],
      properties: { a: {}, b: { type: "string" } },
    });
    const what = `updates ${target} at a.md:5`;
    expect(pulled.notes).toEqual([{ where: "spec/overlay.json, actions[0]", what }]);
  });

  test("appends one entry to a list, removes from lists, and updates the document", async () => {
    const text = page(openapi({ tags: [{ name: "a" }, { name: "b" }, { name: "c" }] }));
    const append = { target: "$.tags", update: { name: "d" } };
    const remove = { target: "$.tags[?@.name=='a' || @.name=='b']", remove: true };
    const whole = { target: "$", update: { info: { title: "All" } } };
    const { document } = await pull(text, overlay(append, remove, whole));
    const tags = [{ name: "c" }, { name: "d" }];
    expect(document).toMatchObject({ tags, info: { title: "All", version: "1.0.0" } });
  });

  test.each(["$.tags[2, 0, 2]", "$.tags[?@.name=='c', ?@.name=='a']", "$.tags[::-2]"])(
    "removes what %s selects, in whatever order it names them",
    async (target) => {
      const text = page(openapi({ tags: ["a", "b", "c"].map((name) => ({ name })) }));
      const { document } = await pull(text, overlay({ target, remove: true }));
      expect(document["tags"]).toEqual([{ name: "b" }]);
    },
  );

  const [first, none] = [", actions[0]:", ": actions[0] is not a target in JSONPath"];
  const merge = `${first} cannot merge its update into ${thingPath}`;
  const [out, correct] = ["Take the action out, or correct", "Correct spec/overlay.json"];
  // prettier-ignore
  test.each<[title: string, spec: string, message: string, remedy: string]>([
    ["that matches nowhere", overlay({ target: "$.gone", remove: true }), `${first} $.gone matches`, out],
    ["whose x-was is not so", overlay({ target, "x-was": { type: "x" }, update: {} }), `${first} ${thingPath} now holds {`, out],
    ["to update a text", overlay({ target: `${target}.type`, update: {} }), `${merge}.type, which is "object"`, out],
    ["to update an object with a text", overlay({ target, update: "x" }), `${merge}, which is {`, out],
    ["to remove everything", overlay({ target: "$", remove: true }), `${first} cannot remove the document`, out],
    ["without a JSONPath", overlay({ target: "paths", remove: true }), none, correct],
    ["to do nothing", overlay({ target }), none, correct],
    ["with a slip", overlay({ target, xwas: "x", update: {} }), none, correct],
    ["that is not there", overlay(), ": actions is not a list of one or more", correct],
    ["of another version", overlay().replace("1.0.0", "2.0.0"), ': overlay is not "1.0.0"', correct],
    ["in a list", "[]", " cannot be read: it holds no object", correct],
    ["in no JSON", "{", " cannot be read: Expected property name", correct],
  ])("is refused for an action %s", async (_, spec, message, remedy) => {
    await expect(pull(page(thing()), spec)).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringContaining(`spec/overlay.json${message}`) as string,
      remedy: expect.stringContaining(remedy) as string,
    });
  });

  test.each([
    ["a host", { target: "$.servers", update: { url: "https://a.example" } }, "outside the hosts"],
    ["a reference", { target, update: { $ref: "/etc/passwd" } }, "is not of the form"],
  ])("cannot bring in %s", async (_, action, what) => {
    await expect(pull(page(thing()), overlay(action))).rejects.toThrow(what);
  });
});

describe("the remedy of a refusal, pasted into the overlay, is one for", () => {
  const parameter = { name: "Authorization", in: "header", schema: { type: "string" } };
  const item = (properties: object) => withComponents({ schemas: { Item: { properties } } });
  const get = operation();
  const paths = (paths: object) => openapi({ paths });
  test.each<[string, object[]]>([
    ["an undeclared path parameter", [paths({ "/a/{b}": { get } })]],
    ["one of the token's", [paths({ "/a": { get: operation({ parameters: [parameter] }) } })]],
    ["one of the token's for a whole path", [paths({ "/a": { parameters: [parameter], get } })]],
    ["components that differ", [item({ a: {}, c: { type: "string" } }), item({ b: {}, c: {} })]],
    ["operations that differ", [openapi(), openapi({ security: [{ token: ["things:write"] }] })]],
    ["a name with a quote", [paths({ "/it's\u200b": { get } })]],
    ["a reference that leads elsewhere", [thing({ properties: { a: { $ref: "x.json" } } })]],
    ["answers that are a list", [paths({ "/a": { get: { responses: [] } } })]],
  ])("%s", async (_, documents) => {
    const root = await rootWith({ a: page(paths({ "/sound": { get } }), ...documents) });
    roots.push(root);
    const { remedy } = await prepare(root).then(
      () => expect.fail("not refused"),
      (error: Refusal) => error,
    );
    const action = JSON.parse(/\{.*\}/.exec(remedy)?.[0] ?? "") as object;
    await write(root, "spec/overlay.json", overlay(action));
    const { notes } = await prepare(root);
    expect(notes[0]?.where).toBe("spec/overlay.json, actions[0]");
  });
});
