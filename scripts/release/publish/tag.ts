import { gitIn, withIndex } from "../../lib/git.ts";
import { Refusal } from "../../lib/refusal.ts";
import { environmentWithout } from "../../lib/run.ts";
import type { Step } from "./step.ts";

/**
 * Pushes the tag of a version. Its commit holds what is published and nothing else, so that whoever
 * installs from it has nothing to build. The commit has no parent: the repository's history is of no
 * use there.
 */
export const lookAtTag: Step = async ({ root, name, version, tag }, { files }) => {
  const git = gitIn(root, environmentWithout("NPM_TOKEN"));
  const source = await git("rev-parse", "--verify", "HEAD");
  const tree = await treeOf(files, await git("rev-parse", "--absolute-git-dir"));

  const ref = `refs/tags/${tag}`;
  if ((await git("ls-remote", "origin", ref)) !== "") {
    await git("fetch", "--quiet", "--no-tags", "origin", ref);
    if ((await git("rev-parse", "FETCH_HEAD^{tree}")) === tree)
      return async () => `${tag} is there.`;
    throw new Refusal(
      `The tag ${tag} at origin holds another package than the one that was built here.`,
      "Run the release of the commit that it was built from again, or make another version: " +
        "npm run release -- --bump patch",
    );
  }
  return async () => {
    const message = `${name} ${version}\n\nBuilt from ${source}.`;
    const commit = await git("commit-tree", tree, "-m", message);
    await git("push", "--quiet", "origin", `${commit}:${ref}`);
    return `${tag} is pushed.`;
  };
};

/** Writes a folder into a repository as a tree, whatever would be ignored there, and names it. */
const treeOf = (files: string, repository: string): Promise<string> =>
  withIndex(async (env) => {
    const git = gitIn(files, { ...env, GIT_DIR: repository, GIT_WORK_TREE: files });
    await git("add", "--all", "--force");
    return git("write-tree");
  });
