import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { run } from "../../scripts/lib/run.js";
import { call } from "../commands.js";
import { Checkout } from "./checkout.js";
import { callsOf, fakeNpm } from "./fake-programs.js";

const REGISTRY = "https://registry.example.com/npm";
const GITHUB = "https://npm.pkg.github.com/";
const TARBALL = "team-tokens-1.4.2.tgz";
const MANIFEST = { name: "@team/tokens", version: "1.4.2", publishConfig: { registry: REGISTRY } };

/** What is there before anything is published. */
const checkout = Checkout.use(async (it) => {
  await fakeNpm(it.in("bin"));
  await it.write("package.json", JSON.stringify({ ...MANIFEST, scripts: { build: "exit 1" } }));
  const sections = "## [1.4.2] - 2026-01-02\n\n### Added\n\n- A word.\n\n## [1.0.0] - 2025-01-01\n";
  await it.write("CHANGELOG.md", `# Changelog\n\n## [Unreleased]\n\n${sections}`);
  await it.write(".gitignore", "*.tgz\n");
  await it.commit("Source");
  await pack("export {};\n");
});

const publish = (...args: string[]) => call("publish-release", ["--root", checkout.root, ...args]);
const npmPublish = async () =>
  (await callsOf(checkout.in("bin"), "npm")).find(([command]) => command === "publish") ?? [];
const ofNpm = (name: string) => readFile(checkout.in(`bin/of-npm/${name}`), "utf8").catch(() => "");

/** The tarball that `npm run package` would have left. */
async function pack(code: string) {
  await mkdir(checkout.in("package/dist"), { recursive: true });
  await writeFile(checkout.in("package/package.json"), JSON.stringify(MANIFEST));
  await writeFile(checkout.in("package/dist/index.js"), code);
  await run("tar", ["-czf", join(checkout.root, TARBALL), "package"], { cwd: checkout.in("") });
}

/** Everything that a release leaves outside of the checkout. */
async function outcome() {
  const tags = await checkout.origin("for-each-ref", "--format=%(refname) %(tree)");
  return { releases: await checkout.gh.releases(), published: await ofNpm("published"), tags };
}

test("A release tags what was built, publishes it, makes the GitHub release, and finds it all when it is run again", async () => {
  expect(await publish("--pending")).toMatchObject({ code: 0, stdout: "pending=true\n" });
  expect(await publish()).toEqual({
    ...{ code: 0, stderr: "", lastLine: "" },
    stdout:
      "v1.4.2 is pushed.\n@team/tokens@1.4.2 is published.\nThe GitHub release v1.4.2 is made.\n",
  });
  expect(await checkout.origin("ls-tree", "-r", "--name-only", "v1.4.2")).toBe(
    "dist/index.js\npackage.json",
  );
  expect(JSON.parse(await checkout.origin("show", "v1.4.2:package.json"))).toEqual(MANIFEST);
  expect(await checkout.origin("log", "--format=%an/%P/%s/%b", "v1.4.2")).toContain(
    `[bot]//@team/tokens@1.4.2/Built from ${await checkout.git("rev-parse", "HEAD")}.`,
  );
  const args = await npmPublish();
  expect(args.slice(0, 3)).toEqual(["publish", join(checkout.root, TARBALL), "--ignore-scripts"]);
  expect(args).toContain(`--@team:registry=${REGISTRY}`);
  // No other secret, and this one for that registry alone.
  expect(await ofNpm("tokens")).toBe("NPM_TOKEN=secret-of-the-registry\n");
  expect(await ofNpm("settings")).toBe("//registry.example.com/npm/:_authToken=${NPM_TOKEN}\n");
  const whole = await outcome();
  const state = { isDraft: false, tarball: TARBALL };
  expect(whole.releases).toEqual([{ name: "v1.4.2", text: "### Added\n\n- A word.", state }]);

  expect(await publish("--pending")).toMatchObject({ code: 0, stdout: "pending=false\n" });
  const again = await publish();
  expect(again.stdout).toMatch(/^v1\.4\.2 is there\.\n.* is in the registry\.\n.* is there, /);
  expect(await outcome()).toEqual(whole);
  expect(await checkout.git("status", "--porcelain")).toBe("");
});

