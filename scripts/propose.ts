import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
// Imports end in .ts: with --open, Node itself runs this file, as no package is beside the token.
import { runCommand } from "./lib/command.ts";
import { gitIn } from "./lib/git.ts";
import { Refusal } from "./lib/refusal.ts";
import { attempt } from "./lib/run.ts";
import { takePatch } from "./propose/patch.ts";
import { openPullRequest, textFor } from "./propose/pull-request.ts";

// Pulls, releases what has changed, and opens a pull request with the report as its text. In the
// workflow, --save does the first two without a token, and --open the last with it.
await runCommand(["root", "save", "open"], async ({ root, save, open }) => {
  const saved = join(root, "proposal.patch");
  const proposal = open ? await readFile(saved, "utf8") : await prepare(root);
  if (save) {
    if (proposal !== "") await writeFile(saved, proposal);
    console.log(`changed=${proposal !== ""}`);
  } else if (proposal === "") console.log("The documentation has not changed.");
  else console.log(await openPullRequest(root, proposal));
});

/** What the pull and the release write, as a patch below the text of the pull request, or "". */
async function prepare(root: string): Promise<string> {
  const uncommitted = await gitIn(root)("status", "--porcelain");
  if (uncommitted !== "") {
    throw new Refusal(
      `Changes here are not committed, and none of them belongs into a proposal:\n${uncommitted}`,
      "Commit them, or put them aside with `git stash --include-untracked`, then run the same command again.",
    );
  }
  const pull = await command("pull", root);
  if (!pull.ok) {
    throw new Refusal(pull.complaint, "Do what the pull says, then run the same command again.");
  }
  if ((await gitIn(root)("status", "--porcelain")) === "") return "";
  const release = await command("release", root);
  return `${textFor(pull.stdout, release.complaint)}\n${await takePatch(root)}`;
}

/** Without the token, because pull and release read text of others. */
function command(name: "pull" | "release", root: string) {
  const script = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const args = ["--import", import.meta.resolve("tsx"), script, "--root", root];
  const env = { ...process.env, GH_TOKEN: undefined };
  return attempt(process.execPath, args, { cwd: root, env });
}
