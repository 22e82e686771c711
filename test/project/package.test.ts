import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { bundleCode, COMMAND, MAIN, TESTING } from "../../scripts/build/bundle.js";
import { PRODUCT } from "../../src/product.js";
import manifest from "../../package.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Bytes of the main entry, minified and gzipped, without the zones: the page says how many there
 * are. A new need may raise it; a habit may not.
 */
const SIZE_LIMIT = 10_560;

const run = async (command: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(command, args, { cwd: ROOT, maxBuffer: 2 ** 26 })).stdout;
const read = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");

const { name: NAME, version: VERSION } = manifest;

describe("the version", () => {
  test("is the same for npm and for servers that are told it", () => {
    expect(PRODUCT).toBe(`make-api-tokens/${VERSION}`);
  });

  test("has a section in the changelog, unless it is not released yet", async () => {
    const [newest, ...older] = (await read("CHANGELOG.md")).match(/^## .*/gm) ?? [];
    const released = `[${VERSION}] - `;
    expect(newest === "## [Unreleased]" || newest?.startsWith(`## ${released}`)).toBe(true);
    for (const heading of older)
      expect(heading).toMatch(/^## \[\d+\.\d+\.\d+(?:-[\w.]+)?\] - \d{4}-\d\d-\d\d$/);
  });
});

test("built code is ASCII, so that V8 reads it at one byte for each character", async () => {
  for (const source of [COMMAND, MAIN, TESTING]) {
    const files = await bundleCode(source, "it.js");
    expect(files["it.js"]).toMatch(/^[\0-\x7f]+$/);
    const { sources, sourcesContent } = JSON.parse(files["it.js.map"] ?? "");
    expect(sourcesContent).toHaveLength(sources.length);
    expect(sourcesContent.every((it: unknown) => typeof it === "string" && it !== "")).toBe(true);
  }
});

test(`the main entry is no larger than ${SIZE_LIMIT} bytes, gzipped`, async () => {
  // A team's scope would lengthen the name in it, and a later version its number.
  const [, scope = ""] = /^(@.*\/)/.exec(NAME) ?? [];
  const whole = (await bundleCode(MAIN, "index.js"))["index.js"] ?? "";
  expect(whole).toContain("var zones = {");
  const text = whole
    .replace(/(var zones = \{)[^}]*\}/, "$1}")
    .replace(`"${VERSION}"`, '"1.0.0"')
    .replace(scope, "");
  const { code } = await transform(text, { minify: true });
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(SIZE_LIMIT);
});

test("the operations of other pages add nothing to a bundle", async () => {
  const operations = await read("generated/operations.ts");
  const bundle = async (entry: string, contents: string): Promise<string> => {
    const { outputFiles } = await build({
      absWorkingDir: ROOT,
      entryPoints: [entry],
      bundle: true,
      platform: "node",
      format: "esm",
      minifyWhitespace: true,
      minifySyntax: true,
      write: false,
      plugins: [
        {
          name: "other operations",
          setup: ({ onLoad }) =>
            onLoad({ filter: /generated.operations\.ts$/ }, () => ({ contents, loader: "ts" })),
        },
      ],
    });
    return outputFiles[0]!.text;
  };
  const others = operations.replaceAll("export const ", "export const other_");
  for (const source of [MAIN, TESTING]) {
    const text = await bundle(source, operations + others);
    expect(text).toContain("/users/me/api-tokens/{timestamp}");
    expect(text === (await bundle(source, operations))).toBe(true);
  }
});

test("the main entry and the command load no other file, and the main entry not the command", async () => {
  const main = (await bundleCode(MAIN, "index.js"))["index.js"] ?? "";
  const command = (await bundleCode(COMMAND, "cli.js"))["cli.js"] ?? "";
  expect(main).not.toMatch(/^import |\brequire\(|src\/cli\//m);
  const imported = [...command.matchAll(/^import .* from "(.*)";$/gm)].map(([, from]) => from);
  expect(imported.filter((from) => !from?.startsWith("node:"))).toEqual([]);
});

describe("the committed files", () => {
  let names: string[];
  beforeAll(async () => {
    const listed = await run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard");
    names = listed.split("\0").filter(Boolean);
  });

  test("lock versions without download addresses, wherever npm is asked to", async () => {
    const locks = names.filter((it) => it.endsWith("package-lock.json"));
    expect(locks).toContain("package-lock.json");
    for (const lock of locks) {
      expect(await read(lock)).not.toContain('"resolved"');
      expect(await read(lock.replace("package-lock.json", ".npmrc"))).toContain(
        "omit-lockfile-registry-resolved=true",
      );
    }
  });

  test("name no registry and no path of a machine", async () => {
    const registry = new URL((await run("npm", "config", "get", "registry")).trim()).host;
    const paths = /(?<![\w.~-])\/(?:home|root|Users|work|tmp)\/[\w.-]/;
    const found: string[] = [];
    for (const name of names) {
      const text = await read(name).catch(() => "");
      if ([registry, ROOT, `${homedir()}/`].some((it) => text.includes(it)) || paths.test(text)) {
        found.push(name);
      }
    }
    expect(found).toEqual([]);
  });
});
