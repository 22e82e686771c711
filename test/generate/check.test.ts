import { describe, expect, test } from "vitest";
import { checkTypes } from "../../scripts/generate/check.js";
import { generate } from "../../scripts/generate/emit.js";
import type { JsonObject } from "../../scripts/lib/json.js";
import { Refusal } from "../../scripts/lib/refusal.js";
import { documentWith, ref, returning, textOf } from "./documents.js";

const checking = (code: string) => () =>
  checkTypes(`export type Before = 1;\n${code}`, documentWith({}));

describe("a file of types", () => {
  test.each([
    "export interface paths { '/a/{b}': { get?: never; readonly x: string[] }; [name: string]: unknown }",
    "type WithRequired<T, K extends keyof T> = T & { [P in K]-?: T[P] };",
    "export type T = -1 | 1e3 | 'a' | true | null | [string, number] | (boolean | string)[];",
    "/** a comment; globalThis.ran = true; import 'x' */\nexport type T = Record<string, never>;",
  ])("may hold %s", (code) => {
    expect(checking(code)).not.toThrow();
  });

  test.each([
    ["a statement", "globalThis.ran = true;"],
    ["a value", "export const ran = 1;"],
    ["an ambient value", "declare const ran: 1;"],
    ["an enum", "export enum E { A }"],
    ["a class", "export class C { static x = 1; }"],
    ["a function", "export function f() {}"],
    ["a namespace", "namespace N { export type T = 1; }"],
    ["an augmentation of the global scope", "declare global { interface Window { x: 1 } }"],
    ["an import", "import 'node:fs';"],
    ["an import of a type", "import type { T } from './other.js';"],
    ["an import type", "export type T = import('./other.js').T;"],
    ["an export of another module", "export * from './other.js';"],
    ["a typeof", "export type T = typeof f;"],
    ["an expression as a name", "export interface I { [f()]: string }"],
    ["a heritage clause", "export interface I extends F {}"],
    ["a broken type", "export type T = ;"],
    ["a comment that is open", "/* "],
  ])("may not hold %s", (_, code) => {
    expect(checking(code)).toThrow();
  });
});

describe("types that TypeScript does not have", () => {
  const component = (name: string): unknown => ({
    ...{ target: `$["components"]["schemas"]["${name}"].*`, remove: true },
  });
  const operation = { target: `$["paths"]["/b'ad/{x}"]["get"]`, remove: true };
  const id = { type: "integer", readOnly: true };
  const components: JsonObject = {
    List: { type: "array", items: ref("List") },
    Inner: { type: "object", properties: { list: ref("List"), inner: ref("Inner") } },
    Circle: { allOf: [ref("Circle"), { properties: { id } }], required: ["id"] },
    Missing: { type: "array", items: ref("None") },
    Object: { type: "object", properties: { a: { type: "string" } } },
  };

  test.each<[string, JsonObject, string[], unknown]>([
    ["a list of itself", ref("List"), ["List"], component("List")],
    ["a list of itself, far within", ref("Inner"), ["List", "Inner"], component("List")],
    ["a composition of itself", ref("Circle"), ["Circle"], component("Circle")],
    ["a component that refers to nothing", ref("Missing"), ["Missing"], component("Missing")],
    ["an operation that refers to nothing", ref("None"), ["Object"], operation],
    ["a required name of all objects", all("Object", "toString"), ["Object"], operation],
  ])("are refused, with the operation and the way on: %s", async (_, schema, used, action) => {
    const schemas = Object.fromEntries(used.map((name) => [name, components[name] ?? {}]));
    const item = { put: returning({}), get: returning(schema) };
    const document = documentWith({ "/a": { get: returning({}) }, "/b'ad/{x}": item }, { schemas });
    const refused: unknown = await generate(textOf(document)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    const { message, remedy } = refused as Refusal;
    expect(message).toMatch(/^spec\/openapi\.json cannot be turned into code: GET \/b'ad\/\{x\} /);
    expect(JSON.parse(/\{.*\}$/.exec(remedy)?.[0] ?? "")).toEqual(action);
  });

  test("are refused with the component, where no operation uses it", async () => {
    const schemas = { List: components["List"] ?? {} };
    const refused = generate(textOf(documentWith({ "/a": { get: returning({}) } }, { schemas })));
    await expect(refused).rejects.toThrow(/code: components\.schemas\.List has no types/);
  });

  function all(name: string, ...required: string[]): JsonObject {
    return { allOf: [ref(name)], required };
  }
});
