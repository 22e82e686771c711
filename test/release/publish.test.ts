import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { run } from "../../scripts/lib/run.js";
import { call } from "../commands.js";
import { Checkout } from "./checkout.js";
import { callsOf, fakeNpm } from "./fake-programs.js";

const REGISTRY = "https://registry.example.com/npm";
const TARBALL = "team-tokens-1.4.2.tgz";
const MANIFEST = {
  name: "@team/tokens",
  version: "1.4.2",
  publishConfig: { registry: REGISTRY },
};

/** What is there before anything is published. */
const checkout = Checkout.use(async (it) => {
  await fakeNpm(it.in("bin"));
  await it.write("package.json", JSON.stringify({ ...MANIFEST, scripts: { build: "exit 1" } }));
  await it.write("CHANGELOG.md", changelog("1.4.2"));
  await it.write(".gitignore", "*.tgz\n");
  await it.commit("Source");
  await pack();
});

const publish = (...args: string[]) => call("publish-release", ["--root", checkout.root, ...args]);
const changelog = (version: string) =>
  `# Changelog\n\n## [Unreleased]\n\n## [${version}] - 2026-01-02\n\n### Added\n\n- A word.\n\n## [1.0.0] - 2025-01-01\n\n- Old.\n`;

const released = async () => expect((await publish()).code).toBe(0);
const npmCall = async (command: string) =>
  (await callsOf(checkout.in("bin"), "npm")).find(({ args }) => args[0] === command);

/** The tarball that `npm run package` would have left. */
async function pack(manifest: object = MANIFEST, code = "export {};\n", name = TARBALL) {
  await mkdir(checkout.in("package/dist"), { recursive: true });
  await writeFile(checkout.in("package/package.json"), JSON.stringify(manifest));
  await writeFile(checkout.in("package/dist/index.js"), code);
  await run("tar", ["-czf", join(checkout.root, name), "package"], { cwd: checkout.in("") });
}

const failing = (complaint: string) => writeFile(checkout.in("bin/of-npm/fails"), complaint);
const published = () => readFile(checkout.in("bin/of-npm/published"), "utf8").catch(() => "");

/** Everything that a release leaves outside of the checkout. */
async function outcome() {
  const { releases } = await checkout.gh.read();
  const tags = await checkout.origin("for-each-ref", "--format=%(refname) %(tree)");
  return { releases, published: await published(), tags };
}

describe("npm run publish-release", () => {
  test("tags what was built, publishes it, and makes the GitHub release", async () => {
    const { code, stdout, stderr } = await publish();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      "v1.4.2 is pushed.\n@team/tokens@1.4.2 is published.\nThe GitHub release v1.4.2 is made.\n",
    );
    expect(await checkout.origin("ls-tree", "-r", "--name-only", "v1.4.2")).toBe(
      "dist/index.js\npackage.json",
    );
    expect(JSON.parse(await checkout.origin("show", "v1.4.2:package.json"))).toEqual(MANIFEST);
    expect(await checkout.origin("log", "--format=%an/%P/%s/%b", "v1.4.2")).toContain(
      `[bot]//@team/tokens 1.4.2/Built from ${await checkout.git("rev-parse", "HEAD")}.`,
    );
    expect((await npmCall("publish"))?.args).toEqual([
      ...["publish", join(checkout.root, TARBALL), "--ignore-scripts"],
      ...[`--registry=${REGISTRY}`, `--@team:registry=${REGISTRY}`],
    ]);
    expect((await checkout.gh.read()).releases).toEqual({
      "v1.4.2": {
        isDraft: false,
        notes: "### Added\n\n- A word.",
        assets: [{ name: TARBALL, state: "uploaded" }],
      },
    });
    expect(await checkout.git("status", "--porcelain")).toBe("");
  });

  test("finds everything done when it is run again", async () => {
    await released();
    const before = await outcome();
    const { code, stdout } = await publish();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^v1\.4\.2 is there\.\n.* is in the registry\.\n.* is there, /);
    expect(await outcome()).toEqual(before);
  });

  test.each([
    ["after the tag", true, undefined],
    ["after the registry", false, undefined],
    ["while a release was a draft", false, { isDraft: true, assets: [] }],
    ["before the upload", false, { isDraft: false, assets: [] }],
    ["during the upload", false, { isDraft: true, assets: [{ name: TARBALL, state: "starter" }] }],
  ])("finishes a run that died %s", async (_, isUnpublished, release) => {
    await released();
    const whole = await outcome();
    await rm(checkout.in("bin/of-gh/releases"), { recursive: true });
    if (isUnpublished) await rm(checkout.in("bin/of-npm/published"));
    if (release) await checkout.gh.setRelease("v1.4.2", { ...release, notes: "" });
    expect((await publish("--pending")).stdout).toBe("pending=true\n");
    expect((await publish()).code).toBe(0);
    expect({ ...(await outcome()), published: "" }).toEqual({ ...whole, published: "" });
    expect(await published()).not.toBe("");
  });

  test("says with --pending whether anything is left to do, and does nothing", async () => {
    const before = await outcome();
    expect(await publish("--pending")).toMatchObject({ code: 0, stdout: "pending=true\n" });
    expect(await outcome()).toEqual(before);
    await released();
    expect(await publish("--pending")).toMatchObject({ code: 0, stdout: "pending=false\n" });
    vi.stubEnv("GH_TOKEN", "");
    expect(await publish("--pending")).toMatchObject({ code: 1, stdout: "" });
  });

  test.each([
    ["to no registry that nobody named", {}, undefined, undefined],
    ["to NPM_REGISTRY", {}, "https://other.example.com", "https://other.example.com"],
    [
      "to that of package.json first",
      MANIFEST.publishConfig,
      "https://other.example.com",
      REGISTRY,
    ],
  ])("gives the package %s", async (_, publishConfig, variable, registry) => {
    vi.stubEnv("NPM_REGISTRY", variable);
    await checkout.write("package.json", JSON.stringify({ ...MANIFEST, publishConfig }));
    const { code, stdout } = await publish();
    expect(code).toBe(0);
    expect(stdout.includes("goes to no registry")).toBe(registry === undefined);
    const args = (await npmCall("publish"))?.args;
    expect(args?.includes(`--registry=${registry}`)).toBe(registry && true);
    expect((await checkout.gh.read()).releases).toHaveProperty(["v1.4.2"]);
  });

  test.each([
    ["public", "PUBLIC", "https://id", true],
    ["public", "PUBLIC", undefined, false],
    ["public", "PRIVATE", "https://id", false],
    [undefined, "PUBLIC", "https://id", false],
  ])("for access %s, a %s repository and id %s, says %s to provenance", async (...row) => {
    const [access, visibility, id, offered] = row;
    vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_URL", id);
    await writeFile(checkout.in("bin/of-gh/visibility"), visibility);
    const publishConfig = { ...MANIFEST.publishConfig, access };
    await checkout.write("package.json", JSON.stringify({ ...MANIFEST, publishConfig }));
    expect((await publish()).code).toBe(0);
    expect((await npmCall("publish"))?.args.includes("--provenance")).toBe(offered);
  });

  test("keeps a version that precedes another from those who ask for the latest", async () => {
    const manifest = { ...MANIFEST, version: "2.0.0-rc.1" };
    await checkout.write("package.json", JSON.stringify(manifest));
    await checkout.write("CHANGELOG.md", changelog("2.0.0-rc.1"));
    await pack(manifest, undefined, "team-tokens-2.0.0-rc.1.tgz");
    expect((await publish()).code).toBe(0);
    expect((await npmCall("publish"))?.args.join(" ")).toContain("--tag next");
    const create = (await checkout.gh.read()).calls.find(({ args }) => args[1] === "create");
    expect(create?.args).toContain("--prerelease");
  });
});

