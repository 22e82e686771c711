import { fileURLToPath } from "node:url";
import { runCommand } from "./lib/command.js";
import { propose } from "./propose/pull-request.js";
import { run } from "./propose/run.js";

const pullScript = fileURLToPath(new URL("pull.ts", import.meta.url));

// Pulls, and opens a pull request with the report as its text where something has changed.
await runCommand({}, async ({ root, check }) => {
  const report = await pull(root, check);
  if (!check) console.log(await propose(root, report));
  return true;
});

/** Without the token: the pull reads what others wrote. */
function pull(root: string, check: boolean): Promise<string> {
  const { GH_TOKEN: _, ...env } = process.env;
  const flags = ["--root", root, ...(check ? ["--check"] : [])];
  const tsx = import.meta.resolve("tsx");
  return run(process.execPath, ["--import", tsx, pullScript, ...flags], { cwd: root, env });
}
