import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
// Imports end in .ts: with --open, Node itself runs this file, as no package is beside the token.
import { runCommand } from "./lib/command.ts";
import { gitIn } from "./lib/git.ts";
import { Refusal } from "./lib/refusal.ts";
import { attempt, environmentWithout } from "./lib/run.ts";
import { propose } from "./propose/pull-request.ts";
import { restoreProposal, saveProposal } from "./propose/saved.ts";

// Pulls, releases what has changed, and opens a pull request with the report as its text. In the
// workflow, --save does the first two without a token, and --open the last with it.
await runCommand(["root", "check", "save", "open"], async ({ root, check, save, open }) => {
  if (open) {
    console.log(await propose(root, await restoreProposal(root)));
    return;
  }
  const report = await command("pull", root, ...(check ? ["--check"] : []));
  if (check) return;
  if (isPackage(root) && (await hasChanged(root))) await command("release", root);
  if (save) console.log(`changed=${await saveProposal(root, report)}`);
  else console.log(await propose(root, report));
});

/**
 * Runs without the token, because pull and release read text of others. The last line of a command
 * that fails is the last line here.
 */
async function command(
  name: "pull" | "release",
  root: string,
  ...flags: string[]
): Promise<string> {
  const env = environmentWithout("GH_TOKEN");
  const script = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const args = ["--import", import.meta.resolve("tsx"), script, "--root", root, ...flags];
  const { ok, stdout, complaint } = await attempt(process.execPath, args, { cwd: root, env });
  if (ok) return stdout;
  const [, fault = complaint, remedy = "Run the same command again."] =
    /^([^]*)\n(.*)$/.exec(complaint) ?? [];
  throw new Refusal(fault, remedy);
}

/** A root may hold nothing that a release writes. It has no version to raise then. */
function isPackage(root: string): boolean {
  const needed = ["package.json", "package-lock.json", "CHANGELOG.md"];
  return needed.every((name) => existsSync(join(root, name)));
}

async function hasChanged(root: string): Promise<boolean> {
  return (await gitIn(root)("status", "--porcelain", "--", "spec", "generated")) !== "";
}
