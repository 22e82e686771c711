import { execFile } from "node:child_process";
import { appendFile, cp, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "../commands.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SOURCES = ["src", "scripts", "generated", "spec", "package.json", "tsconfig.json", ".npmrc"];
const TEXTS = ["README.md", "CHANGELOG.md", "LICENSE"];

/** A copy of this package, in a folder whose name has a space. */
let root: string;
let manifest: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "a build-"));
  for (const name of [...SOURCES, ...TEXTS]) {
    await cp(join(ROOT, name), join(root, name), { recursive: true });
  }
  await symlink(join(ROOT, "node_modules"), join(root, "node_modules"));
  manifest = await read("package.json");
});
afterAll(() => rm(root, { recursive: true }));

const read = (name: string) => readFile(join(root, name), "utf8");
const filesOf = async (folder: string) =>
  (await readdir(join(root, folder), { recursive: true })).sort();

async function npm(...args: string[]) {
  const ended = await promisify(execFile)("npm", args, { cwd: root }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      ...{ code, stdout, stderr },
    }),
  );
  return { ...ended, lastLine: ended.stderr.trimEnd().split("\n").at(-1) };
}

test("npm run package writes what is published, and packs it", async () => {
  const { code, stdout } = await npm("run", "-s", "package");
  expect(code).toBe(0);
  const [, tarball = ""] =
    /^package\/ and (\S+\.tgz) hold what is published\.\n$/.exec(stdout) ?? [];
  const listed = await promisify(execFile)("tar", ["-tzf", tarball], { cwd: root });
  const packed = listed.stdout
    .trim()
    .split("\n")
    .map((it) => it.replace("package/", ""));
  const files = (await filesOf("package")).filter((it) => /\.\w+$|LICENSE/.test(it));
  expect(packed.sort()).toEqual(files);
  expect(await filesOf(".")).not.toContain("package.new");
}, 60_000);

test("npm pack in the root packs the published package.json, and puts the other back", async () => {
  const { code, stdout } = await npm("pack", "--silent");
  expect(code).toBe(0);
  const args = ["-xOf", stdout.trim(), "package/package.json"];
  const packed = await promisify(execFile)("tar", args, { cwd: root });
  expect(packed.stdout).toBe(await read("package/package.json"));
  expect(await read("package.json")).toBe(manifest);
}, 60_000);

test("npm run package says where the sources are wrong, and leaves package/ as it was", async () => {
  const before = await filesOf("package");
  await appendFile(join(root, "src/client.ts"), "const = 1;\n");
  const { code, stderr, lastLine } = await npm("run", "-s", "package");
  expect(code).toBe(1);
  expect(stderr).toContain("src/client.ts:");
  expect(stderr).not.toMatch(/^ +at /m);
  expect(lastLine).toMatch(/^Mend it there .* then run the same command again\.$/);
  expect(await filesOf("package")).toEqual(before);
}, 60_000);

test.each(["build", "package"])("npm run %s takes no options", async (name) => {
  const { code, lastLine } = await call(name, ["--root", root]);
  expect({ code, lastLine }).toEqual({ code: 2, lastLine: "It takes no options." });
});
