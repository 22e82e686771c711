import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { run } from "../../scripts/lib/run.js";
import { call } from "../commands.js";
import { fakeGh } from "./fake-gh.js";

const REGISTRY = "https://registry.example.com/npm";
const TARBALL = "team-tokens-1.4.2.tgz";
const MANIFEST = {
  name: "@team/tokens",
  version: "1.4.2",
  repository: "github:team/tokens",
  publishConfig: { registry: REGISTRY },
};

let folder: string;
let root: string;
let gh: Awaited<ReturnType<typeof fakeGh>>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "publish-"));
  root = join(folder, "checkout");
  const environment = {
    PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter),
    GH_TOKEN: "secret-of-github",
    NPM_TOKEN: "secret-of-the-registry",
    GIT_CONFIG_GLOBAL: join(folder, "gitconfig"),
    GIT_CONFIG_NOSYSTEM: "1",
    GITHUB_REPOSITORY: undefined,
    GITHUB_SERVER_URL: "https://git.example.org",
    ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
    NPM_REGISTRY: undefined,
    npm_config_userconfig: undefined,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  gh = await fakeGh(join(folder, "bin"));
  await fakeNpm();
  await mkdir(root);
  await run("git", ["init", "--quiet", "--bare", join(folder, "origin")], { cwd: folder });
  await git("init", "--quiet");
  await git("remote", "add", "origin", join(folder, "origin"));
  await write("package.json", JSON.stringify({ ...MANIFEST, scripts: { build: "exit 1" } }));
  await write("CHANGELOG.md", changelog("1.4.2"));
  await write(".gitignore", "*.tgz\n");
  await git("add", "--all");
  await git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "Source");
  await pack();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const write = (name: string, text: string) => writeFile(join(root, name), text);
const git = (...args: string[]) => run("git", args, { cwd: root });
const origin = (...args: string[]) => git("--git-dir", join(folder, "origin"), ...args);
const publish = (...args: string[]) => call("publish-release", ["--root", root, ...args]);
const changelog = (version: string) =>
  `# Changelog\n\n## [Unreleased]\n\n## [${version}] - 2026-01-02\n\n### Added\n\n- A word.\n\n## [1.0.0] - 2025-01-01\n\n- Old.\n`;

