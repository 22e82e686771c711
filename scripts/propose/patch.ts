import { gitIn, withIndex } from "../lib/git.ts";
import { Refusal } from "../lib/refusal.ts";
import { printable } from "../lib/text.ts";

/** The folders and files that the pull and the release write. */
const WRITTEN = [
  ...["spec", "generated", "package.json", "package-lock.json", "CHANGELOG.md"],
  "test/project/public-types.d.ts.txt",
];

/** What was written to a clean checkout, as a patch, "" if nothing was; the checkout is clean again. */
export async function takePatch(root: string): Promise<string> {
  const git = gitIn(root);
  await git("add", "--all");
  // No setting of anybody's changes its form, unlike that of `git diff`.
  const patch = await git("diff-index", "--cached", "--patch", "--binary", "HEAD");
  await git("reset", "--quiet", "--hard");
  return patch && `${patch}\n`;
}

/**
 * The tree of the last commit with a patch, and what `spec/` is there. Code of others ran where the
 * patch was made, so one that changes anything that no pull and no release writes is refused.
 */
export const applyPatch = (root: string, patch: string) =>
  withIndex(async (env) => {
    const git = gitIn(root, env);
    await git("read-tree", "HEAD");
    await gitIn(root, env, patch)("apply", "--cached");
    const names = await git("diff-index", "--cached", "--name-only", "-z", "HEAD");
    const isWritten = (name: string) => WRITTEN.some((it) => `${name}/`.startsWith(`${it}/`));
    const other = names.split("\0").find((name) => name !== "" && !isWritten(name));
    if (other === undefined) {
      return { tree: await git("write-tree"), spec: await git("write-tree", "--prefix=spec/") };
    }
    throw new Refusal(
      `The proposal changes what no pull and no release writes: ${printable(other)}`,
      "Run `npm run propose -- --save` in a checkout of your own, and look at what it writes.",
    );
  });
