import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { propose } from "../../scripts/propose/pull-request.js";
import { run } from "../../scripts/lib/run.js";
import { call } from "../commands.js";

const inPackage = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "propose-"));
  root = join(folder, "checkout");
  vi.stubEnv("PATH", [join(folder, "bin"), process.env["PATH"]].join(delimiter));
  vi.stubEnv("GH_TOKEN", "a-secret");
  vi.stubEnv("GIT_CONFIG_GLOBAL", join(folder, "gitconfig"));
  vi.stubEnv("GIT_CONFIG_NOSYSTEM", "1");
  await fakeGh();
  await cp(inPackage("spec"), join(root, "spec"), { recursive: true });
  await cp(inPackage("generated"), join(root, "generated"), { recursive: true });
  await run("git", ["init", "--quiet", "--bare", join(folder, "origin")], { cwd: folder });
  await git("init", "--quiet");
  await git("remote", "add", "origin", join(folder, "origin"));
  await git("add", "--all");
  await git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "Before");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const git = (...args: string[]) => run("git", args, { cwd: root });
const origin = (...args: string[]) => git("--git-dir", join(folder, "origin"), ...args);
const branchAtOrigin = () => origin("branch", "--format=%(refname:short)");

/** Writes down each call, and knows the pull requests that were created by it. */
async function fakeGh() {
  const calls = JSON.stringify(join(folder, "calls"));
  const source = `#!${process.execPath}
    const fs = require("node:fs");
    const args = process.argv.slice(2);
    const earlier = fs.existsSync(${calls}) ? fs.readFileSync(${calls}, "utf8") : "";
    const branch = args[args.indexOf("--head") + 1];
    const body = fs.readFileSync(0, "utf8");
    fs.appendFileSync(${calls}, JSON.stringify({ args, body }) + "\\n");
    if (args[1] === "create") console.log("https://example.com/1");
    const known = earlier.includes('"create","--head","' + branch);
    if (args[1] === "list") console.log(known ? '[{"url":"https://example.com/1"}]' : "[]");`;
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin/gh"), source, { mode: 0o755 });
}

