import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import { outdated, writeFiles } from "../../scripts/lib/files.js";
import { prepare } from "../../scripts/pull/prepare.js";
import { call } from "../commands.js";
import {
  hosts,
  openapi,
  operation,
  packageRoot,
  page,
  rootWith,
  seed,
  tree,
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
  test("writes pages, types, zones, operations and the merged document, and then nothing", async () => {
    const root = await newRoot({ "api-tokens": seed });
    const changes = await pull(root);
    expect(new Set(changes.map(({ bump }) => bump))).toEqual(new Set(["minor"]));
    const before = await tree(root);
    expect(Object.keys(before).slice(1)).toEqual([
      ...["generated/operations.ts", "generated/paths.ts", "generated/zones.ts"],
      ...["spec/openapi.json", "spec/pages/api-tokens.md", "spec/sources.json"],
    ]);
    expect(before["spec/pages/api-tokens.md"]).toBe(seed);
    const again = await prepare(root);
    expect(again.changes).toEqual([]);
    expect(await outdated(root, again.files)).toEqual([]);
    await writeFiles(root, again.files);
    expect(await tree(root)).toEqual(before);
  });

  test("of the committed page is the committed document, byte for byte", async () => {
    const committed = (name: string) => readFileSync(new URL(name, packageRoot), "utf8");
    const root = await newRoot({ "api-tokens": committed("spec/pages/api-tokens.md") });
    await pull(root);
    expect((await tree(root))["spec/openapi.json"]).toBe(committed("spec/openapi.json"));
  });

  test("takes the committed page itself as its source", async () => {
    const sources = { pages: [{ name: "things", url: "spec/pages/things.md" }], hosts };
    const text = page(openapi());
    const root = await newRoot(
      {},
      { "spec/sources.json": JSON.stringify(sources), "spec/pages/things.md": text },
    );
    await pull(root);
    await pull(root);
    expect((await tree(root))["spec/pages/things.md"]).toBe(text);
  });

  test("removes a page that is no longer a source, and nothing that others did", async () => {
    const root = await newRoot({ a: page(openapi()) });
    await pull(root);
    await write(root, "generated/notes.md", "mine");
    await write(root, "spec/pages/next.md", "mine");
    await write(root, "spec/pages/next.txt", "mine");
    const { files } = await prepare(root);
    expect(await outdated(root, files)).toEqual(["spec/pages/next.md"]);
    await pull(root);
    const names = Object.keys(await tree(root));
    expect(names).toEqual(expect.arrayContaining(["generated/notes.md", "spec/pages/next.txt"]));
    expect(names).not.toContain("spec/pages/next.md");
  });

  test.each<[string, Record<string, string>, string]>([
    ["a page that is refused", { "docs/a.md": "# Moved\n" }, "no OpenAPI"],
    [
      "a document before that cannot be read",
      { "spec/openapi.json": "<<<<<<< ours" },
      "openapi.json cannot be read",
    ],
  ])("that is refused changes nothing: %s", async (_, changed, message) => {
    const root = await newRoot({ a: seed });
    await pull(root);
    for (const [name, text] of Object.entries(changed)) await write(root, name, text);
    const before = await tree(root);
    const refusal = { name: "Refusal", message: expect.stringContaining(message) as string };
    await expect(pull(root)).rejects.toMatchObject(refusal);
    expect(await tree(root)).toEqual(before);
  });
});

describe("npm run pull", () => {
  test("reports on standard output, with notes, ending with the bump and the versions", async () => {
    const text = seed.replaceAll('"openapi":"3.0.0"', '"openapi":"3.0.0","extra":1');
    const root = await newRoot({ a: text }, { "package.json": '{ "version": "1.2.3" }' });
    const { code, stdout, stderr } = await call("pull", ["--root", root]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^minor {2}DELETE \/users\/me\/api-tokens\/\{timestamp\}: new\n/);
    expect(stdout).toMatch(
      /\nnote {2}a\.md:\d+, extra: a key that OpenAPI 3\.0 does not know; left out: 1\n/,
    );
    expect(stdout).toMatch(/\n\nBump: minor, version 1\.2\.3 to 1\.3\.0\n$/);
  });

  test("with --check and --json writes nothing, prints only JSON, and exits with 1", async () => {
    const root = await newRoot({ a: seed });
    await pull(root);
    await write(root, "docs/a.md", seed.replaceAll('"label"', '"name"'));
    const before = await tree(root);
    const outcome = await call("pull", ["--root", root, "--check", "--json"]);
    expect(await tree(root)).toEqual(before);
    const where = "GET /users/me/api-tokens · 200 · apiTokens[].label";
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      bump: "major",
      changes: expect.arrayContaining([
        { bump: "major", where, what: expect.any(String) as string },
      ]) as object[],
      notes: [],
    });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain("Out of date: spec/pages/a.md\n");
    expect(outcome.lastLine).toBe("Run `npm run pull` and commit what it changes.");
  });

  test("with --check exits with 0 when nothing would change, also in a checkout with CRLF", async () => {
    const root = await newRoot({ a: seed });
    await pull(root);
    for (const turn of ["\n", "\r\n"]) {
      for (const [name, text] of Object.entries(await tree(root)))
        await write(root, name, text.replaceAll("\n", turn));
      const { code, stdout, stderr } = await call("pull", ["--root", root, "--check"]);
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "Bump: none\n", stderr: "" });
      expect((await call("generate", ["--root", root, "--check"])).code).toBe(0);
    }
  });

  test("says page, line and remedy of what it refuses, with nothing to steer a terminal", async () => {
    const root = await newRoot({
      a: page(openapi({ paths: { "/things\u001b[2J": { get: operation() } } })),
    });
    const before = await tree(root);
    const { code, stdout, stderr, lastLine } = await call("pull", ["--root", root]);
    expect(await tree(root)).toEqual(before);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("a.md:5: paths./things\\x1b[2J: not a plain path");
    expect(stderr).not.toMatch(/\u001b|^\s+at /m);
    const action = `{"target":"$.paths['/things\\\\u001b[2J']","remove":true}`;
    const remedy = "To leave this path out, add this to the actions of spec/overlay.json:";
    expect(lastLine).toBe(`Nothing was changed. ${remedy} ${action}`);
  });
});
