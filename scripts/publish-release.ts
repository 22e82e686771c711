import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
// Imports end in .ts: Node itself runs this file, because no package is installed beside the tokens.
import { runCommand } from "./lib/command.ts";
import { withTemporaryFolder } from "./lib/files.ts";
import { gitIn, withIndex } from "./lib/git.ts";
import { Refusal } from "./lib/refusal.ts";
import { attempt, run } from "./lib/run.ts";
import { cut } from "./lib/text.ts";

const GH =
  "Let GH_TOKEN or your own login of gh write releases of the repository, then run it again.";
const NPM =
  "Let NPM_TOKEN be a token that may publish there, and publishConfig.registry or NPM_REGISTRY the " +
  "registry's address, then run the same command again.";

/** The version that a checkout of main holds. */
interface Version {
  readonly root: string;
  readonly name: string;
  readonly version: string;
  /** The path of what `npm run package` packs. */
  readonly tarball: string;
  /** Its address; undefined where nobody has chosen one. */
  readonly registry: string | undefined;
  /** Whether anybody may read the package there. */
  readonly isPublic: boolean;
}

// Publishes the version in package.json: its tag, the registry, the GitHub release. What is there is
// not made again, so that a run that died is finished by the next one.
await runCommand(["root", "pending"], async ({ root, pending }) => {
  const version = await readVersion(root);
  if (pending) return console.log(`pending=${(await findRelease(version)) !== "whole"}`);
  for (const step of [pushTag, publish, releaseOnGitHub]) {
    console.log(await withTemporaryFolder((folder) => step(version, folder)));
  }
});

async function readVersion(root: string): Promise<Version> {
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const { name, version, publishConfig = {} } = manifest;
  const tarball = join(root, `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`);
  const registry = publishConfig.registry || process.env["NPM_REGISTRY"] || undefined;
  return { root, name, version, tarball, registry, isPublic: publishConfig.access === "public" };
}

/**
 * The tag's commit holds what is published and nothing else, so that whoever installs from it has
 * nothing to build, and has no parent: the repository's history is of no use there.
 */
async function pushTag({ root, name, version, tarball }: Version, folder: string) {
  const remedy = "Run `npm run package`, which makes the tarball, then run the same command again.";
  await run("tar", ["-xzf", tarball, "-C", folder], { cwd: root }, remedy);
  const git = gitIn(root);
  const repository = await git("rev-parse", "--absolute-git-dir");
  const tree = await withIndex(async (env) => {
    const files = join(folder, "package");
    const there = gitIn(files, { ...env, GIT_DIR: repository, GIT_WORK_TREE: files });
    await there("add", "--all", "--force");
    return there("write-tree");
  });
  const ref = `refs/tags/v${version}`;
  if ((await git("ls-remote", "origin", ref)) === "") {
    const message = `${name} ${version}\n\nBuilt from ${await git("rev-parse", "HEAD")}.`;
    const commit = await git("commit-tree", tree, "-m", message);
    await git("push", "--quiet", "origin", `${commit}:${ref}`);
    return `v${version} is pushed.`;
  }
  await git("fetch", "--quiet", "--no-tags", "origin", ref);
  if ((await git("rev-parse", "FETCH_HEAD^{tree}")) === tree) return `v${version} is there.`;
  throw new Refusal(
    `The tag v${version} at origin does not hold what was built here.`,
    "Make another version, because what is published stays: npm run release -- --bump patch",
  );
}

