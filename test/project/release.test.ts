import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { check as isFormatted } from "prettier";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pendingRelease } from "../../scripts/release/pending.js";
import { withRelease } from "../../scripts/release/changelog.js";
import { call } from "../commands.js";
import { pullSeed, tree } from "../pull/support.js";

const inPackage = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** A root that has pulled the seed page. */
let pulled: string;
let root: string;
beforeAll(async () => {
  pulled = await mkdtemp(join(tmpdir(), "release-"));
  await pullSeed(pulled);
});
afterAll(() => rm(pulled, { recursive: true }));
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "release-"));
  await cp(pulled, root, { recursive: true });
  await write("spec/released.json", await read("spec/openapi.json"));
  await write("package.json", json({ name: "@team/tokens", version: "1.4.2", files: ["dist"] }));
  const own = { name: "@team/tokens", version: "1.4.2" };
  await write("package-lock.json", json({ ...own, lockfileVersion: 3, packages: { "": own } }));
  await write("CHANGELOG.md", changelog(""));
});
afterEach(() => rm(root, { recursive: true }));

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const read = (name: string) => readFile(join(root, name), "utf8");
const write = (name: string, text: string) => writeFile(join(root, name), text);
const release = (...args: string[]) => call("release", ["--root", root, ...args]);
const changelog = (unreleased: string) =>
  `# Changelog\n\nWords.\n\n## [Unreleased]\n\n${unreleased}## [1.4.2] - 2026-01-02\n\n- Old.\n`;
const changeSpec = async (from: string | RegExp, to: string) =>
  write("spec/openapi.json", (await read("spec/openapi.json")).replace(from, to));
