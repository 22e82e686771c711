import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { publicTypes } from "./build/bundle.ts";
import { refuseUncompiled } from "./build/compile.ts";
import { runCommand } from "./lib/command.ts";
import { writeFiles } from "./lib/files.ts";
import { currentVersion, nextVersion } from "./lib/manifest.ts";
import { readDocument, RELEASED } from "./pull/baseline.ts";
import { highest } from "./pull/bump-rules.ts";
import { compare } from "./pull/compare.ts";
import { formatReport } from "./pull/report.ts";
import { bumpsOf, parseChangelog, refuseInterrupted, withEntry } from "./release/changelog.ts";

// Turns what is pending into the next version. Its bump is the highest of what the pages changed since
// the last release, of what people wrote, and of the level that is asked for.
await runCommand(["root", "bump"], async ({ root, bump: asked }) => {
  const read = (name: string) => readFile(join(root, name), "utf8");
  const hasSources = existsSync(join(root, "src/tsconfig.json"));
  if (hasSources) await refuseUncompiled(root);
  const changelog = parseChangelog(await read("CHANGELOG.md"));
  const before = (await currentVersion(root)) ?? "";
  refuseInterrupted(changelog, before);
  const openapi = await read("spec/openapi.json");
  const document = (await readDocument(root, "spec/openapi.json")) ?? {};
  const changes = compare(await readDocument(root, RELEASED), document);
  const known = highest([{ bump: asked ?? "none" }, ...changes]);
  // Beside a major change, nothing that people wrote can raise the level.
  const isLevelGiven = asked !== undefined || known === "major";
  const written = bumpsOf(changelog, isLevelGiven);
  const bump = highest([{ bump: known }, ...written]);
  if (bump === "none")
    return console.log("Nothing is pending: no change, no text under [Unreleased].");

  const version = nextVersion(before, bump);
  const files = new Map([
    ["CHANGELOG.md", withEntry(changelog, version, changes)],
    ["package-lock.json", withVersion(await read("package-lock.json"), version)],
    [RELEASED, openapi],
    ["package.json", withVersion(await read("package.json"), version)],
  ]);
  if (hasSources) files.set("test/project/public-types.d.ts.txt", await publicTypes(root));
  await writeFiles(root, files);
  if (changes.length > 0) console.log(formatReport({ changes, notes: [] }));
  console.log(`Version ${version}, after ${before}: commit what was written.`);
});

/** package.json or its lock file, which repeats the version. */
function withVersion(text: string, version: string): string {
  const file = JSON.parse(text);
  file.version = version;
  if (file.packages) file.packages[""].version = version;
  return `${JSON.stringify(file, null, 2)}\n`;
}