/** Without a registry that somebody has named, it goes nowhere: nobody has chosen npm's own. */
async function publish(it: Version, folder: string): Promise<string> {
  const { root, name, version, registry } = it;
  const id = `${name}@${version}`;
  if (!registry) return `${id} goes to no registry: package.json and NPM_REGISTRY name none.`;
  const env = await environmentFor(registry, folder);
  // For a package with a scope, npm's settings may name another registry.
  const [scope] = /^@[^/]+/.exec(name) ?? [];
  const flags = [`--registry=${registry}`, ...(scope ? [`--${scope}:registry=${registry}`] : [])];
  const npm = (...args: string[]) => attempt("npm", [...args, ...flags], { cwd: root, env });

  const found = await npm("view", id, "version");
  if (found.ok && found.stdout.trim() !== "") return `${id} is in the registry.`;
  const isAbsent = found.ok || /\bE404\b/.test(found.complaint);
  const how = ["--ignore-scripts", ...(version.includes("-") ? ["--tag", "next"] : [])];
  if (await offersProvenance(it)) how.push("--provenance");
  const made = isAbsent ? await npm("publish", it.tarball, ...how) : found;
  if (made.ok) return `${id} is published.`;
  throw new Refusal(made.complaint, NPM);
}

/** It names the repository in a public log: only for what is public anyway, the package and that. */
async function offersProvenance({ root, isPublic }: Version): Promise<boolean> {
  if (!isPublic || process.env["ACTIONS_ID_TOKEN_REQUEST_URL"] === undefined) return false;
  const view = ["repo", "view", "--json", "visibility", "--jq", ".visibility"];
  return (await run("gh", view, { cwd: root }, GH)) === "PUBLIC";
}

/** With the registry's token, if there is one: npm's settings name a variable for it. */
async function environmentFor(registry: string, folder: string): Promise<NodeJS.ProcessEnv> {
  const { GH_TOKEN, NPM_TOKEN, ...env } = process.env;
  // GitHub's own registry takes the workflow's token. No other may see it.
  const isOfGitHub = registry.startsWith("https://npm.pkg.github.com/");
  const token = NPM_TOKEN || (isOfGitHub ? GH_TOKEN : undefined);
  // Its notices would hide the complaint.
  const quiet = { ...env, npm_config_loglevel: "error" };
  if (!token) return quiet;
  const settings = join(folder, "npmrc");
  const address = registry.replace(/^https?:/, "").replace(/\/*$/, "/");
  await writeFile(settings, `${address}:_authToken=\${NPM_TOKEN}\n`);
  return { ...quiet, NPM_TOKEN: token, npm_config_userconfig: settings };
}

/** With the tarball. A run that died in it has left a draft, or half of the tarball. */
async function releaseOnGitHub(it: Version): Promise<string> {
  const { root, version, tarball } = it;
  const tag = `v${version}`;
  const gh = (args: string[], input = "") => run("gh", args, { cwd: root, input }, GH);
  const found = await findRelease(it);
  if (found === "whole") return `The GitHub release ${tag} is there, with its tarball.`;
  if (found === "begun") await gh(["release", "delete", tag, "--yes"]);
  const [, ...sections] = (await readFile(join(root, "CHANGELOG.md"), "utf8")).split(/^## /m);
  const section = sections.find((text) => text.startsWith(`[${version}]`)) ?? "";
  // GitHub takes 125,000 characters.
  const notes = cut(section.replace(/.*\n/, "").trim(), 100_000);
  const flags = ["--title", tag, "--notes-file", "-", "--verify-tag"];
  const kind = version.includes("-") ? ["--prerelease"] : [];
  await gh(["release", "create", tag, tarball, ...flags, ...kind], notes);
  return `The GitHub release ${tag} is made.`;
}

/** What there is of the GitHub release. It is the last step: once it is whole, nothing is left. */
async function findRelease({ root, version, tarball }: Version) {
  const view = ["release", "view", `v${version}`, "--json", "isDraft,assets"];
  const { ok, stdout, complaint } = await attempt("gh", view, { cwd: root });
  if (!ok && /release not found/i.test(complaint)) return "none";
  if (!ok) throw new Refusal(complaint, GH);
  const { isDraft, assets }: GitHubRelease = JSON.parse(stdout);
  const isUploaded = assets.some((it) => it.name === basename(tarball) && it.state === "uploaded");
  return isUploaded && !isDraft ? "whole" : "begun";
}

/** As `gh release view` describes it. */
interface GitHubRelease {
  readonly isDraft: boolean;
  readonly assets: readonly { readonly name: string; readonly state: string }[];
}
