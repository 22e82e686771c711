import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attempt, run } from "../../scripts/lib/run.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SOURCES = ["src", "scripts", "generated", "spec", "package.json", "tsconfig.json", ".npmrc"];
const TEXTS = ["README.md", "CHANGELOG.md", "LICENSE"];
const NAME = "@acme/make-api-tokens";

/** A copy of this package under a team's name, in a folder whose name has a space. */
let root: string;
let tarball: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "a build-"));
  for (const name of [...SOURCES, ...TEXTS]) {
    await cp(join(ROOT, name), join(root, name), { recursive: true });
  }
  await symlink(join(ROOT, "node_modules"), join(root, "node_modules"));
  const manifest = JSON.parse(await read("package.json"));
  await writeFile(join(root, "package.json"), JSON.stringify({ ...manifest, name: NAME }));
  await writeFile(join(root, "make-api-tokens-0.9.0.tgz"), "of another version");
  const said = await run("npm", ["run", "-s", "package"], { cwd: root });
  [, tarball = ""] = /^package\/ and (\S+\.tgz) hold what is published\.$/.exec(said) ?? [];
}, 180_000);
afterAll(() => rm(root, { recursive: true }));

const read = (name: string) => readFile(join(root, name), "utf8");
const tarballs = async () => (await readdir(root)).filter((name) => name.endsWith(".tgz"));

describe("npm run package", () => {
  test("packs what is published, and nothing that is not needed", async () => {
    expect(await tarballs()).toEqual([tarball]);
    const packed = (await run("tar", ["-tzf", tarball], { cwd: root })).split("\n");
    const names = ["main.cjs", "main.cjs.map", "index.cjs", "index.d.cts", "index.js"]
      .concat(["index.js.map", "index.d.ts", "testing.cjs", "testing.cjs.map", "testing.d.cts"])
      .concat(["index.mjs", "testing.js", "testing.js.map", "testing.d.ts"])
      .concat(["cli.js", "cli.js.map", "THIRD-PARTY.txt"]);
    expect(packed.map((name) => name.replace("package/", "")).sort()).toEqual(
      [
        ...["package.json", "README.md", "CHANGELOG.md", "LICENSE", "spec/openapi.json"],
        ...names.map((name) => `dist/${name}`),
      ].sort(),
    );
  });

  test("has one class in a process, and names that bundlers see", async () => {
    const cwd = join(root, "package");
    const code = `import { createRequire } from "node:module";
      import { MakeError } from "${NAME}";
      const required = createRequire(import.meta.url)("${NAME}");
      console.log(required.MakeError === MakeError, Object.keys(required).join());`;
    const said = await run(process.execPath, ["--input-type=module", "--eval", code], { cwd });
    const { metafile } = await build({
      stdin: { contents: `export * from "${NAME}"`, resolveDir: cwd },
      ...{ bundle: true, platform: "node", format: "esm", write: false, metafile: true },
    });
    const [bundled] = Object.values(metafile.outputs);
    expect(said).toBe(`true ${bundled?.exports.join()}`);
    expect(bundled?.exports).toContain("MakeError");
  });

  test("leaves nothing to run and nothing to install in package.json", async () => {
    const { scripts, devDependencies, ...own } = JSON.parse(await read("package.json"));
    expect(scripts && devDependencies && own.private).toBe(true);
    const published = JSON.parse(await read("package/package.json"));
    const targets = JSON.stringify(published).matchAll(/"\.\/((?:dist|spec)\/[^"]+)"/g);
    for (const [, name = ""] of targets)
      await expect(read(`package/${name}`)).resolves.not.toBe("");
    const { name, version, exports, bin, files } = own;
    expect(published).toMatchObject({ name, version, exports, bin, files });
    expect(Object.keys(published).filter((it) => !(it in own))).toEqual([]);
    expect(Object.keys(published).join()).not.toMatch(/private|scripts|dependencies|prettier/i);
  });

  test("names itself as package.json does in what is to be installed, imported and run", async () => {
    const readme = await read("package/README.md");
    expect(readme).toContain(`from "${NAME}"`);
    expect(readme).toContain(`from "${NAME}/testing"`);
    expect(readme).toContain(`npx --no-install ${NAME} list`);
    expect(readme).toContain("The command `make-api-tokens` ");
    expect(readme).not.toMatch(/["'](?:@your-team\/)?make-api-tokens["'/]/);
    expect(readme).not.toMatch(/(?:install|npx)(?: --?[\w-]+)* (?:@your-team\/)?make-api-tokens\b/);
    for (const name of await readdir(join(root, "package/dist"))) {
      if (!name.endsWith(".map")) {
        expect(await read(`package/dist/${name}`)).not.toMatch(/(?:from|require\() *["']make-api-/);
      }
    }
  });

  test("says what does not compile, with the file to begin at, and leaves no other package", async () => {
    const wrong = "export const one: string = 1;\n";
    await writeFile(join(root, "src/client.ts"), wrong, { flag: "a" });
    const { ok, complaint } = await attempt("npm", ["run", "-s", "package"], { cwd: root });
    expect(ok).toBe(false);
    expect(complaint).toMatch(/^src\/ does not compile:\nsrc\/client\.ts\(\d+,14\): error TS2322/);
    expect(complaint).toMatch(/\nBegin with src\/client\.ts [^\n]*$/);
    expect(await tarballs()).toEqual([]);
    expect(await readdir(root)).not.toContain("package");
  }, 180_000);
});
