import { gitIn } from "../lib/git.ts";
import { run } from "../lib/run.ts";
import { changesIn } from "./changes.ts";

const title = "Regenerate from the changed documentation";
const remedy =
  "Let GH_TOKEN write contents, pull requests and actions of the repository, and let its settings " +
  "allow workflows to create pull requests; then run the same command again.";
/** GitHub takes 65,536 characters. */
const longestReport = 60_000;
/** A fence in Markdown ends at as many backticks as it began with. */
const longestFence = 100;

/**
 * Opens a pull request for what the pull and the release wrote, and says what became of it. A
 * change is proposed once, whatever was decided on it: its branch is named after what was pulled,
 * and nothing is pushed to the branch of an earlier proposal.
 */
export async function propose(root: string, report: string): Promise<string> {
  const gh = (args: string[], input = "") => run("gh", args, { cwd: root, input, remedy });
  const changes = await changesIn(root);
  if (changes === undefined) return "The documentation has not changed.";

  const branch = `documentation-${changes.spec.slice(0, 12)}`;
  const earlier = await gh(["pr", "list", "--head", branch, "--state", "all", "--json", "url"]);
  if (earlier !== "[]") return `The change was proposed before: ${earlier}`;

  const git = gitIn(root);
  const commit = await git("commit-tree", changes.tree, "-p", "HEAD", "-m", title);
  await git("push", "--quiet", "--force", "origin", `${commit}:refs/heads/${branch}`);
  const create = ["pr", "create", "--head", branch, "--title", title, "--body-file", "-"];
  const url = await gh(create, bodyFor(report, changes.names.includes("package.json")));
  await gh(["workflow", "run", "checks.yml", "--ref", branch]);
  return `Proposed: ${url}`;
}

/** The report in a fence, because it quotes the pages: there it mentions nobody and closes nothing. */
function bodyFor(report: string, makesVersion: boolean): string {
  const safe = report.replace(/`+/g, (ticks) => ticks.slice(0, longestFence - 1));
  const shown = safe.length <= longestReport ? safe : `${safe.slice(0, longestReport)}\n…`;
  const ticks = [...shown.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(ticks.reduce((longest, length) => Math.max(longest, length + 1), 3));
  const advice = /^major /m.test(report)
    ? "Code that uses what is marked `major` has to change before it takes the new version."
    : "No code has to change to take the new version.";
  const outcome = makesVersion
    ? `${advice} The changelog has the same, under the version that this pull request makes.`
    : "This makes no version: nothing of it reaches those who pin this package.";
  return `The documentation has changed. What that means for those who pin this package:

${fence}text
${shown}
${fence}

${outcome}

If \`src/\` no longer fits, mend it on this branch: nothing else is pushed there.
`;
}
