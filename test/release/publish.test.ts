import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { run } from "../../scripts/lib/run.js";
import { call } from "../commands.js";
import { fakeGh, gitHubOf } from "./fake-gh.js";
import { fakeNpm, registryOf } from "./fake-npm.js";

const REGISTRY = "https://registry.example.com/npm";
const TARBALL = "team-tokens-1.4.2.tgz";
const MANIFEST = {
  name: "@team/tokens",
  version: "1.4.2",
  repository: "github:team/tokens",
  publishConfig: { registry: REGISTRY },
};

/** Holds a folder for a release that nothing is done of, and one for a release that is done. */
let templates: string;
/** Of this test: the checkout, its origin, and the programs. */
let folder: string;
let root: string;
let gh: ReturnType<typeof gitHubOf>;
let npm: ReturnType<typeof registryOf>;

beforeAll(async () => {
  templates = await mkdtemp(join(tmpdir(), "publish-"));
  const fresh = join(templates, "fresh");
  await fakeGh(join(fresh, "bin"));
  await fakeNpm(join(fresh, "bin"));
  await mkdir(join(fresh, "checkout"));
  enter(fresh);
  await git("init", "--quiet", "--bare", "--template=", join(fresh, "origin"));
  await git("init", "--quiet", "--template=");
  await git("remote", "add", "origin", "../origin");
  await write("package.json", JSON.stringify({ ...MANIFEST, scripts: { build: "exit 1" } }));
  await write("CHANGELOG.md", changelog("1.4.2"));
  await write(".gitignore", "*.tgz\n");
  await git("add", "--all");
  await git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "Source");
  await pack();

  enter(await copy("fresh", "done"));
  expect((await publish()).code).toBe(0);
});
afterAll(() => rm(templates, { recursive: true }));

let copies = 0;

/** Copies a template. */
async function copy(template: string, name = `test-${++copies}`): Promise<string> {
  await run("cp", ["-R", template, name], { cwd: templates });
  return join(templates, name);
}

/** Begins a test where a release was never run, or is done. */
const begin = async (template: "fresh" | "done") => enter(await copy(template));

beforeEach(() => begin("fresh"));
afterEach(() => vi.unstubAllEnvs());

