import { join } from "node:path";
import { withTemporaryFolder } from "./files.ts";
import { run } from "./run.ts";

const SETTINGS = [
  // The author of what workflows commit.
  "user.name=github-actions[bot]",
  "user.email=41898282+github-actions[bot]@users.noreply.github.com",
  // What was written is what is committed.
  "core.autocrlf=false",
  // A clean checkout holds no other file, for it would be taken as written by the pull.
  "status.showUntrackedFiles=normal",
  // The token comes from the environment when git asks for it, and is stored nowhere.
  "credential.helper=",
  "credential.helper=!gh auth git-credential",
].flatMap((setting) => ["-c", setting]);

const REMEDY =
  "Run this in a git checkout of the repository, with a remote `origin` that GH_TOKEN or your own " +
  "login may read and write.";

/** Runs git in a checkout, with these variables and this input, and returns what it prints. */
export const gitIn =
  (cwd: string, env: NodeJS.ProcessEnv = process.env, input = "") =>
  (...args: string[]): Promise<string> =>
    run("git", [...SETTINGS, ...args], { cwd, env, input }, REMEDY);

/** An environment in which git has an index of its own, so that the checkout's stays as it is. */
export const withIndex = <T>(body: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> =>
  withTemporaryFolder((folder) => body({ ...process.env, GIT_INDEX_FILE: join(folder, "index") }));
