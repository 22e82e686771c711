import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { VERSION } from "../../src/version.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Bytes of the main entry with its dependency, minified and gzipped, but for the data of the
 * specification. A new need may raise it; a habit may not.
 */
const SIZE_LIMIT = 12_700;

const run = async (command: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(command, args, { cwd: ROOT, maxBuffer: 2 ** 26 })).stdout;
const read = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");

interface Manifest {
  readonly version: string;
  readonly dependencies: Record<string, string>;
  readonly exports: Record<string, string | Record<string, string>>;
}

let manifest: Manifest;
beforeAll(async () => {
  manifest = JSON.parse(await read("package.json"));
});

describe("the version", () => {
  test("is the same for npm and for servers that are told it", () => {
    expect(VERSION).toBe(manifest.version);
  });

  test("has a section in the changelog, unless it is not released yet", async () => {
    const [newest, ...older] = (await read("CHANGELOG.md")).match(/^## .*/gm) ?? [];
    const released = `[${manifest.version}] - `;
    expect(newest === "## [Unreleased]" || newest?.startsWith(`## ${released}`)).toBe(true);
    for (const heading of older)
      expect(heading).toMatch(/^## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/);
  });
});

describe("the published files", () => {
  let files: string[];
  beforeAll(async () => {
    const listed = await run("npm", "pack", "--dry-run", "--json", "--ignore-scripts");
    files = JSON.parse(listed)[0].files.map((it: { path: string }) => it.path);
  });

  test("hold whatever is exported; `npm run build` writes it", () => {
    const exported = Object.values(manifest.exports).flatMap((it) =>
      typeof it === "string" ? it : Object.values(it),
    );
    const missing = exported.filter((it) => !files.includes(it.replace(/^\.\//, "")));
    expect(missing).toEqual([]);
  });

  test("hold nothing that is not needed", () => {
    const needed =
      /^(package\.json|(README|CHANGELOG)\.md|LICENSE|spec\/openapi\.json|dist\/(index|testing)\.js(\.map)?|dist\/(src|generated)\/.+\.d\.ts)$/;
    expect(files.filter((it) => !needed.test(it))).toEqual([]);
  });

  test("hold source maps with their sources", async () => {
    for (const name of ["index", "testing"]) {
      const { sources, sourcesContent } = JSON.parse(await read(`dist/${name}.js.map`));
      expect(sourcesContent).toHaveLength(sources.length);
      expect(sourcesContent.every((it: unknown) => typeof it === "string" && it !== "")).toBe(true);
    }
  });
});

test("openapi-fetch is the only dependency, pinned", () => {
  expect(manifest.dependencies).toEqual({
    "openapi-fetch": expect.stringMatching(/^\d+\.\d+\.\d+$/),
  });
});

test(`the main entry is no larger than ${SIZE_LIMIT} bytes, gzipped`, async () => {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["src/index.ts"],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    external: ["../generated/*"],
    write: false,
  });
  expect(gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length).toBeLessThanOrEqual(
    SIZE_LIMIT,
  );
});

describe("the committed files", () => {
  let names: string[];
  beforeAll(async () => {
    const listed = await run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard");
    names = listed.split("\0").filter(Boolean);
  });

  test("lock versions without download addresses, wherever npm is asked to", async () => {
    const locks = names.filter((it) => it.endsWith("package-lock.json"));
    expect(locks).toEqual([
      "package-lock.json",
      "test/bench/package-lock.json",
      "test/e2e/package-lock.json",
    ]);
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
