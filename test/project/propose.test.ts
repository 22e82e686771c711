import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { propose } from "../../scripts/propose/pull-request.js";
import { run } from "../../scripts/lib/run.js";
import { call, writeBundles } from "../commands.js";
import { pullSeed, seed } from "../pull/support.js";
import { fakeGh, gitHubOf } from "../release/fake-gh.js";

/** A folder with a checkout that has changed nothing, its origin, and a `gh`. */
let template: string;
/** Its copy for this test. */
let folder: string;
let root: string;
let gh: ReturnType<typeof gitHubOf>;

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), "propose-"));
  enter(template);
  await fakeGh(join(template, "bin"));
  await pullSeed(root);
  await cp(join(root, "spec/openapi.json"), join(root, "spec/released.json"));
  await git("init", "--quiet", "--bare", "--template=", join(folder, "origin"));
  await git("init", "--quiet", "--template=");
  await git("remote", "add", "origin", "../origin");
  await git("add", "--all");
  await git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "Before");
});
afterAll(() => rm(template, { recursive: true }));

beforeEach(async () => {
  const copy = await mkdtemp(join(tmpdir(), "propose-"));
  await run("cp", ["-R", "bin", "checkout", "origin", copy], { cwd: template });
  enter(copy);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Lets the programs of a folder be found, and what they read in their environment. */
function enter(it: string): void {
  folder = it;
  root = join(it, "checkout");
  gh = gitHubOf(join(it, "bin"));
  vi.stubEnv("PATH", [join(it, "bin"), process.env["PATH"]].join(delimiter));
  vi.stubEnv("GH_TOKEN", "a-secret");
  vi.stubEnv("GIT_CONFIG_GLOBAL", join(it, "gitconfig"));
  vi.stubEnv("GIT_CONFIG_NOSYSTEM", "1");
}

const git = (...args: string[]) => run("git", args, { cwd: root });
const origin = (...args: string[]) => git("--git-dir", join(folder, "origin"), ...args);
const branchAtOrigin = () => origin("branch", "--format=%(refname:short)");
const ghCalls = async () => (await gh.read()).calls;
const proposed = async () => `Proposed: https://example.com/${await branchAtOrigin()}`;

describe("a proposal", () => {
  const change = async () => {
    await writeFile(join(root, "spec/pages/new.md"), "# New\n");
    await rm(join(root, "generated/zones.ts"));
  };

  test("is not made where nothing has changed", async () => {
    await writeFile(join(root, "elsewhere"), "left alone");
    expect(await propose(root, "")).toBe("The documentation has not changed.");
    expect(await ghCalls()).toEqual([]);
    expect(await branchAtOrigin()).toBe("");
  });

  test("is a branch with spec/ and generated/, a pull request, and a run of the checks", async () => {
    await change();
    await writeFile(join(root, "elsewhere"), "left alone");
    await git("add", "elsewhere");
    expect(await propose(root, "one\ntwo")).toBe(await proposed());

    const branch = await branchAtOrigin();
    expect(branch).toMatch(/^documentation-[0-9a-f]{12}$/);
    expect(await origin("log", "--format=%s", branch)).toMatch(/^Regenerate from .*\nBefore$/);
    const changed = await origin("diff", "--name-status", `${branch}~`, branch);
    expect(changed).toBe("D\tgenerated/zones.ts\nA\tspec/pages/new.md");
    const [list, create, checks, ...more] = await ghCalls();
    expect(list?.args.slice(0, 4)).toEqual(["pr", "list", "--head", branch]);
    expect(create?.args.slice(0, 4)).toEqual(["pr", "create", "--head", branch]);
    expect(create?.input).toContain("\n```text\none\ntwo\n```\n");
    expect(checks?.args).toEqual(["workflow", "run", "checks.yml", "--ref", branch]);
    expect(more).toEqual([]);
    expect(await git("diff", "--cached", "--name-only")).toBe("elsewhere");
  });

  test.each([
    ["outside of a checkout", () => rm(join(root, ".git"), { recursive: true }), "a git checkout"],
    ["without an origin", () => git("remote", "remove", "origin"), "the remote `origin`"],
    ["without rights", () => vi.stubEnv("GH_TOKEN", ""), "Let GH_TOKEN write"],
  ])("is refused %s, and what to do is said", async (_, spoil, remedy) => {
    await change();
    vi.stubEnv("GIT_CEILING_DIRECTORIES", folder);
    await spoil();
    await expect(propose(root, "")).rejects.toMatchObject({
      remedy: expect.stringContaining(remedy) as string,
    });
    expect(await branchAtOrigin().catch(() => "")).toBe("");
  });

  test("is made once, and what others pushed to its branch stays", async () => {
    await change();
    await propose(root, "");
    const branch = await branchAtOrigin();
    await origin("update-ref", `refs/heads/${branch}`, `${branch}~`);
    const pushed = await origin("rev-parse", branch);

    expect(await propose(root, "")).toMatch(/proposed before: .*example\.com\/documentation-/);
    expect(await origin("rev-parse", branch)).toBe(pushed);
  });

  test("is completed where it was pushed but not opened", async () => {
    await change();
    const failing = "#!/bin/sh\n[ $2 = list ] && echo [] || { echo no rights >&2; exit 1; }\n";
    await writeFile(join(folder, "bin/gh"), failing, { mode: 0o755 });
    await expect(propose(root, "")).rejects.toThrow("no rights");
    await fakeGh(join(folder, "bin"));
    vi.stubEnv("GIT_COMMITTER_DATE", "2030-01-01T00:00:00Z");
    expect(await propose(root, "")).toBe(await proposed());
  });

  test("keeps what the report quotes from mentioning people, closing issues or being markup", async () => {
    await change();
    const report = "```\n@everyone fixes #1 ![](https://example.com) <b>\n`````\n$(id) `id`";
    await propose(root, report);
    const [, create] = await ghCalls();
    expect(create?.input).toContain(`\n\`\`\`\`\`\`text\n${report}\n\`\`\`\`\`\`\n`);
  });

  test("has a text that GitHub takes, however long the report is", async () => {
    await change();
    await propose(root, "12345678\n".repeat(100_000));
    const [, create] = await ghCalls();
    expect(create?.input.length).toBeLessThan(65_536);
    expect(create?.input).toMatch(/\n…\n```\n/);
  });
});

test("a proposal has a text that GitHub takes, whatever a page holds", async () => {
  await rm(join(root, "generated/zones.ts"));
  await propose(root, `patch  tag ${"`".repeat(30_000)}: tag added\n`.repeat(2));
  const [, create] = await ghCalls();
  expect(create?.input.length).toBeLessThan(65_536);
  const [, fence = ""] = /\n(`{3,})text\n/.exec(create?.input ?? "") ?? [];
  expect(create?.input.split(`\n${fence}\n`)).toHaveLength(2);
  expect(create?.input.match(/`+/g)?.filter((ticks) => ticks.length >= fence.length)).toEqual([
    fence,
    fence,
  ]);
});

describe("npm run propose", () => {
  let bundles: string;
  beforeAll(async () => {
    bundles = await mkdtemp(join(tmpdir(), "propose-"));
    await writeBundles(bundles, "pull", "release");
    await writeFile(join(bundles, "node"), node, { mode: 0o755 });
  });
  afterAll(() => rm(bundles, { recursive: true }));

  /** In the place of Node with tsx: runs a script's bundle, and notes which token it could read. */
  const node = `#!/bin/sh
[ "$1" = --import ] || exit 2
name="\${3##*/}"
name="\${name%.ts}"
shift 3
echo "$name \${GH_TOKEN-without a token}" >> "\${2%/*}/started"
exec "${process.execPath}" "\${0%/*}/$name.mjs" "$@"
`;
  const command = (...args: string[]) =>
    call("propose", ["--root", root, ...args], { execPath: join(bundles, "node") });
  const started = () => readFile(join(folder, "started"), "utf8");
  const changePage = async (from: string, to: string) => {
    await writeFile(join(root, "page.md"), seed.replaceAll(from, to));
  };

  test("proposes what the pull writes, with its report", async () => {
    await changePage('"created":{', '"used":{"type":"string"},"created":{');
    const check = await command("--check");
    expect(check).toMatchObject({ code: 1, stdout: "" });
    expect(check.stderr).toContain("Out of date: spec/openapi.json\n");
    expect(await ghCalls()).toEqual([]);
    const { code, stdout, stderr } = await command();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(`${await proposed()}\n`);
    expect(await started()).toBe("pull without a token\npull without a token\n");
    const [, create] = await ghCalls();
    expect(create?.input).toMatch(/```text\n[^]*apiTokens\[\]\.used[^]*minor[^]*\n```/);
  });

  test("includes the release, so that the merge is the only step that is left", async () => {
    const own = { name: "tokens", version: "1.0.0" };
    const files = {
      "package.json": `${JSON.stringify(own)}\n`,
      "package-lock.json": `${JSON.stringify({ ...own, packages: { "": own } })}\n`,
      "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n",
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
    await changePage('"created":{', '"used":{"type":"string"},"created":{');
    const { code, stderr } = await command();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await started()).toBe("pull without a token\nrelease without a token\n");
    const branch = await branchAtOrigin();
    const proposed = (name: string) => origin("show", `${branch}:${name}`);
    expect(JSON.parse(await proposed("package.json"))).toMatchObject({ version: "1.1.0" });
    expect(JSON.parse(await proposed("package-lock.json"))).toMatchObject({ version: "1.1.0" });
    expect(await proposed("CHANGELOG.md")).toMatch(
      /## \[1\.1\.0\] - .*\n\n### Added\n\n- `GET .*used/,
    );
    expect(await proposed("spec/released.json")).toBe(await proposed("spec/openapi.json"));
    const [, create] = await ghCalls();
    expect(create?.input).toContain("Bump: minor, version 1.0.0 to 1.1.0");
    expect(create?.input).toContain("No code has to change to take the new version.");
  });

  test("goes in two steps, of which the one with the token runs no code of others", async () => {
    await changePage('"created":{', '"used":{"type":"string"},"created":{');
    expect(await command("--save")).toMatchObject({ code: 0, stdout: "changed=true\n" });
    expect(await ghCalls()).toEqual([]);
    const written = await git("diff", "--name-only", "--", "spec", "generated");
    expect(written).toContain("spec/openapi.json");

    await git("checkout", "--quiet", "--", "spec", "generated");
    await rm(join(folder, "started"));
    const { code, stdout } = await command("--open");
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${await proposed()}\n` });
    await expect(started()).rejects.toThrow("ENOENT");
    const branch = await branchAtOrigin();
    expect(await origin("diff", "--name-only", `${branch}~`, branch)).toBe(written);
    const [, create] = await ghCalls();
    expect(create?.input).toMatch(/```text\n[^]*apiTokens\[\]\.used[^]*minor[^]*\n```/);
  });

  test("saves nothing where nothing has changed", async () => {
    expect(await command("--save")).toMatchObject({ code: 0, stdout: "changed=false\n" });
    expect((await command("--open")).lastLine).toContain("npm run propose -- --save");
  });

  test.each([
    ["nonsense", "holds no proposal"],
    [{ report: "" }, "holds no proposal"],
    [{ report: "", files: { "scripts/propose.ts": "" } }, "no release writes: scripts/propose.ts"],
    [{ report: "", files: { "spec/../.git/config": "" } }, "no release writes: spec/../.git"],
    [{ report: "", files: { "/etc/passwd": "" } }, "no release writes: /etc/passwd"],
    [{ report: "", files: { "spec/a.md": 1 } }, "no release writes: spec/a.md"],
  ])("refuses a saved proposal that is %j, and writes nothing", async (saved, complaint) => {
    await writeFile(join(root, "proposal.json"), JSON.stringify(saved));
    const { code, stderr, lastLine } = await command("--open");
    expect(code).toBe(1);
    expect(stderr).toContain(complaint);
    expect(lastLine).toContain("npm run propose -- --save");
    expect(await git("status", "--porcelain")).toBe("?? proposal.json");
    expect(await ghCalls()).toEqual([]);
  });

  test("says so where only the words around the documents have changed", async () => {
    await changePage("# ", "# About ");
    expect((await command()).code).toBe(0);
    const [, create] = await ghCalls();
    expect(create?.input).toContain("This makes no version");
    expect(create?.input).not.toContain("No code has to change");
  });

  test("proposes nothing where the pull refuses the page, and says why", async () => {
    await changePage('"openapi":"3.0.0"', '"openapi":"3.0.0",');
    const { code, stderr, lastLine } = await command();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^.*api-tokens\.md:\d+/m);
    expect(lastLine).toContain("name that file as the page's url in spec/sources.json");
    expect(await ghCalls()).toEqual([]);
    expect(await git("status", "--porcelain", "generated", "spec/openapi.json")).toBe("");
  });
});
