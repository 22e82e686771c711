import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Refusal } from "../../scripts/lib/refusal.js";
import { isObject, type Json, type JsonObject, type Path } from "../../scripts/lib/json.js";
import { lint } from "../../scripts/pull/check/lint.js";
import { check, operation, page, withComponents } from "./support.js";

const sound = withComponents(
  {
    schemas: {
      Thing: {
        type: "object",
        required: ["id"],
        discriminator: { propertyName: "kind", mapping: { a: "#/components/schemas/Other" } },
        properties: { id: { type: "integer" }, next: { $ref: "#/components/schemas/Thing" } },
      },
      Other: { allOf: [{ $ref: "#/components/schemas/Thing" }, { enum: ["a", 1, null] }] },
    },
    parameters: { limit: { name: "limit", in: "query", schema: { type: "integer" } } },
    examples: { one: { value: { id: 1 } } },
    links: { next: { operationId: "getThing" } },
  },
  {
    tags: [{ name: "Things" }],
    paths: {
      "/things/{id}": {
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }],
        get: operation({
          operationId: "getThing",
          tags: ["Things"],
          parameters: [{ $ref: "#/components/parameters/limit" }],
          callbacks: { done: { "{$url}": { post: operation() } } },
        }),
        put: operation({
          requestBody: {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Other" } } },
          },
        }),
      },
    },
  },
);

const pathsOf = (value: Json, path: Path = []): Path[] => [
  path,
  ...(Array.isArray(value)
    ? value.flatMap((child, index) => pathsOf(child, [...path, index]))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]))
      : []),
];

function replaced(value: Json, [step, ...rest]: Path, by: Json): Json {
  if (step === undefined) return by;
  if (Array.isArray(value)) {
    return value.map((child, index) => (index === step ? replaced(child, rest, by) : child));
  }
  const object = isObject(value) ? value : {};
  return { ...object, [step]: replaced(object[step] ?? null, rest, by) };
}

test("the sound document is taken", async () => {
  await expect(check(page(sound))).resolves.toBeInstanceOf(Object);
});

test("whatever stands in whatever place is taken or refused, never a fault of the scripts", async () => {
  const odd = fc.oneof(
    fc.constantFrom<Json>(null, true, 0, "", "a", [], {}, [null], [{}], { "": null }, { a: null }),
    fc.constantFrom<Json>({ $ref: "#/components/schemas/Thing" }, { $ref: null }, ["a", "a"], {
      toString: "",
    }),
    fc.jsonValue() as fc.Arbitrary<Json>,
  );
  /** In place of a value, or beside the others of an object. */
  const places = fc.oneof(
    fc.constantFrom(...pathsOf(sound).slice(1)),
    fc
      .tuple(
        fc.constantFrom(...pathsOf(sound)),
        fc.constantFrom(
          "$ref",
          "servers",
          "x",
          "x-enum-varnames",
          "mapping",
          "properties",
          "allOf",
          "enum",
        ),
      )
      .map(([path, key]) => [...path, key]),
  );
  await fc.assert(
    fc.asyncProperty(places, odd, async (path, value) => {
      const document = replaced(sound, path, value);
      const error = await check(page(document as JsonObject)).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (error === undefined) return;
      expect(error).toBeInstanceOf(Refusal);
      expect((error as Refusal).message).toMatch(/^page\.md:\d+/);
    }),
    { numRuns: 500, examples: [[["components", "parameters", "limit", "in"], { toString: "" }]] },
  );
});

describe("the lint", () => {
  test("reads nothing outside of the document, even where the guard would have let it through", async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests++;
      response.end("{}");
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.json`;
    const document = withComponents({
      schemas: {
        A: { $ref: url },
        B: { $ref: "/etc/hostname" },
        C: { type: "object", discriminator: { propertyName: "a", mapping: { a: url } } },
      },
      examples: { a: { externalValue: url } },
    });
    delete document["security"];
    const fragment = { page: "page", line: 1, text: "", document };
    await lint({ document, originOf: (path) => ({ fragment, path }) }).catch(() => undefined);
    await new Promise((closed) => server.close(closed));
    expect(requests).toBe(0);
  });
});
