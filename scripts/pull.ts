import { runCommand } from "./lib/command.js";
import { refuseOutdated, writeFiles } from "./lib/files.js";
import { withLock } from "./lib/lock.js";
import { currentVersion } from "./lib/manifest.js";
import { prepare } from "./pull/prepare.js";
import { formatReport, reportAsJson } from "./pull/report.js";

await runCommand(["root", "check", "json"], async ({ root, check, json }) => {
  const pull = async (): Promise<void> => {
    const { files, ...report } = await prepare(root);
    console.log(json ? reportAsJson(report) : formatReport(report, await currentVersion(root)));
    if (check) await refuseOutdated(root, files, "npm run pull");
    else await writeFiles(root, files);
  };
  return check ? pull() : withLock(root, pull);
});
