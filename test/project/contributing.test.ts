import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { call } from "../commands.js";
import { pullSeed, seed } from "../pull/support.js";
import { blocksOf, readme } from "./readme.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");
const run = promisify(execFile);

/** Written by commands, or by whoever needs it. */
const NOT_COMMITTED = ["dist/", "package/", "spec/overlay.json"];

let page: string;
let root: string;
beforeAll(async () => {
  page = await read("CONTRIBUTING.md");
});
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "contributing-"));
});
afterEach(() => rm(root, { recursive: true }));

const blockOf = (language: string, about: RegExp): string => {
  const [block, ...others] = blocksOf(page).filter(
    (it) => it.language === language && about.test(it.code),
  );
  expect(others).toEqual([]);
  return block?.code ?? "";
};

describe("the commands", () => {
  test("are those of package.json, here and in the README", async () => {
    const { scripts } = JSON.parse(await read("package.json"));
    const named = [...`${page}\n${readme}`.matchAll(/npm run (?:-s )?([\w:-]+)/g)];
    for (const [, name] of named) expect(Object.keys(scripts)).toContain(name);
  });

  test("all have a row, but for what npm and `npm test` run by themselves", async () => {
    const { scripts } = JSON.parse(await read("package.json"));
    const own = Object.keys(scripts).filter((it) => !/^(?:pre|post)|^(?:check|test)$/.test(it));
    expect(own.filter((name) => !page.includes(`| \`npm run ${name}\` `))).toEqual([]);
  });

  test("that publish without GitHub are there, and tag what is in package/", async () => {
    expect(blockOf("sh", /npm run release/)).toBe(
      "npm run pull\nnpm run release\nnpm test\nnpm run package\n",
    );
    const env = { ...process.env, REPOSITORY: join(root, "repository.git"), HOME: root };
    for (const who of ["AUTHOR", "COMMITTER"]) {
      Object.assign(env, { [`GIT_${who}_NAME`]: "test", [`GIT_${who}_EMAIL`]: "test@localhost" });
    }
    await mkdir(join(root, "package/dist"), { recursive: true });
    await writeFile(join(root, "package/dist/index.js"), "");
    await run("git", ["init", "--quiet", "--bare", env.REPOSITORY], { env });
    await run("sh", ["-ec", blockOf("sh", /^git -C package/)], { cwd: root, env });
    const tagged = ["--git-dir", env.REPOSITORY, "ls-tree", "-r", "--name-only", "v1.1.0"];
    expect((await run("git", tagged, { env })).stdout).toBe("dist/index.js\n");
  });

  test("for one part name a folder, and each number of draws the file that reads it", async () => {
    const [, folder = "none"] = /vitest\.config\.ts (\S+)\n/.exec(blockOf("sh", /vitest/)) ?? [];
    expect(existsSync(join(ROOT, folder))).toBe(true);
    const draws = [...page.matchAll(/((?:`[A-Z_]+=\d+`(?: and )?)+) \(`([^`]+)`\)/g)];
    expect(draws).toHaveLength(4);
    for (const [, variables = "", file = ""] of draws) {
      for (const [name] of variables.matchAll(/[A-Z_]+/g)) {
        expect(await read(file)).toContain(`process.env["${name}"]`);
      }
    }
  });
});

test("every path is there", () => {
  const inText = [...page.matchAll(/(?<=`)[\w.-]+(?:\/[\w.-]*)+(?=`)/g)];
  const inTree = [...blockOf("text", /^spec\//).matchAll(/^(\S+)|(?<=[ ;])((?:src|test)\/\S+)/gm)];
  const paths = [...inText, ...inTree].map(([path]) => path);
  expect(paths.length).toBeGreaterThan(40);
  const missing = paths.filter((it) => !existsSync(join(ROOT, it)) && !NOT_COMMITTED.includes(it));
  expect(missing).toEqual([]);
});

test("the report is what a pull says of such a page", async () => {
  await pullSeed(root);
  await cp(join(ROOT, "package.json"), join(root, "package.json"));
  const text = seed
    .replaceAll('"created":{', '"lastUsed":{"type":"string"},"created":{')
    .replace('"label":{"type":"string","d', '"label":{"type":"string","maxLength":100,"d');
  await writeFile(join(root, "page.md"), text);
  const { version } = JSON.parse(await read("package.json"));
  const { stdout } = await call("pull", ["--check", "--root", root]);
  const shown = blockOf("text", /^major/);
  expect(stdout.replace(/version .*/, "")).toContain(shown.trim().replace(/version .*/, ""));
  expect(shown).toMatch(/version \d+\.\d+\.\d+ to \d+\.0\.0\n$/);
  expect(stdout).toContain(`version ${version} to `);
}, 120_000);

test("the overlay is taken, and each of its rules holds", async () => {
  await pullSeed(root);
  const document = () => readFile(join(root, "spec/openapi.json"), "utf8");
  const before = await document();
  const overlay = blockOf("json", /"overlay"/);
  const pull = async (text: string) => {
    await writeFile(join(root, "spec/overlay.json"), text);
    return call("pull", ["--root", root]);
  };
  expect(await pull(overlay.replace(".items.format", ".items.none"))).toMatchObject({ code: 1 });
  expect(await pull(overlay.replace('"uri"', '"date"'))).toMatchObject({ code: 1 });
  const { code, stdout } = await pull(overlay);
  expect(code).toBe(0);
  expect(stdout).toContain("(A scope such as user:read is no URI)");
  const after = await document();
  expect(before.match(/"format": "uri"/g)).toHaveLength(
    (after.match(/"format": "uri"/g) ?? []).length + 1,
  );
}, 120_000);

test.each([
  ["openapi-fetch", "src/openapi/"],
  ["openapi-typescript", "scripts/generate/"],
])("%s is imported below %s alone", async (name, folder) => {
  const importing: string[] = [];
  for (const top of ["src", "scripts"]) {
    for (const file of await readdir(join(ROOT, top), { recursive: true })) {
      const path = `${top}/${file}`;
      if (path.endsWith(".ts") && (await read(path)).includes(`from "${name}"`)) {
        importing.push(path);
      }
    }
  }
  expect(importing.length).toBeGreaterThan(0);
  expect(importing.filter((path) => !path.startsWith(folder))).toEqual([]);
});

test("the page on the benchmarks has a row for each part", async () => {
  const [, list = ""] = /const all = (\[[^\]]+\])/.exec(await read("test/bench/run.ts")) ?? [];
  const rows = (await read("test/bench/README.md")).match(/^\| `[\w-]+` /gm) ?? [];
  expect(rows.map((row) => row.slice(3, -2))).toEqual(JSON.parse(list));
});
