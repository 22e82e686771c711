import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BOT, GH_CREDENTIALS } from "../../lib/github.ts";
import { Refusal } from "../../lib/refusal.ts";
import { environmentWithout, run } from "../../lib/run.ts";
import type { Step } from "./step.ts";

/** For git, whose own words are above it. */
const REMEDIES = {
  checkout: "Run this in a git checkout of the commit that is to be released.",
  origin:
    "Let the remote `origin` name the repository, and GH_TOKEN or your own login read it, then run the same command again.",
  push: "Let GH_TOKEN or your own login push tags to the repository, then run the same command again.",
};

/**
 * Pushes the tag of a version. Its commit holds what is published and nothing else, so that whoever
 * installs from it has nothing to build. The commit has no parent: the repository's history is of no
 * use there.
 */
export const lookAtTag: Step = async ({ root, name, version, tag }, { files }) => {
  const env = environmentWithout("NPM_TOKEN");
  const git = (remedy: string, ...args: string[]) => run("git", args, { cwd: root, env, remedy });
  const { checkout, origin, push } = REMEDIES;
  const source = await git(checkout, "rev-parse", "--verify", "HEAD");
  const tree = await treeOf(root, files);

  const ref = `refs/tags/${tag}`;
  if ((await git(origin, ...GH_CREDENTIALS, "ls-remote", "origin", ref)) !== "") {
    await git(origin, ...GH_CREDENTIALS, "fetch", "--quiet", "--no-tags", "origin", ref);
    const found = await git(origin, "rev-parse", "FETCH_HEAD^{tree}");
    if (found === tree) return async () => `${tag} is there.`;
    throw new Refusal(
      `The tag ${tag} at origin holds another package than the one that was built here.`,
      "Run the release of the commit that it was built from again, or make another version: " +
        "npm run release -- --bump patch",
    );
  }
  return async () => {
    const message = `${name} ${version}\n\nBuilt from ${source}.`;
    const commit = await git(checkout, ...BOT, "commit-tree", tree, "-m", message);
    await git(push, ...GH_CREDENTIALS, "push", "--quiet", "origin", `${commit}:${ref}`);
    return `${tag} is pushed.`;
  };
};

/** Writes a folder into the repository as a tree, whatever would be ignored there, and names it. */
async function treeOf(root: string, files: string): Promise<string> {
  const gitDir = await run("git", ["rev-parse", "--absolute-git-dir"], { cwd: root });
  const index = await mkdtemp(join(tmpdir(), "index-"));
  const env = {
    ...process.env,
    GIT_DIR: gitDir,
    GIT_WORK_TREE: files,
    GIT_INDEX_FILE: join(index, "index"),
  };
  const git = (...args: string[]) =>
    run("git", ["-c", "core.autocrlf=false", ...args], { cwd: files, env });
  try {
    await git("add", "--all", "--force");
    return await git("write-tree");
  } finally {
    await rm(index, { recursive: true, force: true });
  }
}
