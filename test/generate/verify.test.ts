import { describe, expect, test } from "vitest";
import { Refusal } from "../../scripts/lib/refusal.js";
import { verifyConstants, verifyTypes } from "../../scripts/generate/verify.js";

const types = (text: string) => () => verifyTypes("generated/paths.ts", text);
const constants = (text: string) => () => verifyConstants("generated/zones.ts", text);

describe("a file of types", () => {
  test.each([
    "export interface paths { '/a/{b}': { get?: never; readonly x: string[] }; [name: string]: unknown }",
    "type WithRequired<T, K extends keyof T> = T & { [P in K]-?: T[P] };",
    "export type T = -1 | 1e3 | 'a' | true | null | [string, number] | (boolean | string)[];",
    "export type U = Omit<components['schemas']['A'], 'kind'>; export interface components { schemas: { A: { kind: string } } }",
    "export type T = '@ts-ignore' | '// @ts-nocheck' | '/* @ts-check */';",
    "/** a comment; globalThis.ran = true; import 'x' */\nexport type T = Record<string, never>;",
    "",
  ])("may hold %s", (text) => {
    expect(types(text)).not.toThrow();
  });

  test.each([
    ["a call", "f();"],
    ["an assignment", "globalThis.ran = true;"],
    ["a value", "export const ran = 1;"],
    ["an ambient value", "declare const ran: 1;"],
    ["an enum", "export enum E { A }"],
    ["an ambient enum", "declare enum E { A = 'a'.length }"],
    ["a class", "export class C { static x = f(); }"],
    ["a function", "export function f() {}"],
    ["a namespace", "namespace N { f(); }"],
    ["a module", "declare module 'x' { export type T = 1 }"],
    ["an augmentation of the global scope", "declare global { interface Window { x: 1 } }"],
    ["an import", "import 'node:fs';"],
    ["an import of a type", "import type { T } from './other.js';"],
    ["an import equals", "import fs = require('node:fs');"],
    ["an export of another module", "export * from './other.js';"],
    ["an export of a value", "export default f();"],
    ["an export list", "export { f };"],
    ["an import type", "export type T = import('./other.js').T;"],
    ["a typeof", "export type T = typeof f;"],
    ["a computed name", "export interface I { [f()]: string }"],
    ["a computed name that is constant", "export interface I { ['a']: string }"],
    ["a method", "export interface I { f(): string }"],
    ["a function type", "export type T = () => void;"],
    ["a template type", "export type T = `a${string}`;"],
    ["a heritage clause", "export interface I extends f {}"],
    ["a decorator", "@f export class C {}"],
    ["an initialiser", "export interface I { [name: string = f()]: string }"],
    ["the type any", "export type T = any;"],
    ["a label", "a: f();"],
    ["a block", "{ f(); }"],
    ["an empty statement", ";"],
  ])("may not hold %s", (_, text) => {
    expect(types(`export type Before = 1;\n${text}`)).toThrow(Refusal);
    expect(types(`export type Before = 1;\n${text}`)).toThrow(/^generated\/paths\.ts:2 /);
  });
});

describe("a file of constants", () => {
  test.each([
    "export const zones = {} as const;",
    "export const zones = { a: 'x', \"b c\": [1, true, null, { d: [] }], 3: 'y' } as const;",
    "export const a = ['// @ts-ignore', '@ts-nocheck'] as const;",
    "// a comment\nexport const a = 'x' as const;\nexport const b = [] as const;",
  ])("may hold %s", (text) => {
    expect(constants(text)).not.toThrow();
  });

  test.each([
    ["a call", "export const a = f() as const;"],
    ["a name", "export const a = [process] as const;"],
    ["a name among the properties", "export const a = { process } as const;"],
    ["a spread", "export const a = { ...f } as const;"],
    ["a spread of a list", "export const a = [...f] as const;"],
    ["a hole", "export const a = [, 1] as const;"],
    ["a getter", "export const a = { get b() { return 1; } } as const;"],
    ["a method", "export const a = { b() {} } as const;"],
    ["a computed name", "export const a = { [f()]: 1 } as const;"],
    ["a prototype", 'export const a = { b: { "__proto__": {} } } as const;'],
    ["a template", "export const a = `${f()}` as const;"],
    ["a tagged template", "export const a = f`` as const;"],
    ["a regular expression", "export const a = /a/ as const;"],
    ["an operator", "export const a = (1 + 1) as const;"],
    ["a function", "export const a = (() => 1) as const;"],
    ["a nested assertion", "export const a = { b: f() as string } as const;"],
    ["another type", "export const a = {} as f;"],
    ["an annotation", "export const a: f = {} as const;"],
    ["no assertion", "export const a = {};"],
    ["no value", "export declare const a: 1;"],
    ["a pattern", "export const { a = f() } = {} as const;"],
    ["a second value", "export const a = {} as const, b = f();"],
    ["a variable", "export let a = {} as const;"],
    ["a variable in a hoisted scope", "export var a = {} as const;"],
    ["a resource", "using a = {} as const;"],
    ["an import", "import 'node:fs';"],
    ["a statement", "f();"],
    ["a type", "export type T = 1;"],
  ])("may not hold %s", (_, text) => {
    expect(constants(`export const before = 1 as const;\n${text}`)).toThrow(Refusal);
    expect(constants(`export const before = 1 as const;\n${text}`)).toThrow(
      /^generated\/zones\.ts:2 /,
    );
  });
});

describe.each([
  ["types", types],
  ["constants", constants],
])("a file of %s", (_, verify) => {
  test.each([
    ["is broken", "export type T = ;"],
    ["ends in a comment that is open", "/* "],
    ["has an unfinished string", "export const a = 'x"],
  ])("may not be one that %s", (_, text) => {
    expect(verify(text)).toThrow(Refusal);
    expect(verify(text)).toThrow(/:1 .*does not parse/);
  });

  test.each([
    ['/// <reference path="../secret.ts" />', "references a file"],
    ['/// <reference types="node" />', "references types"],
    ['/// <reference lib="dom" />', "references a library"],
    ["// @ts-nocheck", "turns checks off"],
    ["/** @ts-expect-error */", "hides an error"],
    ["/**\n * x\n @ts-ignore */", "hides an error on several lines"],
  ])("may not direct the compiler: %s", (text) => {
    expect(verify(text)).toThrow(/directs the compiler/);
  });

  test("is refused with its text made printable", () => {
    expect(verify("f('\u001b[31m\u202e');")).toThrow(/f\('\\x1b\[31m\\u202e'\);/);
  });
});