const newField = () =>
  changeSpec(/("apiTokens": \{[^]*?)("created": \{)/, '$1"used": { "type": "string" }, $2');
const today = () => new Date().toISOString().slice(0, 10);

describe("npm run release", () => {
  test("says that nothing is pending, and changes nothing", async () => {
    const before = await tree(root);
    const { code, stdout, stderr } = await release();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Nothing is pending");
    expect(await tree(root)).toEqual(before);
  });

  test("turns what has changed since the last release into the next version", async () => {
    await newField();
    const { code, stdout } = await release();
    expect(code).toBe(0);
    expect(stdout).toContain("Version 1.5.0, after 1.4.2");
    expect(JSON.parse(await read("package.json"))).toEqual({
      name: "@team/tokens",
      version: "1.5.0",
      files: ["dist"],
    });
    expect(JSON.parse(await read("package-lock.json"))).toMatchObject({
      version: "1.5.0",
      packages: { "": { version: "1.5.0" } },
    });
    expect(await read("spec/released.json")).toBe(await read("spec/openapi.json"));
    const text = await read("CHANGELOG.md");
    expect(text).toContain(`## [Unreleased]\n\n## [1.5.0] - ${today()}\n\n### Added\n\n- \``);
    expect(text).toMatch(/apiTokens\[\]\.used: optional property added`\n/);
    expect(text).toContain("\n## [1.4.2] - 2026-01-02\n\n- Old.\n");
    expect(await isFormatted(text, { parser: "markdown" })).toBe(true);

    const before = await tree(root);
    expect((await release()).stdout).toContain("Nothing is pending");
    expect(await tree(root)).toEqual(before);
  });

  test("shows the new version in the README, as a pin of each kind", async () => {
    await write("README.md", "tokens@1.4.2 tokens-1.4.2.tgz `tokens.git#v1.4.2`, not 1.4.2\n");
    await newField();
    expect((await release()).code).toBe(0);
    expect(await read("README.md")).toBe(
      "tokens@1.5.0 tokens-1.5.0.tgz `tokens.git#v1.5.0`, not 1.4.2\n",
    );
  });

  test("lists the zones of the specification in the README's table", async () => {
    const table = (...zones: string[][]) =>
      ["zone", "----", "host"]
        .map((head, row) => `| ${[head, ...zones.map((cells) => cells[row])].join(" | ")} |`)
        .join("\n");
    const zone = (name: string, host: string) => [
      `\`${name}\``.padEnd(host.length + 2),
      "-".repeat(host.length + 2),
      `\`${host}\``,
    ];
    const readme = (...zones: string[][]) => `# Words\n\n${table(...zones)}\n\nWords.\n`;
    await write("README.md", readme(zone("eu9", "eu9.make.com")));
    const kept = JSON.parse(await read("spec/openapi.json"));
    const servers = kept.servers.filter(({ url }: { url: string }) => !url.includes("eu2"));
    await write("spec/openapi.json", json({ ...kept, servers }));
    expect((await release()).code).toBe(0);
    const text = await read("README.md");
    expect(text).toBe(
      readme(
        ...[zone("eu1", "eu1.make.com"), zone("us1", "us1.make.com"), zone("us2", "us2.make.com")],
        zone("eu1.celonis", "eu1.make.celonis.com"),
        zone("us1.celonis", "us1.make.celonis.com"),
      ),
    );
    expect(await isFormatted(text, { parser: "markdown" })).toBe(true);
  });

  test.each([
    ["tabs", "\t", "\n"],
    ["four spaces and CRLF", "    ", "\r\n"],
  ])("leaves %s in package.json and the lock file", async (_, indentation, newline) => {
    const names = ["package.json", "package-lock.json"];
    const before = new Map<string, string>();
    for (const name of names) {
      const value = JSON.parse(await read(name));
      const text = `${JSON.stringify(value, null, indentation)}\n`.replaceAll("\n", newline);
      before.set(name, text);
      await write(name, text);
    }
    await newField();
    expect((await release()).code).toBe(0);
    for (const name of names) {
      expect(await read(name)).toBe(before.get(name)?.replaceAll('"1.4.2"', '"1.5.0"'));
    }
  });

  test("carries what people wrote into the version, and releases it as a patch at least", async () => {
    await write("CHANGELOG.md", changelog("Thanks.\n\n### Added\n\n- A word.\n\n"));
    expect((await release()).stdout).toContain("Version 1.4.3");
    expect(await read("CHANGELOG.md")).toContain(
      `## [Unreleased]\n\n## [1.4.3] - ${today()}\n\nThanks.\n\n### Added\n\n- A word.\n\n## [1.4.2]`,
    );
  });

  test("puts its own entries below those of people in the same group", async () => {
    await write("CHANGELOG.md", changelog("### Added\n\n- A word.\n\n"));
    await newField();
    expect((await release()).code).toBe(0);
    expect(await read("CHANGELOG.md")).toMatch(/### Added\n\n- A word\.\n- `GET .*used/);
  });

  test("keeps all that people wrote, in groups that came twice and in code", async () => {
    const code = "```md\n### Code\n\n## [0.1.0]\n```";
    const written = `${code}\n\n### Added\n\n- One.\n\n### Fixed\n\n### Added\n\n- Two.\n\n`;
    await write("CHANGELOG.md", changelog(written));
    await newField();
    expect((await release()).code).toBe(0);
    expect(await read("CHANGELOG.md")).toContain(
      `- ${today()}\n\n${code}\n\n### Added\n\n- One.\n- Two.\n- \`GET `,
    );
  });

  test("takes empty groups and comments for nothing", async () => {
    await write(
      "CHANGELOG.md",
      changelog("<!-- One line each.\n- Such as this. -->\n\n### Added\n\n"),
    );
    expect((await release()).stdout).toContain("Nothing is pending");
  });

  test("that was interrupted is known, and not taken for released", async () => {
    await newField();
    const files = [...((await pendingRelease(root))?.files ?? [])];
    expect(files.length).toBeGreaterThan(3);
    for (const [name, content] of files.slice(0, -1)) {
      await write(name, String(content));
      const before = await tree(root);
      const { code, stderr, lastLine } = await release();
      expect(code).toBe(1);
      expect(stderr).toContain("CHANGELOG.md has version 1.5.0, and package.json is at 1.4.2.");
      expect(lastLine).toContain("if its release was interrupted, restore CHANGELOG.md");
      expect(await tree(root)).toEqual(before);
    }
  });

  test("takes the bump of everything since the last release, not of the last pull", async () => {
    await newField();
    expect((await release()).stdout).toContain("Version 1.5.0");
    await changeSpec('"used": { "type"', '"used": { "description": "When.", "type"');
    expect((await release()).stdout).toContain("Version 1.5.1");

    await write("package.json", (await read("package.json")).replace("1.5.1", "1.4.2"));
    await write("CHANGELOG.md", changelog(""));
    await cp(join(pulled, "spec/openapi.json"), join(root, "spec/released.json"));
    expect((await release()).stdout).toContain("Version 1.5.0");
  });

  test("tells the readers of the changelog what the pages got wrong", async () => {
    const page = await read("spec/pages/api-tokens.md");
    await write(
      "spec/pages/api-tokens.md",
      page.replace('"created":{', '"created":{"required":true,'),
    );
    await newField();
    expect((await release()).code).toBe(0);
    expect(await read("CHANGELOG.md")).toMatch(
      /### Added\n\n- `GET .*\n\n### Notes on the pages\n\n(?:- .*\n)*- `api-tokens\.md:\d+.*\n(?:- .*\n)*\n## \[1\.4\.2\]/,
    );
  });

  test("says where sources are wrong that have no types to review", async () => {
    await write("tsconfig.json", "{}");
    await mkdir(join(root, "test/project"), { recursive: true });
    await mkdir(join(root, "src"));
    await write("test/project/public-types.d.ts.txt", "");
    await write("src/index.ts", 'export * from "./gone.js";');
    await newField();
    const before = await tree(root);
    const { code, stderr, lastLine } = await release();
    expect(code).toBe(1);
    expect(stderr).toContain('"./gone.js"');
    expect(lastLine).toMatch(/^Mend it there/);
    expect(await tree(root)).toEqual(before);
  });

  test("refuses a page that is not there, and changes nothing", async () => {
    await newField();
    await rm(join(root, "spec/pages/api-tokens.md"));
    const before = await tree(root);
    const { code, stderr, lastLine } = await release();
    expect(code).toBe(1);
    expect(stderr).toContain("spec/pages/api-tokens.md");
    expect(lastLine).toContain("npm run pull");
    expect(await tree(root)).toEqual(before);
  });

  test("raises the bump where it is asked to, and never lowers it", async () => {
    await newField();
    const before = await tree(root);
    expect((await release("--bump", "patch")).stdout).toContain("Version 1.5.0");
    for (const [name, text] of Object.entries(before)) await write(name, text);
    expect((await release("--bump", "major")).stdout).toContain("Version 2.0.0");
  });

  test.each([["--bump", "none"], ["--bump"], ["--check"], ["--root="], ["now"]])(
    "exits with 2 on %s %s, and changes nothing",
    async (...args) => {
      const before = await tree(root);
      const { code, lastLine } = await call("release", ["--root", root, ...args]);
      expect(code).toBe(2);
      expect(lastLine).toContain("Usage: [--root <dir>] [--bump patch|minor|major]");
      expect(await tree(root)).toEqual(before);
    },
  );

  test.each([
    ["CHANGELOG.md", "# Changelog\n", "## [Unreleased]"],
    ["CHANGELOG.md", "## [1.4.2]\n\n## [Unreleased]\n", "above the newest version"],
    ["CHANGELOG.md", "## [Unreleased]\n\n## [Unreleased]\n", "with the lines of all"],
    ["CHANGELOG.md", "## [Unreleased]\n\n<<<<<<< HEAD\n- A\n=======\n", "Resolve it"],
    ["package.json", '{ "version": "1.4.1" }', 'set "version" in package.json'],
    ["package.json", '{ "version": "1.4.2-rc.1" }', 'set "version" in package.json'],
    ["package.json", '{ "version": "01.4.2" }', "three numbers"],
    ["spec/openapi.json", "{", "version control"],
    ["package.json", "{", "version control"],
    ["package.json", '{ "version": "1.x" }', "three numbers"],
    ["package-lock.json", "[]", "version control"],
    ["spec/released.json", "nonsense", "version control"],
  ])("refuses %s that holds %j, and changes nothing", async (name, text, remedy) => {
    await newField();
    await write(name, text);
    const before = await tree(root);
    const { code, lastLine, stderr } = await release();
    expect(code).toBe(1);
    expect(stderr).toContain(name);
    expect(lastLine).toContain(remedy);
    expect(await tree(root)).toEqual(before);
  });
});

describe("an entry of the changelog", () => {
  const entry = (where: string, what: string) =>
    withRelease(changelog(""), {
      version: "2.0.0",
      date: "2026-05-06",
      changes: [{ bump: "major", where, what }],
      notes: [],
    });

  test("is code, so that a page cannot write markup into it", async () => {
    const hostile = "``` <b>@everyone</b> [x](https://example.com) fixes #1 \u001b[2J\n## [9.9.9]";
    const text = await entry(hostile, "operation removed");
    expect(text).toContain("### Removed\n\n- **Breaking:** ` ``` <b>@everyone</b>");
    expect(text).toContain("\\x1b[2J\\x0a## [9.9.9]");
    expect(text.match(/^## /gm)).toHaveLength(3);
  });

  test.each([
    ["operation added", "Added"],
    ["new", "Added"],
    ["optional property added", "Added"],
    ["media type removed: text/csv", "Removed"],
    ["type changed from string to number", "Changed"],
    ['description changed from "" to "was added"', "Changed"],
  ])("for %j stands under %s", async (what, heading) => {
    expect(await entry("GET /a", what)).toContain(`### ${heading}\n\n- **Breaking:** \`GET /a: `);
  });
});

test("the last release of this package is the document that its version holds", async () => {
  const released = JSON.parse(await readFile(inPackage("spec/released.json"), "utf8"));
  expect(released).toHaveProperty("paths");
});
