import { Refusal } from "../../lib/refusal.ts";
import { attempt, environmentWithout, run } from "../../lib/run.ts";
import type { Step } from "./step.ts";
import type { Version } from "./version.ts";

const REMEDY =
  "Let GH_TOKEN or your own login of gh write releases of the repository, then run the same command again.";

/** A release as `gh release view` describes it. */
interface GitHubRelease {
  readonly isDraft: boolean;
  readonly assets: readonly { readonly name: string; readonly state: string }[];
}

/** The last step of a release: once everybody can download its tarball, nothing is left to do. */
export async function isReleased(version: Version): Promise<boolean> {
  const release = await find(version);
  return release !== undefined && !release.isDraft && holds(release, version);
}

/** Makes the GitHub release of a tag that was pushed, or completes it. */
export const lookAtGitHub: Step = async (version, { path }) => {
  const { root, tag, notes, isPreRelease } = version;
  const release = await find(version);
  return async () => {
    if (release === undefined) {
      const flags = ["--title", tag, "--notes-file", "-", "--verify-tag"];
      const kind = isPreRelease ? ["--prerelease"] : [];
      await gh(root, ["release", "create", tag, path, ...flags, ...kind], notes);
      return `The GitHub release ${tag} is made.`;
    }
    if (!holds(release, version)) await gh(root, ["release", "upload", tag, path, "--clobber"]);
    if (release.isDraft) await gh(root, ["release", "edit", tag, "--draft=false"]);
    return `The GitHub release ${tag} is there, with its tarball.`;
  };
};

const holds = ({ assets }: GitHubRelease, { tarball }: Version): boolean =>
  assets.some(({ name, state }) => name === tarball && state === "uploaded");

async function find({ root, tag }: Version): Promise<GitHubRelease | undefined> {
  const args = ["release", "view", tag, "--json", "isDraft,assets"];
  const { ok, stdout, complaint } = await attempt("gh", args, {
    cwd: root,
    env: environmentWithout("NPM_TOKEN"),
  });
  if (ok) return JSON.parse(stdout) as GitHubRelease;
  if (/release not found/i.test(complaint)) return undefined;
  throw new Refusal(complaint, REMEDY);
}

const gh = (root: string, args: string[], input = ""): Promise<string> =>
  run("gh", args, { cwd: root, env: environmentWithout("NPM_TOKEN"), input, remedy: REMEDY });