/** The tarball that `npm run package` would have left. */
async function pack(manifest: object = MANIFEST, code = "export {};\n", name = TARBALL) {
  await mkdir(join(folder, "package/dist"), { recursive: true });
  await writeFile(join(folder, "package/package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "package/dist/index.js"), code);
  await run("tar", ["-czf", join(root, name), "package"], { cwd: folder });
}

/** A registry in a file, behind the two commands of npm that a release needs. */
async function fakeNpm() {
  const file = JSON.stringify(join(folder, "npm.json"));
  const source = `#!${process.execPath}
    const fs = require("node:fs");
    const npm = JSON.parse(fs.readFileSync(${file}, "utf8"));
    const [command, what] = process.argv.slice(2);
    const { GH_TOKEN, NPM_TOKEN, npm_config_userconfig: npmrc } = process.env;
    const settings = npmrc ? fs.readFileSync(npmrc, "utf8") : undefined;
    npm.calls.push({ args: process.argv.slice(2), settings, GH_TOKEN, NPM_TOKEN });
    if (npm.fails) {
      console.error(npm.fails);
      process.exitCode = 1;
    } else if (command === "publish") {
      const hash = require("node:crypto").createHash("sha512").update(fs.readFileSync(what));
      npm.integrity = "sha512-" + hash.digest("base64");
    } else if (npm.integrity) {
      console.log(JSON.stringify(npm.integrity));
    } else {
      console.log(JSON.stringify({ error: { code: "E404" } }));
      console.error("npm error code E404");
      process.exitCode = 1;
    }
    fs.writeFileSync(${file}, JSON.stringify(npm));`;
  await npmKnows({});
  await writeFile(join(folder, "bin/npm"), source, { mode: 0o755 });
}
interface Npm {
  calls: { args: string[]; settings?: string; GH_TOKEN?: string; NPM_TOKEN?: string }[];
  integrity?: string;
  fails?: string;
}
const npmKnows = (npm: Partial<Npm>) =>
  writeFile(join(folder, "npm.json"), JSON.stringify({ calls: [], ...npm }));
const npm = async () => JSON.parse(await readFile(join(folder, "npm.json"), "utf8")) as Npm;
const published = async () => (await npm()).calls.find(({ args }) => args[0] === "publish");

/** Everything that a release leaves outside of the checkout. */
async function outcome() {
  const { releases } = await gh.read();
  const { integrity } = await npm();
  const tags = await origin("for-each-ref", "--format=%(refname) %(tree)");
  return { releases, integrity, tags };
}

describe("npm run publish-release", () => {
  test("tags what was built, publishes it, and makes the GitHub release", async () => {
    const { code, stdout, stderr } = await publish();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      "v1.4.2 is pushed.\n@team/tokens@1.4.2 is published.\nThe GitHub release v1.4.2 is made.\n",
    );
    expect(await origin("ls-tree", "-r", "--name-only", "v1.4.2")).toBe(
      "dist/index.js\npackage.json",
    );
    expect(JSON.parse(await origin("show", "v1.4.2:package.json"))).toEqual(MANIFEST);
    expect(await origin("log", "--format=%an %P%n%B", "v1.4.2")).toBe(
      `github-actions[bot] \n@team/tokens 1.4.2\n\nBuilt from ${await git("rev-parse", "HEAD")}.`,
    );
    expect((await published())?.args).toEqual([
      ...["publish", join(root, TARBALL), "--ignore-scripts"],
      ...[`--registry=${REGISTRY}`, `--@team:registry=${REGISTRY}`],
    ]);
    expect((await gh.read()).releases).toEqual({
      "v1.4.2": {
        isDraft: false,
        notes: "### Added\n\n- A word.",
        assets: [{ name: TARBALL, state: "uploaded" }],
      },
    });
    expect(await git("status", "--porcelain")).toBe("");
  });

  test("finds everything done when it is run again", async () => {
    await publish();
    const before = await outcome();
    const { code, stdout } = await publish();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^v1\.4\.2 is there\.\n.* is in the registry\.\n.* is there, /);
    expect(await outcome()).toEqual(before);
    expect((await gh.read()).calls.filter(({ args }) => args[1] === "create")).toHaveLength(1);
  });

  test.each([
    ["after the tag", { registry: false, release: undefined }],
    ["after the registry", { registry: true, release: undefined }],
    ["while a release was a draft", { registry: true, release: { isDraft: true, assets: [] } }],
    ["before the upload", { registry: true, release: { isDraft: false, assets: [] } }],
    [
      "during the upload",
      { registry: true, release: { isDraft: true, assets: [{ name: TARBALL, state: "starter" }] } },
    ],
  ])("finishes a run that died %s", async (_, { registry, release }) => {
    await publish();
    const whole = await outcome();
    if (!registry) await npmKnows({});
    const notes = "### Added\n\n- A word.";
    await gh.set({ releases: release ? { "v1.4.2": { ...release, notes } } : {} });
    expect((await publish("--pending")).stdout).toBe("pending=true\n");
    expect((await publish()).code).toBe(0);
    expect(await outcome()).toEqual(whole);
  });

  test("says with --pending whether anything is left to do, and does nothing", async () => {
    await rm(join(root, TARBALL));
    const before = await outcome();
    expect(await publish("--pending")).toMatchObject({ code: 0, stdout: "pending=true\n" });
    expect(await outcome()).toEqual(before);
    await pack();
    await publish();
    expect(await publish("--pending")).toMatchObject({ code: 0, stdout: "pending=false\n" });
  });

  test("gives the package to no registry that nobody named", async () => {
    await write("package.json", JSON.stringify({ ...MANIFEST, publishConfig: undefined }));
    const { code, stdout } = await publish();
    expect(code).toBe(0);
    expect(stdout).toContain("@team/tokens@1.4.2 goes to no registry");
    expect((await npm()).calls).toEqual([]);
    expect((await gh.read()).releases).toHaveProperty(["v1.4.2"]);
  });

  test("publishes to NPM_REGISTRY where package.json names no registry", async () => {
    vi.stubEnv("NPM_REGISTRY", "https://other.example.com");
    await write("package.json", JSON.stringify({ ...MANIFEST, publishConfig: {} }));
    await publish();
    expect((await published())?.args).toContain("--registry=https://other.example.com");
  });

  test("keeps a version that precedes another from those who ask for the latest", async () => {
    const manifest = { ...MANIFEST, version: "2.0.0-rc.1" };
    await write("package.json", JSON.stringify(manifest));
    await write("CHANGELOG.md", changelog("2.0.0-rc.1"));
    await pack(manifest, undefined, "team-tokens-2.0.0-rc.1.tgz");
    expect((await publish()).code).toBe(0);
    expect((await published())?.args.join(" ")).toContain("--tag next");
    const create = (await gh.read()).calls.find(({ args }) => args[1] === "create");
    expect(create?.args).toContain("--prerelease");
  });

  test.each([
    ["public", "PUBLIC", "https://id", true],
    ["public", "PUBLIC", undefined, false],
    ["public", "PRIVATE", "https://id", false],
    [undefined, "PUBLIC", "https://id", false],
  ] as const)(
    "for access %s, a %s repository, and id %s, says %s to provenance",
    async (...row) => {
      const [access, visibility, id, offered] = row;
      vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_URL", id);
      await gh.set({ visibility });
      const publishConfig = { ...MANIFEST.publishConfig, access };
      await write("package.json", JSON.stringify({ ...MANIFEST, publishConfig }));
      expect((await publish()).code).toBe(0);
      expect((await published())?.args.includes("--provenance")).toBe(offered);
    },
  );
});

