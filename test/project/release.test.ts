import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check as isFormatted } from "prettier";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { parseChangelog, withEntry } from "../../scripts/release/changelog.js";
import { call } from "../commands.js";
import { pullSeed, tree } from "../pull/support.js";

/** A root that has pulled the seed page, and has released it. */
let pulled: string;
let root: string;
beforeAll(async () => {
  pulled = root = await mkdtemp(join(tmpdir(), "release-"));
  await pullSeed(root);
  await write("spec/released.json", await read("spec/openapi.json"));
  const own = { name: "@team/tokens", version: "1.4.2" };
  const others = { "node_modules/other": { version: "1.4.2" } };
  const lock = JSON.stringify({ ...own, packages: { "": own, ...others } }, null, 2);
  await write("package.json", `${JSON.stringify(own, null, 2)}\n`);
  await write("package-lock.json", `${lock}\n`);
  await write("CHANGELOG.md", changelog(""));
});
afterAll(() => rm(pulled, { recursive: true }));
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "release-"));
  await cp(pulled, root, { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

const read = (name: string) => readFile(join(root, name), "utf8");
const write = (name: string, text: string) => writeFile(join(root, name), text);
const release = (...args: string[]) => call("release", ["--root", root, ...args]);
const changelog = (unreleased: string) =>
  `# Changelog\n\nWords.\n\n## [Unreleased]\n\n${unreleased}\n\n## [1.4.2] - 2026-01-02\n\n* Old.\n`;
const changeSpec = async (from: string | RegExp, to: string) =>
  write("spec/openapi.json", (await read("spec/openapi.json")).replace(from, to));
const newField = () =>
  changeSpec(/("apiTokens": \{[^]*?)("created": \{)/, '$1"used": { "type": "string" }, $2');

/** What is refused has changed nothing. */
async function refused(...args: string[]) {
  const before = await tree(root);
  const ended = await release(...args);
  expect(ended.code).toBe(1);
  expect(await tree(root)).toEqual(before);
  return ended;
}

test("A release turns what has changed since the last one into the next version", async () => {
  const [manifest, lock] = [await read("package.json"), await read("package-lock.json")];
  await newField();
  const { code, stdout } = await release();
  expect(code).toBe(0);
  expect(stdout).toContain("Version 1.5.0, after 1.4.2");
  expect(await read("package.json")).toBe(manifest.replace("1.4.2", "1.5.0"));
  const others = '"node_modules/other": {\n      "version": "1.4.2"';
  expect(await read("package-lock.json")).toBe(
    lock.replaceAll("1.4.2", "1.5.0").replace(others.replace("1.4.2", "1.5.0"), others),
  );
  expect(await read("spec/released.json")).toBe(await read("spec/openapi.json"));
  const text = await read("CHANGELOG.md");
  const title = `## [1.5.0] - ${new Date().toISOString().slice(0, 10)}`;
  const [, line = ""] =
    text.match(/\n(- `GET .*apiTokens\[\]\.used: optional property added`)\n/) ?? [];
  expect(text).toBe(changelog(`${title}\n\n### Changed in Make's documentation\n\n${line}`));
  expect(await isFormatted(text.replace("* Old", "- Old"), { parser: "markdown" })).toBe(true);

  const before = await tree(root);
  expect(await release()).toMatchObject({ code: 0, stderr: "" });
  expect((await release()).stdout).toContain("Nothing is pending");
  expect(await tree(root)).toEqual(before);
});

test.each([
  ["", "", "none"],
  ["<!-- One line each.\n- Such as this. -->\n\n### Changed", "", "none"],
  ["- A word.", "", "1.4.3"],
  ["### Fixed\n\n- A.\n\n### Added\n\n- B.", "", "1.5.0"],
  ["### Added\n\n- A.", "patch", "1.5.0"],
  ["### Deprecated\n\n- A.", "", "1.5.0"],
  ["### Changed\n\n- A.", "", "refused"],
  ["### Removed\n\n- B.", "", "refused"],
  ["### Added\n\n- A.\n\n### Changed\n\n- B.", "patch", "1.5.0"],
  ["### Changed\n\n- A.", "major", "2.0.0"],
])("What people wrote as %j makes with --bump %j: %s", async (written, bump, version) => {
  await write("CHANGELOG.md", changelog(written));
  const args = bump ? ["--bump", bump] : [];
  if (version === "none") expect((await release()).stdout).toContain("Nothing is pending");
  else if (version === "refused") expect((await refused()).lastLine).toContain("--bump major");
  else {
    expect((await release(...args)).stdout).toContain(`Version ${version}, `);
    expect(await read("CHANGELOG.md")).toContain(`\n\n${written}\n\n## [1.4.2]`);
  }
});

test("The bump is that of everything since the last release, not of the last pull", async () => {
  await newField();
  await changeSpec('"used": { "type"', '"used": { "description": "When.", "type"');
  expect((await release("--bump", "patch")).stdout).toContain("Version 1.5.0");
  await changeSpec('"description": "When."', '"description": "Then."');
  expect((await release()).stdout).toContain("Version 1.5.1");
  await write("CHANGELOG.md", changelog("### Changed\n\n- A.").replace("1.4.2", "1.5.1"));
  await changeSpec('"type": "string"', '"type": "number"');
  expect((await release()).stdout).toContain("Version 2.0.0");
});

test("An entry keeps what people wrote, as it is, above what the pages changed", async () => {
  const written = "Words.\n\n```md\n#### Code\n```\n\n### Fixed\n\n* One.";
  await write("CHANGELOG.md", changelog(written));
  await newField();
  expect((await release()).code).toBe(0);
  const [, entry = ""] = (await read("CHANGELOG.md")).split(/^## \[1\..*\n\n/m);
  expect(entry).toMatch(/\n\n### Changed in Make's documentation\n\n- `GET .*\n\n$/);
  expect(entry.startsWith(`${written}\n\n### `)).toBe(true);
});

test("Sources that do not compile are not released, and the file to begin at is named", async () => {
  await mkdir(join(root, "src"));
  await write("src/tsconfig.json", '{ "compilerOptions": { "types": [], "lib": ["ES5"] } }');
  await write("src/index.ts", 'export * from "./gone.js";\nexport const one: string = 1;\n');
  await newField();
  const { stderr, lastLine } = await refused();
  expect(stderr).toMatch(/^src\/ .*:\nsrc\/index\.ts\(1,15\): error .*\nsrc\/index\.ts\(2,/);
  expect(lastLine).toMatch(/^Begin with src\/index\.ts /);
});

test("Wrong usage of a release exits with 2", async () => {
  const { code, lastLine } = await release("--bump", "none");
  expect(code).toBe(2);
  expect(lastLine).toContain("Usage: [--root <dir>] [--bump patch|minor|major]");
});

test.each([
  ["CHANGELOG.md", "# Changelog\n", "Write it above all versions"],
  ["CHANGELOG.md", "## [Unreleased]\n\n## [Unreleased]\n", "lines of all such sections"],
  ["CHANGELOG.md", "## [Unreleased]\n\n## [1.5.0] - 2026-01-03\n", "`git restore` takes back"],
  ["package.json", '{ "version": "01.4.2" }', "three numbers"],
  ["spec/released.json", "nonsense", "version control"],
])("A release is refused for %s that holds %j", async (name, text, remedy) => {
  await newField();
  await write(name, text);
  const { lastLine, stderr } = await refused();
  expect(stderr).toContain(name);
  expect(lastLine).toContain(remedy);
});

test("A change of the pages is written as code that no page can leave", () => {
  const where = "``` <b>@everyone</b> fixes #1 \u001b[2J\n## [9.9.9]";
  const changes = [{ bump: "major", where, what: "type changed" }] as const;
  const text = withEntry(parseChangelog(changelog("")), "2.0.0", changes);
  const code = "''' <b>@everyone</b> fixes #1 \\x1b[2J\\x0a## [9.9.9]: type changed";
  expect(text).toContain(`\n- **Breaking:** \`${code}\`\n`);
});
