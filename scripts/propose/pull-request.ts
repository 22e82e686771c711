import { gitIn } from "../lib/git.ts";
import { run } from "../lib/run.ts";
import { withPatch } from "./changes.ts";

const TITLE = "Regenerate from the changed documentation";
const REMEDY =
  "Let GH_TOKEN write contents, pull requests and actions of the repository, and let its settings " +
  "allow workflows to create pull requests; then run the same command again.";
/** GitHub takes 65,536 characters, and two texts are quoted. */
const LONGEST = 30_000;

/** A pull request, as `gh pr list` describes it. */
interface Listed {
  readonly url: string;
  /** From a fork, where anybody may name a branch as they like. */
  readonly isCrossRepository?: boolean;
}

/**
 * Opens a pull request for a patch with the text above it, unless one is open for the same state of
 * `spec/`, after which its branch is named; says what became of it.
 */
export async function openPullRequest(root: string, proposal: string): Promise<string> {
  const { tree, spec } = await withPatch(root, proposal);
  const gh = (args: string[], input = "") => run("gh", args, { cwd: root, input }, REMEDY);
  const branch = `documentation-${spec.slice(0, 12)}`;
  const list = ["pr", "list", "--head", branch, "--state", "open"];
  const listed: Listed[] = JSON.parse(await gh([...list, "--json", "url,isCrossRepository"]));
  const own = listed.find(({ isCrossRepository }) => !isCrossRepository);
  if (own) return `The change is proposed already: ${own.url}`;

  const git = gitIn(root);
  const commit = await git("commit-tree", tree, "-p", "HEAD", "-m", TITLE);
  // Forced, because the branch of an earlier proposal may be there still.
  await git("push", "--quiet", "--force", "origin", `${commit}:refs/heads/${branch}`);
  const create = ["pr", "create", "--head", branch, "--title", TITLE, "--body-file", "-"];
  const [text = ""] = proposal.split(/^diff --git /m);
  const url = await gh(create, text);
  await gh(["workflow", "run", "checks.yml", "--ref", branch]);
  return `Proposed: ${url}`;
}

/** The text of the pull request. `complaint`: of a release that made no version. */
export function textFor(report: string, patch: string, complaint = ""): string {
  const advice = /^major /m.test(report)
    ? "Code that uses what is marked `major` has to change before it takes the new version."
    : "No code has to change to take the new version.";
  const outcome = /^diff --git a\/package\.json /m.test(patch)
    ? `${advice} The changelog has the same, under the version that this pull request makes.`
    : "This makes no version: nothing of it reaches those who pin this package.";
  const paragraphs = [
    "The documentation has changed. What that means for those who pin this package:",
    ...[quoted(report.trim()), outcome],
    ...(complaint
      ? ["`npm run release` was refused. Run it on this branch:", quoted(complaint)]
      : []),
    "If `src/` no longer fits, fix it on this branch: nothing else is pushed there.\n",
  ];
  return paragraphs.join("\n\n");
}

/** In a fence, because it holds text of the pages: there it mentions nobody and closes nothing. */
function quoted(text: string): string {
  const shown = text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}\n…`;
  return `\`\`\`text\n${shown.replace(/`{3,}/g, "``")}\n\`\`\``;
}
