import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { call } from "../commands.js";
import { pullSeed, seed } from "../pull/support.js";
import { blocksOf, readme } from "./readme.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");
const page = await read("CONTRIBUTING.md");

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "contributing-"));
});
afterEach(() => rm(root, { recursive: true }));

const blockOf = (language: string, about: RegExp): string =>
  blocksOf(page).find((it) => it.language === language && about.test(it.code))?.code ?? "none";

test("every command of package.json has a row, but for what runs by itself", async () => {
  const { scripts } = JSON.parse(await read("package.json"));
  const named = [...`${page}\n${readme}`.matchAll(/npm run (?:-s )?([\w:-]+)/g)];
  for (const [, name] of named) expect(Object.keys(scripts)).toContain(name);
  const own = Object.keys(scripts).filter((it) => !/^(?:pre|post)|^(?:check|test)$/.test(it));
  expect(own.filter((name) => !page.includes(`| \`npm run ${name}\` `))).toEqual([]);
});

test("the commands without GitHub tag what is in package/", async () => {
  const env = { ...process.env, REPOSITORY: join(root, "repository.git"), HOME: root };
  for (const who of ["AUTHOR", "COMMITTER"]) {
    Object.assign(env, { [`GIT_${who}_NAME`]: "test", [`GIT_${who}_EMAIL`]: "test@localhost" });
  }
  const run = promisify(execFile);
  await mkdir(join(root, "package/dist"), { recursive: true });
  await writeFile(join(root, "package/dist/index.js"), "");
  await run("git", ["init", "--quiet", "--bare", env.REPOSITORY], { env });
  await run("sh", ["-ec", blockOf("sh", /^git -C package/)], { cwd: root, env });
  const tagged = ["--git-dir", env.REPOSITORY, "ls-tree", "-r", "--name-only", "v1.1.0"];
  expect((await run("git", tagged, { env })).stdout).toBe("dist/index.js\n");
});

test("the report is what a pull says of such a page", async () => {
  await pullSeed(root);
  await cp(join(ROOT, "package.json"), join(root, "package.json"));
  const text = seed
    .replaceAll('"created":{', '"lastUsed":{"type":"string"},"created":{')
    .replace('"label":{"type":"string","d', '"label":{"type":"string","maxLength":100,"d');
  await writeFile(join(root, "page.md"), text);
  const { stdout } = await call("pull", ["--check", "--root", root]);
  const withoutVersion = (report: string): string => report.replace(/\d+\.\d+\.\d+/g, "<version>");
  expect(withoutVersion(stdout)).toContain(withoutVersion(blockOf("text", /^major/)).trim());
});

test("the overlay is taken, and each of its rules holds", async () => {
  await pullSeed(root);
  const overlay = blockOf("json", /"overlay"/);
  const [{ "x-was": was }] = JSON.parse(overlay).actions;
  const text = seed.replace("When the token was created (ISO 8601).", was.description);
  await writeFile(join(root, "page.md"), text);
  const pull = async (text: string) => {
    await writeFile(join(root, "spec/overlay.json"), text);
    return call("pull", ["--root", root]);
  };
  expect(await pull(overlay.replace(".delete.", ".get."))).toMatchObject({ code: 1 });
  expect(await pull(overlay.replace("The timestamp of", "The time of"))).toMatchObject({ code: 1 });
  const { code, stdout } = await pull(overlay);
  expect([code, stdout]).toEqual([0, expect.stringContaining("Bump: patch")]);
  expect(await readFile(join(root, "spec/openapi.json"), "utf8")).toContain(
    "When the API token was created.",
  );
});

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
