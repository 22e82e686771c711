import { existsSync } from "node:fs";
import { join } from "node:path";
import semver from "semver";
import { publicTypes } from "../build/bundle.ts";
import { refuseUncompiled } from "../build/compile.ts";
import { readText } from "../lib/files.ts";
import { currentVersion, nextVersion } from "../lib/manifest.ts";
import { Refusal } from "../lib/refusal.ts";
import { readDocument, RELEASED } from "../pull/baseline.ts";
import { type Bump, highest, type Level } from "../pull/bump-rules.ts";
import { compare } from "../pull/compare.ts";
import { bumpsOf, parseChangelog, withEntry } from "./changelog.ts";

/** The types that a reviewer sees. */
const TYPES = "test/project/public-types.d.ts.txt";
const REMEDY = "Restore it from version control, or name the package's folder by --root.";

/**
 * The next release, in memory; undefined if nothing is pending. Its bump is the highest of what the
 * pages changed since the last release, of what people wrote, and of the level that is asked for.
 */
export async function pendingRelease(root: string, asked?: Level) {
  const hasSources = existsSync(join(root, "src/tsconfig.json"));
  if (hasSources) await refuseUncompiled(root);
  const changelog = parseChangelog(await read(root, "CHANGELOG.md"));
  const before = (await currentVersion(root)) ?? "";
  refuseInterrupted(before, changelog.newest);
  const openapi = await read(root, "spec/openapi.json");
  const document = (await readDocument(root, "spec/openapi.json")) ?? {};
  const changes = compare(await readDocument(root, RELEASED), document);
  const ofPages = highest(changes);
  const written = bumpsOf(changelog, asked ?? (ofPages === "major" ? "major" : undefined));
  const all: Bump[] = [ofPages, asked ?? "none", ...written];
  const bump = highest(all.map((it) => ({ bump: it })));
  if (bump === "none") return undefined;

  const version = nextVersion(before, bump);
  const title = `[${version}] - ${new Date().toISOString().slice(0, 10)}`;
  // CHANGELOG.md first and package.json last, so that a release that was interrupted is known by the
  // version that the one has and the other has not.
  const files = new Map<string, string>([
    ["CHANGELOG.md", await withEntry(changelog, title, changes)],
    ...(hasSources ? [[TYPES, await publicTypes(root)] as const] : []),
    ["package-lock.json", withVersion(await read(root, "package-lock.json"), version)],
    [RELEASED, openapi],
    ["package.json", withVersion(await read(root, "package.json"), version)],
  ]);
  return { before, version, changes, files };
}

/** A file that every release needs. */
async function read(root: string, name: string): Promise<string> {
  const text = await readText(join(root, name), name, REMEDY);
  if (text !== undefined) return text;
  throw new Refusal(`${name} is not there.`, REMEDY);
}

function refuseInterrupted(version: string, newest: string | undefined): void {
  if (!semver.valid(newest) || !semver.valid(version) || semver.lte(newest ?? "", version)) return;
  throw new Refusal(
    `CHANGELOG.md has version ${newest}, and package.json is at ${version}.`,
    `If ${newest} is released, set "version" in package.json to it; if its release was interrupted, ` +
      "restore CHANGELOG.md and what else has changed from version control.",
  );
}

/** package.json or its lock file, which repeats the version, with the indentation that it has. */
function withVersion(text: string, version: string): string {
  const [, newline = "\n", indentation = "  "] = /^\{(\r?\n)([ \t]+)/.exec(text) ?? [];
  const file: Versioned = JSON.parse(text);
  const root = file.packages?.[""];
  const packages = root && { packages: { ...file.packages, "": { ...root, version } } };
  const edited = JSON.stringify({ ...file, version, ...packages }, null, indentation);
  return `${edited}\n`.replaceAll("\n", newline);
}

interface Versioned {
  readonly packages?: Readonly<Record<string, object>>;
}
