import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
// Imports end in .ts: with --open, Node itself runs this file, as no package is beside the token.
import { runCommand } from "./lib/command.ts";
import { gitIn } from "./lib/git.ts";
import { Refusal } from "./lib/refusal.ts";
import { attempt } from "./lib/run.ts";
import { takeChanges } from "./propose/changes.ts";
import { openPullRequest, textFor } from "./propose/pull-request.ts";

/** Where the workflow's first job leaves a proposal for its second. */
const SAVED = "proposal.patch";

// Pulls, releases what has changed, and opens a pull request with the report as its text. In the
// workflow, --save does the first two without a token, and --open the last with it.
await runCommand(["root", "save", "open"], async ({ root, save, open }) => {
  const file = join(root, SAVED);
  const proposal = open ? await readFile(file, "utf8") : await prepare(root);
  if (save) {
    if (proposal !== "") await writeFile(file, proposal);
    console.log(`changed=${proposal !== ""}`);
  } else if (proposal === "") console.log("The documentation has not changed.");
  else console.log(await openPullRequest(root, proposal));
});

/**
 * What the pull and the release write, as a patch below the text of the pull request; "" if the pull
 * writes nothing. The checkout is then as it was.
 */
async function prepare(root: string): Promise<string> {
  const others = await status(root);
  if (others !== "") {
    throw new Refusal(
      `Changes here are not committed, and none of them belongs into a proposal:\n${others}`,
      "Commit them, or put them aside with `git stash --include-untracked`, then run the same command again.",
    );
  }
  const { ok, stdout: report, complaint } = await command("pull", root);
  if (!ok)
    throw new Refusal(complaint, "Do what the pull says above, then run the same command again.");
  const release = (await status(root)) === "" ? undefined : await command("release", root);
  const patch = await takeChanges(root);
  return patch && `${textFor(report, patch, release?.complaint)}\n${patch}`;
}

function status(root: string): Promise<string> {
  return gitIn(root)("status", "--porcelain");
}

/** Without the token, because pull and release read text of others. */
function command(name: "pull" | "release", root: string) {
  const script = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const args = ["--import", import.meta.resolve("tsx"), script, "--root", root];
  const env = { ...process.env, GH_TOKEN: undefined };
  return attempt(process.execPath, args, { cwd: root, env });
}
