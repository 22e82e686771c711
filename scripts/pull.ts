import { runCommand } from "./lib/command.ts";
import { refuseOutdated, writeFiles } from "./lib/files.ts";
import { currentVersion } from "./lib/manifest.ts";
import { prepare } from "./pull/prepare.ts";
import { formatReport, reportAsJson } from "./pull/report.ts";

await runCommand(["root", "check", "json"], async ({ root, check, json }) => {
  const { files, ...report } = await prepare(root);
  console.log(json ? reportAsJson(report) : formatReport(report, await currentVersion(root)));
  await (check ? refuseOutdated(root, files, "npm run pull") : writeFiles(root, files));
});
