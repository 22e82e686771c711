import { describe, expect, test } from "vitest";
import { checkFragments, limits } from "../../scripts/pull/check/limits.js";
import { methods } from "../../scripts/lib/old-openapi.js";
import { fragmentsOf } from "../../scripts/pull/read/fragments.js";
import { openapi, operation, page, withComponents } from "./support.js";

const many = <T>(count: number, value: T): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, value]));
const schemas = (count: number, properties: number) =>
  withComponents({ schemas: many(count, { properties: many(properties, { type: "string" }) }) });

const check = (document: object): void =>
  checkFragments(fragmentsOf("page", Buffer.from(page(JSON.stringify(document)))));

describe("a fragment is refused, before anything is made of it,", () => {
  test.each([
    ["bytes", openapi({ info: { title: "x".repeat(limits.bytes) } }), /more than 4194304 bytes/],
    ["values", schemas(60, 700), /more than 70000 values/],
    ["entries of one object", schemas(1, limits.entries + 1), /more than 1000 entries/],
    [
      "operations",
      openapi({
        paths: many(251, Object.fromEntries(methods.map((method) => [method, operation()]))),
      }),
      /more than 2000 operations/,
    ],
    [
      "answers of all operations",
      openapi({
        paths: many(9, { get: operation({ responses: many(500, { description: "" }) }) }),
      }),
      /more than 4000 answers of all operations/,
    ],
    [
      "scopes of all operations",
      openapi({
        paths: many(3, {
          get: operation({ security: [{ token: Object.keys(many(9000, 1)) }] }),
        }),
      }),
      /more than 20000 scopes/,
    ],
  ])("for its %s", (_, document, message) => {
    expect(() => check(document)).toThrow(message);
  });

  test("and taken just below the limits", () => {
    expect(() => check(schemas(34, 1000))).not.toThrow();
    expect(() => check(schemas(1, limits.entries))).not.toThrow();
    const answers = operation({ responses: many(500, { description: "" }) });
    expect(() => check(openapi({ paths: many(8, { get: answers }) }))).not.toThrow();
  });
});
