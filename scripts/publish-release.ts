import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
// Imports end in .ts: Node itself runs this file, because no package is installed beside the tokens.
import { runCommand } from "./lib/command.ts";
import { withTemporaryFolder } from "./lib/files.ts";
import { gitIn, withIndex } from "./lib/git.ts";
import { Refusal } from "./lib/refusal.ts";
import { attempt, run } from "./lib/run.ts";
import { cut } from "./lib/text.ts";

const GH = "Let GH_TOKEN or your own login of gh write releases, then run the same command again.";
const NPM =
  "Let NPM_TOKEN be a token that may publish there, and publishConfig.registry or NPM_REGISTRY the " +
  "registry's address, then run the same command again.";

/** The version that a checkout of main holds. */
type Version = Awaited<ReturnType<typeof readVersion>>;

// Publishes the version in package.json: its tag, the registry, the GitHub release. What is there is
// not made again, so that a run that died is finished by the next one.
await runCommand(["root", "pending"], async ({ root, pending }) => {
  const it = await readVersion(root);
  if (pending) return console.log(`pending=${!(await isOnGitHub(it))}`);
  console.log(await withTemporaryFolder((folder) => pushTag(it, folder)));
  console.log(await withTemporaryFolder((folder) => publish(it, folder)));
  console.log(await releaseOnGitHub(it));
});

async function readVersion(root: string) {
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const name: string = manifest.name;
  const version: string = manifest.version;
  // Where nobody has chosen one, there is none: npm's own is no default.
  const registry: string | undefined =
    manifest.publishConfig?.registry || process.env["NPM_REGISTRY"];
  // What `npm run package` packs.
  const tarball = join(root, `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`);
  return { root, name, version, id: `${name}@${version}`, tag: `v${version}`, tarball, registry };
}

/**
 * The tag's commit holds what is published and nothing else, so that whoever installs from it has
 * nothing to build, and has no parent: the repository's history is of no use there.
 */
async function pushTag({ root, id, tag, tarball }: Version, folder: string): Promise<string> {
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
  const ref = `refs/tags/${tag}`;
  if ((await git("ls-remote", "origin", ref)) === "") {
    const message = `${id}\n\nBuilt from ${await git("rev-parse", "HEAD")}.`;
    const commit = await git("commit-tree", tree, "-m", message);
    await git("push", "--quiet", "origin", `${commit}:${ref}`);
    return `${tag} is pushed.`;
  }
  await git("fetch", "--quiet", "--no-tags", "origin", ref);
  if ((await git("rev-parse", "FETCH_HEAD^{tree}")) === tree) return `${tag} is there.`;
  throw new Refusal(
    `The tag ${tag} at origin does not hold what was built here.`,
    "Make another version, because what is published stays: npm run release -- --bump patch",
  );
}

async function publish({ root, name, id, tarball, registry }: Version, folder: string) {
  if (!registry) return `${id} goes to no registry: package.json and NPM_REGISTRY name none.`;
  const env = await environmentFor(registry, folder);
  // For a package with a scope, npm's settings may name another registry.
  const scope = name.startsWith("@") ? [`--${name.split("/")[0]}:registry=${registry}`] : [];
  // Notices would hide a complaint.
  const flags = ["--loglevel=error", `--registry=${registry}`, ...scope];
  const npm = (...args: string[]) => attempt("npm", [...args, ...flags], { cwd: root, env });

  const found = await npm("view", id, "version");
  if (found.ok && found.stdout.trim() !== "") return `${id} is in the registry.`;
  const isAbsent = found.ok || /\bE404\b/.test(found.complaint);
  const made = isAbsent ? await npm("publish", tarball, "--ignore-scripts") : found;
  if (made.ok) return `${id} is published.`;
  throw new Refusal(made.complaint, NPM);
}

/** With the registry's token, if there is one: npm's settings name a variable for it. */
async function environmentFor(registry: string, folder: string): Promise<NodeJS.ProcessEnv> {
  const { GH_TOKEN, NPM_TOKEN, ...env } = process.env;
  // GitHub's own registry takes the workflow's token. No other may see it.
  const token = NPM_TOKEN || (registry.startsWith("https://npm.pkg.github.com/") && GH_TOKEN);
  if (!token) return env;
  const settings = join(folder, "npmrc");
  const address = registry.replace(/^https?:/, "").replace(/\/*$/, "/");
  await writeFile(settings, `${address}:_authToken=\${NPM_TOKEN}\n`);
  return { ...env, NPM_TOKEN: token, npm_config_userconfig: settings };
}

/** Whether the GitHub release is made. It is the last step: then nothing is left to do. */
async function isOnGitHub({ root, tag }: Version): Promise<boolean> {
  const view = ["release", "view", tag, "--json", "isDraft"];
  const { ok, stdout, complaint } = await attempt("gh", view, { cwd: root });
  if (ok) return !JSON.parse(stdout).isDraft;
  if (/release not found/i.test(complaint)) return false;
  throw new Refusal(complaint, GH);
}

/** With the tarball. gh makes a draft, uploads, and then publishes. */
async function releaseOnGitHub(it: Version): Promise<string> {
  const { root, version, tag, tarball } = it;
  if (await isOnGitHub(it)) return `The GitHub release ${tag} is there, with its tarball.`;
  // The draft of a run that died, if there is one.
  await attempt("gh", ["release", "delete", tag, "--yes"], { cwd: root });
  const sections = (await readFile(join(root, "CHANGELOG.md"), "utf8")).split(/^## /m);
  const section = sections.find((text) => text.startsWith(`[${version}]`)) ?? "";
  // GitHub takes 125,000 characters.
  const input = cut(section.replace(/.*\n/, "").trim(), 100_000);
  const flags = ["--title", tag, "--notes-file", "-", "--verify-tag"];
  await run("gh", ["release", "create", tag, tarball, ...flags], { cwd: root, input }, GH);
  return `The GitHub release ${tag} is made.`;
}
