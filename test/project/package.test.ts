import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { transform } from "esbuild";
import { expect, test } from "vitest";
import { bundleCode } from "../../scripts/build/bundle.js";
import { PRODUCT } from "../../src/options.js";
import manifest from "../../package.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Bytes of the main entry, minified and gzipped, without the zones: the page says how many there
 * are. 9,500, and 5 % for the words of the next change.
 */
const SIZE_LIMIT = 9_975;

const read = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");

const { name: NAME, version: VERSION } = manifest;

test("the newest version of the changelog is that of package.json", async () => {
  const [, newest] = (await read("CHANGELOG.md")).match(/^## .*/gm) ?? [];
  expect(newest).toMatch(/ - \d{4}-\d\d-\d\d$/);
  expect(newest).toContain(`## [${VERSION}] - `);
  expect(PRODUCT).toBe(`make-api-tokens/${VERSION}`);
});

const built = { ...(await bundleCode("cjs")), ...(await bundleCode("esm")) };
const { "index.js": MAIN = "", "cli.js": COMMAND = "" } = built;

test("built code is ASCII, so that V8 reads it at one byte for each character", () => {
  const code = Object.keys(built).filter((name) => !name.endsWith(".map"));
  expect(code).toEqual(["main.cjs", "testing.cjs", "index.js", "testing.js", "cli.js"]);
  for (const name of code) {
    expect(built[name]).toMatch(/^[\0-\x7f]+$/);
    const { sources, sourcesContent } = JSON.parse(built[`${name}.map`] ?? "");
    expect(sourcesContent).toHaveLength(sources.length);
    expect(sourcesContent.every((it: unknown) => typeof it === "string" && it !== "")).toBe(true);
  }
});

test(`the main entry is no larger than ${SIZE_LIMIT} bytes, gzipped`, async () => {
  // A team's scope would lengthen the name in it, and a later version its number.
  const [, scope = ""] = /^(@.*\/)/.exec(NAME) ?? [];
  expect(MAIN).toContain("var zones = {");
  const text = MAIN.replace(/(var zones = \{)[^}]*\}/, "$1}")
    .replace(`"${VERSION}"`, '"1.0.0"')
    .replace(scope, "");
  const { code } = await transform(text, { minify: true });
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(SIZE_LIMIT);
});

test("the main entry and the command load no other file, and the main entry not the command", () => {
  expect(MAIN).not.toMatch(/^import |\brequire\(|src\/cli\//m);
  const imported = [...COMMAND.matchAll(/^import .* from "(.*)";$/gm)].map(([, from]) => from);
  expect(imported.filter((from) => !from?.startsWith("node:"))).toEqual([]);
});

test("the lock files record no download addresses", async () => {
  for (const folder of ["", "test/e2e/"]) {
    expect(await read(`${folder}package-lock.json`)).not.toContain('"resolved"');
    expect(await read(`${folder}.npmrc`)).toContain("omit-lockfile-registry-resolved=true");
  }
});
