import { describe, expect, test } from "vitest";
import { checkTypes } from "../../scripts/generate/type-check.js";
import { generate } from "../../scripts/generate/emit.js";
import type { JsonObject } from "../../scripts/lib/json.js";
import { Refusal } from "../../scripts/lib/refusal.js";
import { documentWith, ref, returning, textOf } from "./documents.js";

test.each([
  ...["globalThis.ran = true;", "export const ran = 1;", "declare const ran: 1;"],
  ...["export enum E { A }", "export class C {}", "export function f() {}", "namespace N {}"],
  ...["import 'node:fs';", "import type { T } from './other.js';", "export * from './other.js';"],
  ...["export type T = import('./other.js').T;", "export type T = typeof f;"],
  ...["declare global { interface Window { x: 1 } }", "export interface I { [f()]: string }"],
  ...["export interface I extends F {}", "export type T = ;", "/* "],
])("a file of types may not hold %s", (code) => {
  expect(() => checkTypes(`export type Before = 1;\n${code}`, documentWith({}))).toThrow();
});

describe("types that TypeScript does not have", () => {
  const component = (name: string): string => `$.components.schemas.${name}.*`;
  const operation = "$.paths['/b\\'ad/{x}'].get";
  const id = { type: "integer", readOnly: true };
  const components: JsonObject = {
    List: { type: "array", items: ref("List") },
    Inner: { type: "object", properties: { list: ref("List"), inner: ref("Inner") } },
    Circle: { allOf: [ref("Circle"), { properties: { id } }], required: ["id"] },
    Object: { type: "object", properties: { a: { type: "string" } } },
  };

  test.each<[string, JsonObject, string[], string]>([
    ["a list of itself", ref("List"), ["List"], component("List")],
    ["a list of itself, far within", ref("Inner"), ["List", "Inner"], component("List")],
    ["a composition of itself", ref("Circle"), ["Circle"], component("Circle")],
    ["an operation that refers to nothing", ref("None"), ["Object"], operation],
    [
      "a required name of all objects",
      { allOf: [ref("Object")], required: ["toString"] },
      ["Object"],
      operation,
    ],
  ])("are refused, with the operation and the way on: %s", async (_, schema, used, target) => {
    const schemas = Object.fromEntries(used.map((name) => [name, components[name] ?? {}]));
    const item = { put: returning({}), get: returning(schema) };
    const document = documentWith({ "/a": { get: returning({}) }, "/b'ad/{x}": item }, { schemas });
    const refused: unknown = await generate(textOf(document)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    const { message, remedy } = refused as Refusal;
    expect(message).toMatch(/^spec\/openapi\.json cannot be turned into code: GET \/b'ad\/\{x\} /);
    expect(JSON.parse(/\{.*\}$/.exec(remedy)?.[0] ?? "")).toEqual({ target, remove: true });
  });

  test("are refused with the component, where no operation uses it", async () => {
    const schemas = { List: components["List"] ?? {} };
    const refused = generate(textOf(documentWith({ "/a": { get: returning({}) } }, { schemas })));
    await expect(refused).rejects.toThrow(/code: components\.schemas\.List has no types/);
  });

  test("are refused before TypeScript lists 65,536 alternatives twice", async () => {
    const pair = { oneOf: [ref("A"), { type: "string", enum: ["b"] }] };
    const pairs = { allOf: Array.from({ length: 16 }, () => pair) };
    const schemas = { A: { type: "object" }, Pairs: pairs, Again: { allOf: [ref("Pairs")] } };
    const refused = generate(textOf(documentWith({}, { schemas })));
    await expect(refused).rejects.toThrow(/more than 100000 alternatives/);
  });
});
