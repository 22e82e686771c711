import { existsSync } from "node:fs";
import { join } from "node:path";
import semver from "semver";
import { publicTypes } from "../build/bundle.ts";
import { refuseUncompiled } from "../build/compile.ts";
import { type Files, readText } from "../lib/files.ts";
import { currentVersion, nextVersion } from "../lib/manifest.ts";
import { Refusal } from "../lib/refusal.ts";
import { readDocument, RELEASED } from "../pull/report/before.ts";
import type { Bump, Level } from "../pull/report/bump-rules.ts";
import { type Change, compare, highest } from "../pull/report/report.ts";
import { bumpsOf, parseChangelog, withEntry } from "./changelog.ts";

/** The next version, and the files that make it. */
export interface Pending {
  readonly before: string;
  readonly version: string;
  readonly changes: readonly Change[];
  /**
   * CHANGELOG.md first and package.json last, so that a release that was interrupted is known by the
   * version that the one has and the other has not.
   */
  readonly files: Files;
}

/** The types that a reviewer sees. */
const TYPES = "test/project/public-types.d.ts.txt";
const OPENAPI = "spec/openapi.json";
const REMEDY = "Restore it from version control, or name the package's folder by --root.";

/**
 * The next release, in memory; undefined if nothing is pending. Its bump is the highest of what the
 * pages changed since the last release, of what people wrote, and of the level that is asked for.
 */
export async function pendingRelease(root: string, asked?: Level): Promise<Pending | undefined> {
  const changelog = parseChangelog(await read(root, "CHANGELOG.md"));
  const before = await versionOf(root, changelog.newest);
  const openapi = await read(root, OPENAPI);
  const changes = compare(
    await readDocument(root, RELEASED),
    (await readDocument(root, OPENAPI)) ?? {},
  );
  const ofPages = highest(changes);
  const written = bumpsOf(changelog, asked ?? (ofPages === "major" ? "major" : undefined));
  const all: Bump[] = [ofPages, asked ?? "none", ...written];
  const bump = highest(all.map((it) => ({ bump: it })));
  if (bump === "none") return undefined;

  const version = nextVersion(before, bump);
  const title = `[${version}] - ${new Date().toISOString().slice(0, 10)}`;
  const files = new Map([
    ["CHANGELOG.md", await withEntry(changelog, title, changes)],
    ...(await reviewedTypes(root)),
    // npm repeats the version for the package itself, before all others.
    ["package-lock.json", withVersion(await read(root, "package-lock.json"), 2, version)],
    [RELEASED, openapi],
    ["package.json", withVersion(await read(root, "package.json"), 1, version)],
  ]);
  return { before, version, changes, files };
}

/** A file that every release needs. */
async function read(root: string, name: string): Promise<string> {
  const text = await readText(join(root, name), name, REMEDY);
  if (text !== undefined) return text;
  throw new Refusal(`${name} is not there.`, REMEDY);
}

/** The version of the last release, which is the newest that the changelog has. */
async function versionOf(root: string, newest: string | undefined): Promise<string> {
  const version = await currentVersion(root);
  if (version === undefined) {
    throw new Refusal("package.json names no version of three numbers.", REMEDY);
  }
  if (!semver.valid(newest) || semver.lte(newest ?? "", version)) return version;
  throw new Refusal(
    `CHANGELOG.md has version ${newest}, and package.json is at ${version}.`,
    `If ${newest} is released, set "version" in package.json to it; if its release was interrupted, ` +
      "restore CHANGELOG.md and what else has changed from version control.",
  );
}

/** Of a root that has sources: they compile, or nothing is released. */
async function reviewedTypes(root: string): Promise<[name: string, content: string][]> {
  if (!existsSync(join(root, "src/tsconfig.json"))) return [];
  await refuseUncompiled(root);
  return [[TYPES, await publicTypes(root)]];
}

/** The first versions in a file of npm's are the package's own. */
function withVersion(text: string, count: number, version: string): string {
  let left = count;
  return text.replace(/(?<="version"\s*:\s*)"[^"]*"/g, (old) =>
    left-- > 0 ? `"${version}"` : old,
  );
}
