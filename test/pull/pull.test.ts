import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { rm } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import { outdated, writeFiles } from "../../scripts/lib/files.js";
import { prepare } from "../../scripts/pull/prepare.js";
import { call, start } from "../commands.js";
import { compile } from "../generate/compile.js";
import {
  hosts,
  openapi,
  operation,
  page,
  rootWith,
  seed,
  tree,
  withComponents,
  write,
} from "./support.js";

const roots: string[] = [];
afterEach(() => Promise.all(roots.splice(0).map((root) => rm(root, { recursive: true }))));

async function newRoot(...args: Parameters<typeof rootWith>): Promise<string> {
  const root = await rootWith(...args);
  roots.push(root);
  return root;
}

/** A pull without its process. */
async function pull(root: string) {
  const { changes, files } = await prepare(root);
  await writeFiles(root, files);
  return changes;
}

describe("a pull", () => {
  test("writes pages, types, zones, operations and the merged document", async () => {
    const root = await newRoot({ "api-tokens": seed });
    const changes = await pull(root);
    expect(new Set(changes.map(({ bump }) => bump))).toEqual(new Set(["minor"]));
    const files = await tree(root);
    expect(Object.keys(files)).toEqual([
      "docs/api-tokens.md",
      "generated/operations.ts",
      "generated/paths.ts",
      "generated/zones.ts",
      "spec/openapi.json",
      "spec/pages/api-tokens.md",
      "spec/sources.json",
    ]);
    expect(files["spec/pages/api-tokens.md"]).toBe(seed);
  });

  test("writes the same bytes when it is run again, and reports nothing", async () => {
    const root = await newRoot({ "api-tokens": seed });
    await pull(root);
    const before = await tree(root);
    const { changes, files } = await prepare(root);
    expect(changes).toEqual([]);
    expect(await outdated(root, files)).toEqual([]);
    await writeFiles(root, files);
    expect(await tree(root)).toEqual(before);
  });

  test("takes the committed page itself as its source", async () => {
    const sources = { pages: [{ name: "things", url: "spec/pages/things.md" }], hosts };
    const root = await newRoot(
      {},
      {
        "spec/sources.json": JSON.stringify(sources),
        "spec/pages/things.md": page(openapi()),
      },
    );
    await pull(root);
    await pull(root);
    expect((await tree(root))["spec/pages/things.md"]).toBe(page(openapi()));
  });

  test("removes what an earlier pull wrote, and nothing that others did", async () => {
    const root = await newRoot({ a: page(openapi()) });
    await pull(root);
    const ours = (await tree(root))["generated/zones.ts"] ?? "";
    await write(root, "generated/older.ts", ours);
    await write(root, "generated/notes.md", "mine");
    await write(root, "spec/pages/next.md", "mine");
    await write(root, "spec/pages/next.txt", "mine");
    expect(await outdated(root, (await prepare(root)).files)).toEqual([
      "generated/older.ts",
      "spec/pages/next.md",
    ]);
    await pull(root);
    const names = Object.keys(await tree(root));
    expect(names).toEqual(expect.arrayContaining(["generated/notes.md", "spec/pages/next.txt"]));
    expect(names).not.toContain("generated/older.ts");
    expect(names).not.toContain("spec/pages/next.md");
  });

  test("fetches from a server", async () => {
    const server = createServer((_, response) => response.end(page(openapi())));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/things.md`;
    const sources = { pages: [{ name: "things", url }], hosts };
    const root = await newRoot({}, { "spec/sources.json": JSON.stringify(sources) });
    try {
      await pull(root);
    } finally {
      server.close();
    }
    expect((await tree(root))["spec/pages/things.md"]).toBe(page(openapi()));
  });
});

describe("another page of the same documentation", () => {
  const id = { name: "thingId", in: "path", required: true, schema: { type: "integer" } };
  const ref = (section: string, name: string) => ({ $ref: `#/components/${section}/${name}` });
  const json = (schema: object) => ({ "application/json": { schema } });
  const shared = {
    schemas: {
      Thing: {
        type: "object",
        required: ["id"],
        properties: {
          id: { type: "integer" },
          kind: { type: "string", enum: ["a", "b's", 'c"'], default: "a" },
          parent: { ...ref("schemas", "Thing") },
          notes: { type: "object", additionalProperties: { type: "string", nullable: true } },
        },
      },
      Page: {
        allOf: [
          ref("schemas", "Thing"),
          { type: "object", properties: { more: { type: "boolean" } } },
        ],
      },
    },
    responses: {
      Failure: {
        description: "It failed",
        content: json({ type: "object", properties: { detail: { type: "string" } } }),
      },
    },
    parameters: {
      limit: { name: "pg[limit]", in: "query", schema: { type: "integer", minimum: 1 } },
    },
    requestBodies: { Thing: { required: true, content: json(ref("schemas", "Thing")) } },
  };
  const text = `> For agents: see the index.\n\n${page(
    withComponents(shared, {
      tags: [{ name: "Things" }],
      paths: {
        "/things/{thingId}": {
          parameters: [id],
          get: operation({
            operationId: "getThing",
            tags: ["Things"],
            parameters: [ref("parameters", "limit")],
            responses: {
              200: { description: "One", content: json(ref("schemas", "Thing")) },
              default: ref("responses", "Failure"),
            },
          }),
          patch: operation({
            requestBody: ref("requestBodies", "Thing"),
            security: [{ token: ["things:write"] }],
          }),
          options: operation({ security: [], responses: { 204: { description: "The methods" } } }),
        },
      },
    }),
    withComponents(shared, {
      security: [{ token: ["things:export"] }],
      paths: {
        "/things/{thingId}/export": {
          get: operation({
            parameters: [
              id,
              {
                name: "format",
                in: "query",
                required: true,
                schema: { type: "string", enum: ["csv", "txt"] },
              },
            ],
            responses: {
              200: {
                description: "A text",
                content: { "text/plain": { schema: { type: "string" } } },
              },
            },
          }),
        },
      },
    }),
  )}`;

  test("pulls, generates and type-checks", async () => {
    const root = await newRoot({ things: text });
    await pull(root);
    const written = Object.entries(await tree(root));
    const generated = written.filter(([name]) => name.startsWith("generated/"));
    const use = `
      import * as operations from "./generated/operations.js";
      import type { paths } from "./generated/paths.js";
      type Get = paths["/things/{thingId}"]["get"];
      export const path: Get["parameters"]["path"] = { thingId: 1 };
      export const query: NonNullable<Get["parameters"]["query"]> = { "pg[limit]": 1 };
      export const thing: Get["responses"][200]["content"]["application/json"] = { id: 1, kind: "b's" };
      export const text: paths["/things/{thingId}/export"]["get"]["responses"][200]["content"]["text/plain"] = "";
      export const scopes: readonly ["things:export"] = operations.getThingsByThingIdExport.scopes;
      export const none: readonly [] = operations.optionsThingsByThingId.scopes;
      // @ts-expect-error the id is required
      export const wrong: Get["responses"][200]["content"]["application/json"] = {};`;
    expect(compile(new Map([...generated, ["use.ts", use]]))).toEqual([]);
  });

  test("merges with the first where both agree on what they share", async () => {
    const base = JSON.parse(seed.split("```json\n")[1]?.split("\n```")[0] ?? "") as object;
    const own = page({
      ...base,
      security: [{ token: ["things:read"] }],
      paths: { "/things": { get: operation() } },
    });
    const root = await newRoot({ "api-tokens": seed, things: own });
    await pull(root);
    const document = JSON.parse((await tree(root))["spec/openapi.json"] ?? "") as { paths: object };
    expect(Object.keys(document.paths)).toEqual([
      "/things",
      "/users/me/api-tokens",
      "/users/me/api-tokens/{timestamp}",
    ]);
  });
});

describe("a refusal changes nothing on disk:", () => {
  const broken = page(openapi()).replace('"paths"', '"paths": 1 "');
  test.each<[string, string, string]>([
    ["a page without a fragment", "# Moved\n", "a.md: no OpenAPI in any of its code blocks."],
    ["an empty page", "", "the page is empty"],
    ["HTML", "<!doctype html>", "the page is HTML"],
    ["broken JSON", broken, "a.md:"],
    [
      "fragments that disagree",
      page(openapi(), openapi({ security: [{ token: ["things:write"] }] })),
      "disagree on paths./things.get.security",
    ],
    [
      "an untrusted host",
      page(openapi({ servers: [{ url: "https://evil.example/api/v2" }] })),
      "outside the hosts",
    ],
    [
      "what OpenAPI does not allow",
      page(openapi({ paths: { "/a": { get: {} } } })),
      "must be present",
    ],
    [
      "more than 10,000 fragments",
      '```\n{"openapi":"3.0.0"}\n```\n'.repeat(10_001),
      "a.md:30002: more than 10000 fragments",
    ],
    ["a page of another encoding", "\ufffd\u0000".repeat(10), "no OpenAPI"],
  ])("%s", async (_, text, message) => {
    const root = await newRoot({ a: seed });
    await pull(root);
    await write(root, "docs/a.md", text);
    const before = await tree(root);
    await expect(pull(root)).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringContaining(message) as string,
    });
    expect(await tree(root)).toEqual(before);
  });

  test("a committed document that cannot be read", async () => {
    const root = await newRoot({ a: seed }, { "spec/openapi.json": "<<<<<<< ours" });
    const before = await tree(root);
    await expect(pull(root)).rejects.toThrow("spec/openapi.json cannot be read");
    expect(await tree(root)).toEqual(before);
  });
});

