import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Refusal, runCommand } from "./command.js";
import { type Files, outdated, withLock, writeFiles } from "./files.js";
import { isObject, type Json } from "./json.js";
import { prepare } from "./pull/prepare.js";
import { asJson, asText } from "./pull/print.js";

await runCommand({ json: true }, async ({ root, check, json }) => {
  const pull = async (): Promise<boolean> => {
    const { changes, files } = await prepare(root);
    process.stdout.write(json ? asJson(changes) : asText(changes, await currentVersion(root)));
    if (check) await refuseOutdated(root, files);
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

async function refuseOutdated(root: string, files: Files): Promise<void> {
  const names = await outdated(root, files);
  if (names.length === 0) return;
  throw new Refusal(
    names.map((name) => `Out of date: ${name}`).join("\n"),
    "Run `npm run pull` and commit what it changes.",
  );
}
