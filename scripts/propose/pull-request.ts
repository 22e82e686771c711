import { gitIn } from "../lib/git.ts";
import { run } from "../lib/run.ts";
import { cut } from "../lib/text.ts";
import { applyPatch } from "./patch.ts";

const TITLE = "Regenerate from the changed documentation";
const REMEDY =
  "Let GH_TOKEN write contents, pull requests and actions of the repository, and let its settings " +
  "allow workflows to create pull requests; then run the same command again.";

/**
 * Opens a pull request for a patch with the text above it, unless one is open for the same state of
 * `spec/`, after which its branch is named; says what became of it.
 */
export async function openPullRequest(root: string, proposal: string): Promise<string> {
  const { tree, spec } = await applyPatch(root, proposal);
  const gh = (args: string[], input = "") => run("gh", args, { cwd: root, input }, REMEDY);
  const branch = `documentation-${spec.slice(0, 12)}`;
  const list = ["pr", "list", "--head", branch, "--state", "open"];
  const listed: { url: string; isCrossRepository: boolean }[] = JSON.parse(
    await gh([...list, "--json", "url,isCrossRepository"]),
  );
  // In a fork, anybody may name a branch as they like.
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

/** The text of the pull request. `refusal`: of a release that made no version. */
export function textFor(report: string, refusal: string): string {
  const said = refusal ? `No version was made, because the release failed:\n${refusal}\n` : "";
  // In a fence, because it holds text of the pages: there it mentions nobody and closes nothing.
  // GitHub takes 65,536 characters.
  const quoted = cut(`${said}\n${report}`.trim(), 60_000).replace(/`{3,}/g, "``");
  return `The documentation has changed. What that means for those who pin this package:

\`\`\`text
${quoted}
\`\`\`

If no version was made, fix what is said above, and run \`npm run release\` on this branch. If \`src/\` no longer fits, fix it here: nothing else is pushed there.
`;
}
