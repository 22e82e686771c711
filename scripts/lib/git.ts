import { join } from "node:path";
import { withTemporaryFolder } from "./files.ts";
import { run } from "./run.ts";

/** The author of what workflows commit. */
const BOT = [
  ...["-c", "user.name=github-actions[bot]"],
  ...["-c", "user.email=41898282+github-actions[bot]@users.noreply.github.com"],
];

/** The token comes from the environment when git asks for it, and is stored nowhere. */
const GH_CREDENTIALS = [
  ...["-c", "credential.helper="],
  ...["-c", "credential.helper=!gh auth git-credential"],
];

interface Subcommand {
  readonly options?: readonly string[];
  /** If it fails, after what git says: what the reader is to do. */
  readonly remedy?: string;
}

const remote = (may: "read" | "push to"): Subcommand => ({
  options: GH_CREDENTIALS,
  remedy:
    `Let the remote \`origin\` be the repository, and let GH_TOKEN or your own login ${may} it, ` +
    "then run the same command again.",
});

const subcommands: Readonly<Record<string, Subcommand>> = {
  "ls-remote": remote("read"),
  fetch: remote("read"),
  push: remote("push to"),
  // What was written is what is committed.
  add: { options: ["-c", "core.autocrlf=false"] },
  "commit-tree": { options: BOT },
};

type Git = (subcommand: string, ...args: string[]) => Promise<string>;

/** Runs git in a checkout, as its workflows do: with the token of `gh`, and as their author. */
export const gitIn =
  (cwd: string, env: NodeJS.ProcessEnv = process.env): Git =>
  (subcommand, ...args) => {
    const {
      options = [],
      remedy = "Run this in a git checkout of the repository, at a commit of it.",
    } = subcommands[subcommand] ?? {};
    return run("git", [...options, subcommand, ...args], { cwd, env, remedy });
  };

/** An environment in which git has an index of its own, so that the checkout's stays as it is. */
export const withIndex = <T>(body: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> =>
  withTemporaryFolder((folder) => body({ ...process.env, GIT_INDEX_FILE: join(folder, "index") }));