/** Lets the programs of a folder be found, and what they read in their environment. */
function enter(it: string): void {
  folder = it;
  root = join(it, "checkout");
  gh = gitHubOf(join(it, "bin"));
  npm = registryOf(join(it, "bin"));
  const environment = {
    PATH: [join(it, "bin"), process.env["PATH"]].join(delimiter),
    GH_TOKEN: "secret-of-github",
    NPM_TOKEN: "secret-of-the-registry",
    GIT_CONFIG_GLOBAL: join(it, "gitconfig"),
    GIT_CONFIG_NOSYSTEM: "1",
    GITHUB_REPOSITORY: undefined,
    GITHUB_SERVER_URL: "https://git.example.org",
    ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
    NPM_REGISTRY: undefined,
    npm_config_userconfig: undefined,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

const write = (name: string, text: string) => writeFile(join(root, name), text);
const git = (...args: string[]) => run("git", args, { cwd: root });
const origin = (...args: string[]) => git("--git-dir", join(folder, "origin"), ...args);
const publish = (...args: string[]) => call("publish-release", ["--root", root, ...args]);
const changelog = (version: string) =>
  `# Changelog\n\n## [Unreleased]\n\n## [${version}] - 2026-01-02\n\n### Added\n\n- A word.\n\n## [1.0.0] - 2025-01-01\n\n- Old.\n`;
const published = async () => (await npm.read()).calls.find(({ args }) => args[0] === "publish");

/** The tarball that `npm run package` would have left. */
async function pack(manifest: object = MANIFEST, code = "export {};\n", name = TARBALL) {
  await mkdir(join(folder, "package/dist"), { recursive: true });
  await writeFile(join(folder, "package/package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "package/dist/index.js"), code);
  await run("tar", ["-czf", join(root, name), "package"], { cwd: folder });
  const hash = createHash("sha512").update(await readFile(join(root, name)));
  await npm.expect(`sha512-${hash.digest("base64")}`);
}

/** Everything that a release leaves outside of the checkout. */
async function outcome() {
  const { releases } = await gh.read();
  const { integrity } = await npm.read();
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
    await begin("done");
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
    await begin("done");
    const whole = await outcome();
    if (!registry) await npm.set({});
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
    await begin("done");
    expect(await publish("--pending")).toMatchObject({ code: 0, stdout: "pending=false\n" });
  });

  test("gives the package to no registry that nobody named", async () => {
    await write("package.json", JSON.stringify({ ...MANIFEST, publishConfig: undefined }));
    const { code, stdout } = await publish();
    expect(code).toBe(0);
    expect(stdout).toContain("@team/tokens@1.4.2 goes to no registry");
    expect((await npm.read()).calls).toEqual([]);
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
    expect((await published())?.saw).toEqual({
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
    const { settings, ...secrets } = (await published())?.saw ?? {};
    expect(secrets).toEqual(expected ? { NPM_TOKEN: "secret-of-github" } : {});
    expect(settings === undefined).toBe(!expected);
  });

  test("are in no complaint", async () => {
    await npm.set({
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
    await begin("done");
    await gh.set({});
    await pack(MANIFEST, "export const other = 1;\n");
    const { stderr, lastLine } = await refused();
    expect(stderr).toContain("The tag v1.4.2 at origin holds another package");
    expect(lastLine).toContain("npm run release -- --bump patch");
  });

  test("a registry that has another package", async () => {
    await npm.set({ integrity: "sha512-other" });
    const { stderr, lastLine } = await refused();
    expect(stderr).toContain("The registry has another @team/tokens@1.4.2");
    expect(lastLine).toContain("npm run release -- --bump patch");
  });

  test.each([
    ["E401", "Give NPM_TOKEN a token that may publish"],
    ["E409", "nobody else publishes"],
    ["ECONNREFUSED", "NPM_REGISTRY its address"],
  ])("a registry that npm answers %s for", async (code, remedy) => {
    await npm.set({ fails: `npm error code ${code}` });
    expect((await refused()).lastLine).toContain(remedy);
  });

  test.each([
    ["no archive", () => write(TARBALL, "no archive")],
    [
      "an archive of something else",
      async () => {
        await mkdir(join(folder, "package"), { recursive: true });
        await rm(join(folder, "package/package.json"));
        await run("tar", ["-czf", join(root, TARBALL), "package"], { cwd: folder });
      },
    ],
  ])("a tarball that is %s", async (_, spoil) => {
    await spoil();
    expect((await refused()).lastLine).toContain("npm run package");
  });

  test.each([
    [
      "outside of a checkout",
      () => rm(join(root, ".git"), { recursive: true }),
      "in a git checkout",
    ],
    ["without an origin", () => git("remote", "remove", "origin"), "remote `origin`"],
  ])("%s", async (_, spoil, remedy) => {
    vi.stubEnv("GIT_CEILING_DIRECTORIES", folder);
    await spoil();
    expect((await refused()).lastLine).toContain(remedy);
  });

  test("a program or a folder that is not there", async () => {
    const nowhere = join(folder, "nowhere");
    await expect(run(nowhere, [], { cwd: root })).rejects.toMatchObject({
      message: `${nowhere} is not there.`,
      remedy: expect.stringContaining("Install the program") as string,
    });
    await expect(run("git", [], { cwd: nowhere })).rejects.toThrow(`${nowhere} is not there.`);
  });

  test.each([["--check"], ["--pending=1"], ["now"]])("%s, as wrong usage", async (arg) => {
    const { code, lastLine } = await publish(arg);
    expect(code).toBe(2);
    expect(lastLine).toContain("Usage: [--root <dir>] [--pending]");
  });
});
