import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { textFor } from "../../scripts/propose/pull-request.js";
import { call, writeBundles } from "../commands.js";
import { pullSeed, seed } from "../pull/support.js";
import { Checkout } from "../release/checkout.js";

/** In the place of Node with tsx: runs a script's bundle, and notes which token it could read. */
const NODE = `#!/bin/sh
[ "$1" = --import ] || exit 2
name="\${3##*/}"
name="\${name%.ts}"
shift 3
echo "$name \${GH_TOKEN-without a token}" >> "\${0%/*}/started"
exec "${process.execPath}" "\${0%/*}/$name.mjs" "$@"
`;

/** The pull and the release take a second each, so that most tests begin with what they have saved. */
const checkout = Checkout.use(async (it) => {
  await writeBundles(it.in("bin"), "pull", "release");
  await writeFile(it.in("bin/node-with-tsx"), NODE, { mode: 0o755 });
  await pullSeed(it.root);
  await cp(join(it.root, "spec/openapi.json"), join(it.root, "spec/released.json"));
  const own = { name: "tokens", version: "1.0.0" };
  const lock = { ...own, packages: { "": own } };
  await it.write("package.json", `${JSON.stringify(own)}\n`);
  await it.write("package-lock.json", `${JSON.stringify(lock)}\n`);
  await it.write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n");
  await it.write(".gitignore", "/page.md\n/proposal.patch\n");
  await it.commit("Before");
  await it.git("config", "diff.noprefix", "true");
  await it.git("config", "color.ui", "always");
  await it.write("page.md", seed.replaceAll(/(?="created":\{)/g, '"used":{"type":"string"},'));
  expect(await propose("--save")).toMatchObject({ code: 0, stdout: "changed=true\n" });
});

const branchAtOrigin = () => checkout.origin("branch", "--format=%(refname:short)");
const proposed = async () => `Proposed: https://example.com/${await branchAtOrigin()}\n`;
const body = async () => (await checkout.gh.pulls())[0]?.text;
const started = () => readFile(checkout.in("bin/started"), "utf8").catch(() => "");
const propose = (...args: string[]) =>
  call("propose", ["--root", checkout.root, ...args], {
    execPath: checkout.in("bin/node-with-tsx"),
  });

describe("npm run propose", () => {
  test("opens a pull request with what a pull and a release write, and nothing else", async () => {
    expect(await started()).toBe("pull without a token\nrelease without a token\n");
    expect(await checkout.git("status", "--porcelain")).toBe("");
    const { code, stdout, stderr } = await propose("--open");
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: await proposed(), stderr: "" });
    expect((await started()).split("\n")).toHaveLength(3);

    const branch = await branchAtOrigin();
    expect(branch).toMatch(/^documentation-[0-9a-f]{12}$/);
    expect(await checkout.origin("log", "--format=%an: %s", branch)).toBe(
      "github-actions[bot]: Regenerate from the changed documentation\na: Before",
    );
    const changed = await checkout.origin("diff", "--name-only", `${branch}~`, branch);
    expect(changed.replaceAll(/^generated\/.*\n/gm, "").split("\n")).toEqual([
      ...["CHANGELOG.md", "package-lock.json", "package.json"],
      ...["spec/openapi.json", "spec/pages/api-tokens.md", "spec/released.json"],
    ]);
    const at = (name: string) => checkout.origin("show", `${branch}:${name}`);
    expect(await at("generated/paths.ts")).toContain("used?: string");
    expect(JSON.parse(await at("package.json")).version).toBe("1.1.0");
    const calls = (await checkout.gh.calls()).filter(([command]) => command !== "auth");
    expect(calls.map((args) => args.slice(0, 4))).toEqual([
      ["pr", "list", "--head", branch],
      ["pr", "create", "--head", branch],
      ["workflow", "run", "checks.yml", "--ref"],
    ]);
    expect(await body()).toMatch(/\n```text\n[^]*apiTokens\[\]\.used[^]*1\.0\.0 to 1\.1\.0\n```\n/);
  });

  test("refuses a checkout in which something is not committed, and leaves it", async () => {
    await checkout.write("CHANGELOG.md", "# Changelog\n\nTODO\n\n## [Unreleased]\n");
    await checkout.write("todo.md", "TODO\n");
    await checkout.git("config", "status.showUntrackedFiles", "no");
    const before = await checkout.git("status", "--porcelain", "--untracked-files");
    const { code, stderr, lastLine } = await propose();
    expect(code).toBe(1);
    expect(stderr).toMatch(/ CHANGELOG\.md\n\?\? todo\.md\n/);
    expect(lastLine).toContain("git stash --include-untracked");
    expect(await checkout.git("status", "--porcelain", "--untracked-files")).toBe(before);
  });

  test("proposes nothing where nothing has changed", async () => {
    await checkout.write("page.md", seed);
    expect(await propose()).toMatchObject({ stdout: "The documentation has not changed.\n" });
    expect(await checkout.gh.calls()).toEqual([]);
    expect(await branchAtOrigin()).toBe("");
  });

  test("proposes a change once for as long as it is open, and again if it comes back", async () => {
    await propose("--open");
    const branch = await branchAtOrigin();
    await checkout.origin("update-ref", `refs/heads/${branch}`, `${branch}~`);
    const pushed = await checkout.origin("rev-parse", branch);
    expect((await propose("--open")).stdout).toBe(
      `The change is proposed already: https://example.com/${branch}\n`,
    );
    expect(await checkout.origin("rev-parse", branch)).toBe(pushed);

    const ofFork = { url: "https://example.com/fork", isCrossRepository: true };
    for (const open of [[], [ofFork]]) {
      await checkout.gh.set(`pulls/${branch}`, open);
      expect((await propose("--open")).stdout).toBe(`Proposed: https://example.com/${branch}\n`);
    }
  });

  test("finishes a proposal that was pushed but not opened", async () => {
    const whole = await readFile(checkout.in("bin/gh"), "utf8");
    const failing = "#!/bin/sh\n[ $2 = list ] && echo [] || { echo no rights >&2; exit 1; }\n";
    await writeFile(checkout.in("bin/gh"), failing);
    const { code, stderr, lastLine } = await propose("--open");
    expect({ code, stderr: stderr.split("\n")[0] }).toEqual({ code: 1, stderr: "no rights" });
    expect(lastLine).toContain("Let GH_TOKEN write");
    await writeFile(checkout.in("bin/gh"), whole);
    expect((await propose("--open")).stdout).toBe(await proposed());
  });

  test("ends with 1 where it cannot be told what is proposed", async () => {
    await writeFile(checkout.in("bin/gh"), "#!/bin/sh\necho nothing\n");
    expect((await propose("--open")).code).toBe(1);
    expect(await branchAtOrigin()).toBe("");
  });

  const newFile = (name: string) =>
    `diff --git a/${name} b/${name}\nnew file mode 100644\n--- /dev/null\n+++ b/${name}\n@@ -0,0 +1 @@\n+x\n`;
  test.each([
    ["package.json.bak", newFile("package.json.bak")],
    [".github/workflows/x.yml", newFile(".github/workflows/x.yml")],
    [
      "no release writes: .gitignore",
      "diff --git a/.gitignore b/spec/x\nsimilarity index 100%\nrename from .gitignore\nrename to spec/x\n",
    ],
    ["error: ", "nonsense\n"],
  ])("refuses a patch with %j, and pushes nothing", async (complaint, patch) => {
    await checkout.write("proposal.patch", `Words.\n\n${patch}`);
    const { code, stderr } = await propose("--open");
    expect(code).toBe(1);
    expect(stderr).toContain(complaint);
    expect(await checkout.gh.calls()).toEqual([]);
    expect(await checkout.git("status", "--porcelain")).toBe("");
  });

  test("proposes the pull alone where no release can be made, and says why", async () => {
    await checkout.write(
      "CHANGELOG.md",
      "# Changelog\n\n## [Unreleased]\n\n### Changed\n\n- A word.\n",
    );
    await checkout.commit("Change");
    expect((await propose()).stdout).toBe(await proposed());
    const branch = await branchAtOrigin();
    const changed = await checkout.origin("diff", "--name-only", `${branch}~`, branch);
    expect(changed).not.toContain("package.json");
    expect(await body()).toContain("No version was made, because the release failed");
    expect(await body()).toContain("Name the level: npm run release -- --bump major");
  });

  test("proposes nothing where the pull refuses the page, and says why", async () => {
    await checkout.write(
      "page.md",
      seed.replace('"openapi":"3.0.0"', '"openapi":"3.0.0","openapi":"x"'),
    );
    const { code, stderr, lastLine } = await propose();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^.*api-tokens\.md:\d+[^]*spec\/sources\.json/m);
    expect(lastLine).toContain("what the pull says");
    expect(await checkout.gh.calls()).toEqual([]);
  });
});

describe("the text of a pull request", () => {
  test("keeps what it quotes from mentioning people, closing issues or being markup", () => {
    const report = "```\n@everyone fixes #1 ![](https://example.com) <b>\n`````\n$(id) `id`";
    const text = textFor(report, "");
    expect(text.split(/^```(?:text)?$/m)).toHaveLength(3);
    expect(text).toContain(
      "@everyone fixes #1 ![](https://example.com) <b>\n``\n$(id) `id`\n```\n",
    );
  });

  test("is one that GitHub takes, however long the report is", () => {
    const long = "12345678\n".repeat(100_000);
    expect(textFor(long, long).length).toBeLessThan(65_536);
    expect(textFor(long, "")).toMatch(/…\n```\n/);
  });
});
