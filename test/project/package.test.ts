import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { bundleCode } from "../../scripts/build/code.js";
import { COMMAND, ENTRIES } from "../../scripts/build/entries.js";
import { publishedManifest } from "../../scripts/build/manifest.js";
import { PRODUCT } from "../../src/product.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Bytes of the main entry, minified and gzipped, without the zones: the page says how many there
 * are. A new need may raise it; a habit may not.
 */
const SIZE_LIMIT = 13_060;

const run = async (command: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(command, args, { cwd: ROOT, maxBuffer: 2 ** 26 })).stdout;
const read = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");

type Targets = string | { readonly [condition: string]: Targets };

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
  readonly main: string;
  readonly types: string;
  readonly exports: Record<string, Targets>;
  readonly bin: Record<string, string>;
}

/** Files that an export, or a condition of it, leads to. */
const targetsOf = (targets: Targets): string[] =>
  typeof targets === "string" ? [targets] : Object.values(targets).flatMap(targetsOf);

let manifest: Manifest;
beforeAll(async () => {
  manifest = JSON.parse(await read("package.json"));
});

describe("the version", () => {
  test("is the same for npm and for servers that are told it", () => {
    expect(PRODUCT).toBe(`make-api-tokens/${manifest.version}`);
  });

  test("has a section in the changelog, unless it is not released yet", async () => {
    const [newest, ...older] = (await read("CHANGELOG.md")).match(/^## .*/gm) ?? [];
    const released = `[${manifest.version}] - `;
    expect(newest === "## [Unreleased]" || newest?.startsWith(`## ${released}`)).toBe(true);
    for (const heading of older)
      expect(heading).toMatch(/^## \[\d+\.\d+\.\d+(?:-[\w.]+)?\] - \d{4}-\d\d-\d\d$/);
  });
});

describe("the published files", () => {
  let files: string[];
  beforeAll(async () => {
    const listed = await run("npm", "pack", "--dry-run", "--json", "--ignore-scripts");
    files = JSON.parse(listed)[0].files.map((it: { path: string }) => it.path);
  });

  test("hold whatever is exported, and the command; `npm run build` writes it", () => {
    const { exports, main, types, bin } = manifest;
    const exported = [...targetsOf(exports), main, types, ...Object.values(bin)];
    const missing = exported.filter((it) => !files.includes(it.replace(/^\.\//, "")));
    expect(missing).toEqual([]);
  });

  test("hold nothing that is not needed", () => {
    const needed =
      /^(package\.json|(README|CHANGELOG)\.md|LICENSE|spec\/openapi\.json|dist\/(index|testing)(\.c?js(\.map)?|\.d\.c?ts)|dist\/cli\.js(\.map)?|dist\/THIRD-PARTY\.txt)$/;
    expect(files.filter((it) => !needed.test(it))).toEqual([]);
  });

  test("hold source maps with their sources", async () => {
    for (const name of files.filter((it) => it.endsWith(".map"))) {
      const { sources, sourcesContent } = JSON.parse(await read(name));
      expect(sourcesContent).toHaveLength(sources.length);
      expect(sourcesContent.every((it: unknown) => typeof it === "string" && it !== "")).toBe(true);
    }
  });
});

test("built code is ASCII, so that V8 reads it at one byte for each character", async () => {
  for (const entry of [COMMAND, ...ENTRIES]) {
    const { files } = await bundleCode(entry, "esm");
    expect(String(Buffer.from(files.get(`${entry.name}.js`)!))).toMatch(/^[\0-\x7f]*$/);
  }
});

test("the published package.json has nothing to run, and nothing to install", () => {
  const { name, version, exports } = manifest;
  const published = JSON.parse(publishedManifest(manifest));
  expect(published).toMatchObject({ name, version, exports });
  expect(Object.keys(published)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/scripts|dependencies|prettier/i)]),
  );
});

test(`the main entry is no larger than ${SIZE_LIMIT} bytes, gzipped`, async () => {
  const { files } = await bundleCode(ENTRIES[0]!, "esm");
  // A team's scope would lengthen the name in it, and a later version its number.
  const [, scope = ""] = /^(@.*\/)/.exec(manifest.name) ?? [];
  const whole = String(Buffer.from(files.get("index.js")!));
  expect(whole).toContain("var zones = {");
  const text = whole
    .replace(/(var zones = \{)[^}]*\}/, "$1}")
    .replace(`"${manifest.version}"`, '"1.0.0"')
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
  for (const { source } of ENTRIES) {
    const text = await bundle(source, operations + others);
    expect(text).toContain("/users/me/api-tokens/{timestamp}");
    expect(text === (await bundle(source, operations))).toBe(true);
  }
});

test("the command is no part of the main entry, and loads no other file", async () => {
  const { inputs } = await bundleCode(ENTRIES[0]!, "esm");
  expect(inputs.filter((it) => it.startsWith("src/cli/"))).toEqual([]);
  const { files } = await bundleCode(COMMAND, "esm");
  const imports = String(Buffer.from(files.get("cli.js")!)).matchAll(/^import .* from "(.*)";$/gm);
  expect([...imports].filter(([, from]) => !from?.startsWith("node:"))).toEqual([]);
});

describe("the committed files", () => {
  let names: string[];
  beforeAll(async () => {
    const listed = await run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard");
    names = listed.split("\0").filter(Boolean);
  });

  test("lock versions without download addresses, wherever npm is asked to", async () => {
    const locks = names.filter((it) => it.endsWith("package-lock.json"));
    expect(locks).toEqual(["package-lock.json", "test/e2e/package-lock.json"]);
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