test("A release that died after any of its steps is finished by the next run", async () => {
  await publish();
  const whole = await outcome();
  const release = checkout.in("bin/of-gh/releases");
  const died = {
    "after the tag": async () => {
      await rm(release, { recursive: true });
      await rm(checkout.in("bin/of-npm/published"));
    },
    "after the registry": () => rm(release, { recursive: true }),
    "before the end of the upload": () => checkout.gh.set("releases/v1.4.2", { isDraft: true }),
  };
  for (const [when, die] of Object.entries(died)) {
    await die();
    expect((await publish("--pending")).stdout, when).toBe("pending=true\n");
    expect((await publish()).code, when).toBe(0);
    expect(await outcome(), when).toEqual(whole);
  }
});

const NPM_SECRET = "secret-of-the-registry";
const OTHER = "https://npm.pkg.github.com.example.com";

test.each([
  ["nowhere", [undefined, undefined, NPM_SECRET], undefined, undefined],
  ["to NPM_REGISTRY", [undefined, GITHUB, NPM_SECRET], GITHUB, NPM_SECRET],
  ["to publishConfig first", [REGISTRY, GITHUB, NPM_SECRET], REGISTRY, NPM_SECRET],
  ["to GitHub's, with its token", [GITHUB, undefined, ""], GITHUB, "secret-of-github"],
  ["elsewhere without that token", [OTHER, undefined, ""], OTHER, undefined],
])("A package goes %s, if that is what is named", async (_, named, expected, secret) => {
  const [registry, variable, token] = named;
  vi.stubEnv("NPM_REGISTRY", variable);
  vi.stubEnv("NPM_TOKEN", token);
  const manifest = { ...MANIFEST, publishConfig: { registry } };
  await checkout.write("package.json", JSON.stringify(manifest));
  expect((await publish()).code).toBe(0);
  const flag = (await npmPublish()).find((it) => it.startsWith("--registry="));
  expect(flag).toBe(expected && `--registry=${expected}`);
  expect(await ofNpm("tokens")).toBe(secret ? `NPM_TOKEN=${secret}\n` : "");
  expect(await checkout.gh.releases()).toMatchObject([{ name: "v1.4.2" }]);
});

const failing = (complaint: string) => writeFile(checkout.in("bin/of-npm/fails"), complaint);

test("Secrets are in no complaint", async () => {
  await failing(
    "::add-mask::x secret-of-the-registry\nat https://me:word@registry.example.com/ ##[y]",
  );
  const { code, stderr, lastLine } = await publish();
  expect(code).toBe(1);
  expect(stderr).not.toMatch(/secret|me:word|^::|##\[/m);
  expect(stderr).toContain("https://***@registry.example.com/");
  expect(lastLine).toContain("NPM_TOKEN");
});

test.each([
  ["no tarball", () => rm(join(checkout.root, TARBALL)), "npm run package"],
  ["no git checkout", () => rm(join(checkout.root, ".git"), { recursive: true }), "a git checkout"],
  ["no origin", () => checkout.git("remote", "remove", "origin"), "remote `origin`"],
  [
    "a tag that holds another package",
    async () => {
      await publish();
      await pack("export const other = 1;\n");
    },
    "npm run release -- --bump patch",
  ],
  ["a registry without an answer", () => failing("npm error code E500"), "NPM_REGISTRY"],
])("With %s nothing is published", async (_, spoil, remedy) => {
  await spoil();
  const { published, releases } = await outcome();
  const { code, lastLine } = await publish();
  expect(code).toBe(1);
  expect(lastLine).toContain(remedy);
  expect(await outcome()).toMatchObject({ published, releases });
});

test("Whether anything is pending is not said where GitHub cannot be asked", async () => {
  vi.stubEnv("GH_TOKEN", "");
  expect(await publish("--pending")).toMatchObject({ code: 1, stdout: "" });
});

test("Wrong usage exits with 2", async () => {
  const { code, lastLine } = await publish("--check");
  expect(code).toBe(2);
  expect(lastLine).toContain("Usage: [--root <dir>] [--pending]");
});
