import { join } from "node:path";
import { withTemporaryFolder } from "./files.ts";
import { run } from "./run.ts";

const SETTINGS = Object.entries({
  // The author of what workflows commit.
  "user.name": "github-actions[bot]",
  "user.email": "41898282+github-actions[bot]@users.noreply.github.com",
  // What was written is what is committed.
  "core.autocrlf": "false",
}).flatMap(([name, value]) => ["-c", `${name}=${value}`]);

/** Of a remote: the token comes from the environment when git asks for it, and is stored nowhere. */
const CREDENTIALS = ["-c", "credential.helper=", "-c", "credential.helper=!gh auth git-credential"];
const REMOTE = /^(?:ls-remote|fetch|push)$/;

/** Runs git in a checkout, with these variables and this input, and returns what it prints. */
export const gitIn =
  (cwd: string, env: NodeJS.ProcessEnv = process.env, input = "") =>
  (subcommand: string, ...args: string[]): Promise<string> => {
    const isRemote = REMOTE.test(subcommand);
    const remedy = isRemote
      ? "Let the remote `origin` be the repository, and let GH_TOKEN or your own login read and write it, then run the same command again."
      : "Run this in a git checkout of the repository, at a commit of it.";
    const all = [...SETTINGS, ...(isRemote ? CREDENTIALS : []), subcommand, ...args];
    return run("git", all, { cwd, env, input }, remedy);
  };

/** An environment in which git has an index of its own, so that the checkout's stays as it is. */
export const withIndex = <T>(body: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> =>
  withTemporaryFolder((folder) => body({ ...process.env, GIT_INDEX_FILE: join(folder, "index") }));