describe("secrets", () => {
  test("of the registry reach npm alone, in settings for that registry", async () => {
    await publish();
    expect(await published()).toEqual({
      args: expect.any(Array) as string[],
      settings: "//registry.example.com/npm/:_authToken=${NPM_TOKEN}\n",
      NPM_TOKEN: "secret-of-the-registry",
    });
  });

  test.each([
    ["https://npm.git.example.org", true],
    ["https://git.example.org/npm/", true],
    ["http://npm.git.example.org", false],
    ["https://git.example.org.example.com", false],
    ["https://evil-git.example.org", false],
    ["https://registry.example.com", false],
  ])("of GitHub reach %s: %s", async (registry, expected) => {
    vi.stubEnv("NPM_TOKEN", "");
    await write("package.json", JSON.stringify({ ...MANIFEST, publishConfig: { registry } }));
    await publish();
    const { settings, NPM_TOKEN } = (await published()) ?? {};
    expect(NPM_TOKEN).toBe(expected ? "secret-of-github" : undefined);
    expect(settings === undefined).toBe(!expected);
  });

  test("are in no complaint", async () => {
    await npmKnows({
      fails: "::add-mask::x secret-of-the-registry\nat https://me:word@registry.example.com/ ##[y]",
    });
    const { code, stderr, lastLine } = await publish();
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/secret|me:word|^::|##\[/m);
    expect(stderr).toContain("https://***@registry.example.com/");
    expect(lastLine).toContain("NPM_TOKEN");
  });
});

describe("what is wrong is refused, and nothing is pushed or published", () => {
  const refused = async () => {
    const before = await outcome();
    const { code, stderr, lastLine } = await publish();
    expect(code).toBe(1);
    expect(await outcome()).toEqual(before);
    return { stderr, lastLine };
  };
  const manifest = (change: object) =>
    write("package.json", JSON.stringify({ ...MANIFEST, ...change }));

  test.each([
    ["names no repository", { repository: undefined }, "npm pkg set repository=github:team/tokens"],
    [
      "names the repository",
      { repository: "github:other/tokens" },
      "repository=github:team/tokens",
    ],
    ["names the repository", { repository: "other-team/tokens" }, "repository=github:team/tokens"],
    ["is no name", { name: "../up" }, "version control"],
    ["is no version", { version: "1.0" }, "version control"],
    ["is no registry's address", { publishConfig: { registry: "file:///" } }, "https URL"],
    ["says nothing of version 9.9.9", { version: "9.9.9" }, "npm run release"],
    ["another-1.4.2.tgz is not there", { name: "another" }, "npm run package"],
  ])("package.json that %s: %j", async (complaint, change, remedy) => {
    vi.stubEnv("GITHUB_REPOSITORY", "team/tokens");
    await manifest(change);
    const { stderr, lastLine } = await refused();
    expect(stderr).toContain(complaint);
    expect(lastLine).toContain(remedy);
  });

  test.each([
    "team/tokens",
    "github:Team/tokens",
    "https://github.com/team/tokens.git",
    "git@github.com:team/tokens.git",
    { type: "git", url: "git+ssh://git@github.com/team/tokens.git" },
  ])("but not the repository %j", async (repository) => {
    vi.stubEnv("GITHUB_REPOSITORY", "team/tokens");
    await manifest({ repository });
    expect((await publish("--pending")).stdout).toBe("pending=true\n");
  });

  test.each([
    ["of another version", { ...MANIFEST, version: "1.4.1" }, "is not @team/tokens 1.4.2"],
    ["with scripts", { ...MANIFEST, scripts: { install: "id" } }, "has scripts"],
  ])("a tarball %s", async (_, packed, complaint) => {
    await pack(packed);
    const { stderr, lastLine } = await refused();
    expect(stderr).toContain(complaint);
    expect(lastLine).toContain("npm run package");
  });

  test("a tag that holds another package", async () => {
    await publish();
    await gh.set({});
    await pack(MANIFEST, "export const other = 1;\n");
    const { stderr, lastLine } = await refused();
    expect(stderr).toContain("The tag v1.4.2 at origin holds another package");
    expect(lastLine).toContain("npm run release -- --bump patch");
  });

  test("a registry that has another package", async () => {
    await publish();
    await gh.set({});
    await npmKnows({ integrity: "sha512-other" });
    const { stderr, lastLine } = await refused();
    expect(stderr).toContain("The registry has another @team/tokens@1.4.2");
    expect(lastLine).toContain("npm run release -- --bump patch");
  });

  test.each([["--check"], ["--pending=1"], ["now"]])("%s, as wrong usage", async (arg) => {
    const { code, lastLine } = await publish(arg);
    expect(code).toBe(2);
    expect(lastLine).toContain("Usage: [--root <dir>] [--pending]");
  });
});
