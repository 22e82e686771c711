import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BOT, GH_CREDENTIALS } from "../../lib/github.ts";
import { Refusal } from "../../lib/refusal.ts";
import { environmentWithout, run } from "../../lib/run.ts";
import type { Tarball } from "./tarball.ts";
import type { Version } from "./version.ts";

/**
 * Pushes the tag of a version. Its commit holds what is published and nothing else, so that whoever
 * installs from it has nothing to build. The commit has no parent: the repository's history is of no
 * use there.
 */
export async function pushTag(
  { root, name, version, tag }: Version,
  { files }: Tarball,
): Promise<string> {
  const env = environmentWithout("NPM_TOKEN");
  const git = (...args: string[]) => run("git", args, { cwd: root, env });
  const tree = await treeOf(root, files);

  const ref = `refs/tags/${tag}`;
  if ((await git(...GH_CREDENTIALS, "ls-remote", "origin", ref)) !== "") {
    await git(...GH_CREDENTIALS, "fetch", "--quiet", "--no-tags", "origin", ref);
    if ((await git("rev-parse", "FETCH_HEAD^{tree}")) === tree) return `${tag} is there.`;
    throw new Refusal(
      `The tag ${tag} at origin holds another package than the one that was built here.`,
      "Run the release of the commit that it was built from again, or make another version: " +
        "npm run release -- --bump patch",
    );
  }
  const source = await git("rev-parse", "HEAD");
  const message = `${name} ${version}\n\nBuilt from ${source}.`;
  const commit = await git(...BOT, "commit-tree", tree, "-m", message);
  await git(...GH_CREDENTIALS, "push", "--quiet", "origin", `${commit}:${ref}`);
  return `${tag} is pushed.`;
}

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
