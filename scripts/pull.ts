import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./lib/command.js";
import { refuseOutdated, writeFiles } from "./lib/files.js";
import { withLock } from "./lib/lock.js";
import { isObject, type Json } from "./lib/json.js";
import { prepare } from "./pull/prepare.js";
import { formatReport, reportAsJson } from "./pull/report/report.js";

await runCommand({ json: true }, async ({ root, check, json }) => {
  const pull = async (): Promise<boolean> => {
    const { changes, files } = await prepare(root);
    console.log(json ? reportAsJson(changes) : formatReport(changes, await currentVersion(root)));
    if (check) await refuseOutdated(root, files, "npm run pull");
    else await writeFiles(root, files);
    return true;
  };
  return check ? pull() : withLock(root, pull);
});

async function currentVersion(root: string): Promise<string | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Json;
    const version = isObject(manifest) ? manifest["version"] : undefined;
    return typeof version === "string" && /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/.test(version)
      ? version
      : undefined;
  } catch {
    return undefined;
  }
}
