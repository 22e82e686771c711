import { existsSync } from "node:fs";
import { join } from "node:path";
import { gitIn, withIndex } from "../lib/git.ts";

/** The pull and the release write these. */
const paths = [
  ...["spec", "generated", "package.json", "package-lock.json", "CHANGELOG.md"],
  "README.md",
  "test/project/public-types.d.ts.txt",
];

/** Whether a pull or a release may have written a file. */
export const isWritten = (name: string): boolean =>
  !name.split("/").includes("..") &&
  paths.some((path) => name === path || name.startsWith(`${path}/`));

/** What the pull and the release wrote since the last commit. */
export interface Changes {
  readonly names: readonly string[];
  /** The last commit's tree with these changes, and what `spec/` is there. */
  readonly tree: string;
  readonly spec: string;
}

/** Undefined if nothing was written. */
export const changesIn = (root: string): Promise<Changes | undefined> =>
  withIndex(async (env) => {
    const git = gitIn(root, env);
    await git("read-tree", "HEAD");
    await git("add", "--all", "--", ...paths.filter((path) => existsSync(join(root, path))));
    const names = (await git("diff", "--cached", "--name-only", "-z")).split("\0").filter(Boolean);
    if (names.length === 0) return undefined;
    return {
      names,
      tree: await git("write-tree"),
      spec: await git("write-tree", "--prefix=spec/"),
    };
  });