async function ghCalls(): Promise<{ args: string[]; body: string }[]> {
  const text = await readFile(join(folder, "calls"), "utf8").catch(() => "");
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as { args: string[]; body: string });
}

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
    expect(await propose(root, "one\ntwo")).toBe("Proposed: https://example.com/1");

    const branch = await branchAtOrigin();
    expect(branch).toMatch(/^documentation-[0-9a-f]{12}$/);
    expect(await origin("log", "--format=%s", branch)).toMatch(/^Regenerate from .*\nBefore$/);
    const changed = await origin("diff", "--name-status", `${branch}~`, branch);
    expect(changed).toBe("D\tgenerated/zones.ts\nA\tspec/pages/new.md");
    const [list, create, checks, ...more] = await ghCalls();
    expect(list?.args.slice(0, 4)).toEqual(["pr", "list", "--head", branch]);
    expect(create?.args.slice(0, 4)).toEqual(["pr", "create", "--head", branch]);
    expect(create?.body).toContain("\n```text\none\ntwo\n```\n");
    expect(checks?.args).toEqual(["workflow", "run", "checks.yml", "--ref", branch]);
    expect(more).toEqual([]);
  });

  test("is made once, and what others pushed to its branch stays", async () => {
    await change();
    await propose(root, "");
    const branch = await branchAtOrigin();
    await origin("update-ref", `refs/heads/${branch}`, `${branch}~`);
    const pushed = await origin("rev-parse", branch);

    expect(await propose(root, "")).toMatch(/proposed before: .*example\.com\/1/);
    expect(await origin("rev-parse", branch)).toBe(pushed);
  });

  test("is completed where it was pushed but not opened", async () => {
    await change();
    const failing = "#!/bin/sh\n[ $2 = list ] && echo [] || { echo no rights >&2; exit 1; }\n";
    await writeFile(join(folder, "bin/gh"), failing, { mode: 0o755 });
    await expect(propose(root, "")).rejects.toThrow("no rights");
    await rm(join(folder, "bin"), { recursive: true });
    await fakeGh();
    vi.stubEnv("GIT_COMMITTER_DATE", "2030-01-01T00:00:00Z");
    expect(await propose(root, "")).toBe("Proposed: https://example.com/1");
  });

  test("keeps what the report quotes from mentioning people, closing issues or being markup", async () => {
    await change();
    const report = "```\n@everyone fixes #1 ![](https://example.com) <b>\n`````\n$(id) `id`";
    await propose(root, report);
    const [, create] = await ghCalls();
    expect(create?.body).toContain(`\n\`\`\`\`\`\`text\n${report}\n\`\`\`\`\`\`\n`);
  });

  test("has a text that GitHub takes, however long the report is", async () => {
    await change();
    await propose(root, "12345678\n".repeat(100_000));
    const [, create] = await ghCalls();
    expect(create?.body.length).toBeLessThan(65_536);
    expect(create?.body).toMatch(/\n…\n```\n/);
  });
});

test("a proposal has a text that GitHub takes, whatever a page holds", async () => {
  await rm(join(root, "generated/zones.ts"));
  await propose(root, `patch  tag ${"`".repeat(30_000)}: tag added\n`.repeat(2));
  const [, create] = await ghCalls();
  expect(create?.body.length).toBeLessThan(65_536);
  const [, fence = ""] = /\n(`{3,})text\n/.exec(create?.body ?? "") ?? [];
  expect(create?.body.split(`\n${fence}\n`)).toHaveLength(2);
  expect(create?.body.match(/`+/g)?.filter((ticks) => ticks.length >= fence.length)).toEqual([
    fence,
    fence,
  ]);
});

describe("npm run propose", () => {
  const command = (...args: string[]) => call("propose", ["--root", root, ...args]);
  const changePage = async (from: string, to: string) => {
    const page = join(root, "page.md");
    const text = await readFile(inPackage("spec/pages/api-tokens.md"), "utf8");
    await writeFile(page, text.replaceAll(from, to));
    const sources = JSON.parse(await readFile(join(root, "spec/sources.json"), "utf8")) as object;
    const pages = [{ name: "api-tokens", url: "page.md" }];
    await writeFile(join(root, "spec/sources.json"), JSON.stringify({ ...sources, pages }));
  };

  test("proposes what the pull writes, with its report", async () => {
    await changePage('"created":{', '"used":{"type":"string"},"created":{');
    const check = await command("--check");
    expect(check).toMatchObject({ code: 1, stdout: "" });
    expect(check.stderr).toContain("Out of date: spec/openapi.json\n");
    expect(await ghCalls()).toEqual([]);
    const { code, stdout, stderr } = await command();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe("Proposed: https://example.com/1\n");
    const [, create] = await ghCalls();
    expect(create?.body).toMatch(/```text\n[^]*apiTokens\[\]\.used[^]*minor[^]*\n```/);
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
    const branch = await branchAtOrigin();
    const proposed = (name: string) => origin("show", `${branch}:${name}`);
    expect(JSON.parse(await proposed("package.json"))).toMatchObject({ version: "1.1.0" });
    expect(JSON.parse(await proposed("package-lock.json"))).toMatchObject({ version: "1.1.0" });
    expect(await proposed("CHANGELOG.md")).toMatch(
      /## \[1\.1\.0\] - .*\n\n### Added\n\n- `GET .*used/,
    );
    expect(await proposed("spec/released.json")).toBe(await proposed("spec/openapi.json"));
    const [, create] = await ghCalls();
    expect(create?.body).toContain("Bump: minor, version 1.0.0 to 1.1.0");
    expect(create?.body).toContain("No code has to change to take the new version.");
  });

  test("proposes nothing where the pull refuses the page, and says why", async () => {
    await changePage('"openapi":"3.0.0"', '"openapi":"3.0.0","openapi":"3.0.0"');
    const { code, stderr, lastLine } = await command();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^.*api-tokens\.md:\d+/m);
    expect(lastLine).toContain("then run the same command again");
    expect(await ghCalls()).toEqual([]);
    expect(await git("status", "--porcelain", "generated", "spec/openapi.json")).toBe("");
  });
});