describe("npm run pull", () => {
  test("reports on standard output, ending with the bump and the versions", async () => {
    const root = await rootWith({ a: seed }, { "package.json": '{ "version": "1.2.3" }' });
    const { code, stdout, stderr } = await call("pull", ["--root", root]);
    await rm(root, { recursive: true });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^minor {2}DELETE \/users\/me\/api-tokens\/\{timestamp\}: new\n/);
    expect(stdout).toMatch(/\n\nBump: minor, version 1\.2\.3 to 1\.3\.0\n$/);
  });

  test("with --check and --json writes nothing, prints only JSON, and exits with 1", async () => {
    const root = await rootWith({ a: seed });
    await pull(root);
    await write(root, "docs/a.md", seed.replaceAll('"label"', '"name"'));
    const before = await tree(root);
    const outcome = await call("pull", ["--root", root, "--check", "--json"]);
    expect(await tree(root)).toEqual(before);
    await rm(root, { recursive: true });
    const report = JSON.parse(outcome.stdout) as { bump: string; changes: object[] };
    expect(report.bump).toBe("major");
    expect(report.changes).toContainEqual({
      bump: "major",
      where: "GET /users/me/api-tokens · 200 · apiTokens[].label",
      what: expect.any(String) as string,
    });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain("Out of date: spec/pages/a.md\n");
    expect(outcome.lastLine).toBe("Run `npm run pull` and commit what it changes.");
  });

  test("with --check exits with 0 when nothing would change", async () => {
    const root = await rootWith({ a: seed });
    await pull(root);
    const { code, stdout, stderr } = await call("pull", ["--root", root, "--check"]);
    await rm(root, { recursive: true });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "Bump: none\n", stderr: "" });
  });

  test("says page, line and remedy of what it refuses, with nothing to steer a terminal", async () => {
    const bad = openapi({ paths: { "/things\u001b[2J": { get: operation() } } });
    const root = await rootWith({ a: page(bad) });
    const before = await tree(root);
    const { code, stdout, stderr, lastLine } = await call("pull", ["--root", root]);
    expect(await tree(root)).toEqual(before);
    await rm(root, { recursive: true });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    const line =
      page(bad)
        .split("\n")
        .findIndex((text) => text.includes("/things")) + 1;
    expect(stderr).toContain(`a.md:${line}: paths./things\\x1b[2J: not a plain path`);
    expect(stderr).not.toMatch(/\u001b|^\s+at /m);
    expect(lastLine).toBe(
      `Nothing was changed. To leave this path out, add this to the actions of spec/overlay.json: {"target":"$.paths['/things\\\\u001b[2J']","remove":true}`,
    );
  });

  test("does not mix with another at the same time", async () => {
    const root = await rootWith({ a: seed });
    const outcomes = await Promise.all([1, 2].map(() => start("pull", ["--root", root])));
    const { files } = await prepare(root);
    expect(await outdated(root, files)).toEqual([]);
    expect(Object.keys(await tree(root)).filter((name) => /lock|staged/.test(name))).toEqual([]);
    await rm(root, { recursive: true });
    expect(outcomes.map(({ code }) => code)).toContain(0);
    for (const { code, stderr } of outcomes) {
      if (code !== 0)
        expect(stderr).toMatch(/^Another pull or generate \(process \d+\) is at work/);
    }
  });
});