describe("secrets", () => {
  test("of the registry reach npm alone, in settings for that registry", async () => {
    await publish();
    expect((await npmCall("publish"))?.saw).toEqual({
      settings: "//registry.example.com/npm/:_authToken=${NPM_TOKEN}\n",
      NPM_TOKEN: "secret-of-the-registry",
    });
  });

  test.each([
    ["https://npm.pkg.github.com/", true],
    ["http://npm.pkg.github.com/", false],
    ["https://npm.pkg.github.com.example.com/", false],
    ["https://registry.example.com", false],
  ])("of GitHub reach %s: %s", async (registry, expected) => {
    vi.stubEnv("NPM_TOKEN", "");
    await checkout.write(
      "package.json",
      JSON.stringify({ ...MANIFEST, publishConfig: { registry } }),
    );
    await publish();
    const { settings, ...secrets } = (await npmCall("publish"))?.saw ?? {};
    expect(secrets).toEqual(expected ? { NPM_TOKEN: "secret-of-github" } : {});
    expect(settings === undefined).toBe(!expected);
  });

  test("are in no complaint", async () => {
    await failing(
      "::add-mask::x secret-of-the-registry\nat https://me:word@registry.example.com/ ##[y]",
    );
    const { code, stderr, lastLine } = await publish();
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/secret|me:word|^::|##\[/m);
    expect(stderr).toContain("https://***@registry.example.com/");
    expect(lastLine).toContain("NPM_TOKEN");
  });
});

describe("what is not certain is refused, and nothing is published", () => {
  test.each([
    ["no tarball", () => rm(join(checkout.root, TARBALL)), "npm run package"],
    ["a tarball that is none", () => checkout.write(TARBALL, "no archive"), "npm run package"],
    [
      "no git checkout",
      () => rm(join(checkout.root, ".git"), { recursive: true }),
      "in a git checkout",
    ],
    ["no origin", () => checkout.git("remote", "remove", "origin"), "remote `origin`"],
    [
      "a tag that holds another package",
      async () => {
        await released();
        await pack(MANIFEST, "export const other = 1;\n");
      },
      "npm run release -- --bump patch",
    ],
    ["a registry without an answer", () => failing("npm error code E500"), "NPM_REGISTRY"],
  ])("%s", async (_, spoil, remedy) => {
    await spoil();
    const before = await outcome();
    const { code, lastLine } = await publish();
    expect(code).toBe(1);
    expect(lastLine).toContain(remedy);
    expect(await outcome()).toMatchObject({
      published: before.published,
      releases: before.releases,
    });
  });

  test("a program or a folder that is not there", async () => {
    const remedy = expect.stringContaining("Install the program") as string;
    const nowhere = checkout.in("nowhere");
    await expect(run(nowhere, [], { cwd: checkout.root })).rejects.toMatchObject({ remedy });
    await expect(run("git", [], { cwd: nowhere })).rejects.toMatchObject({ remedy });
  });

  test.each([["--check"], ["now"]])("%s, as wrong usage", async (arg) => {
    const { code, lastLine } = await publish(arg);
    expect(code).toBe(2);
    expect(lastLine).toContain("Usage: [--root <dir>] [--pending]");
  });
});
