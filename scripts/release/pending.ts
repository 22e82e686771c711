import { join } from "node:path";
import { publicTypes } from "../build/declarations.js";
import { refuseSources } from "../build/refuse-sources.js";
import { type Files, readText as readIfThere } from "../lib/files.js";
import { isObject, type JsonObject } from "../lib/json.js";
import { Refusal } from "../lib/refusal.js";
import { printable } from "../lib/text.js";
import { readDocument, RELEASED } from "../pull/baseline.js";
import { type Bump, highest } from "../pull/bump-rules.js";
import { compare } from "../pull/compare.js";
import type { Change } from "../pull/report.js";
import { hasUnreleased, newestIn, withRelease } from "./changelog.js";
import { nextVersion, precedes } from "./next-version.js";
import { notesOfLastPull } from "./notes.js";
import { parseObject, readText } from "./read.js";
import { readmeFor } from "./readme.js";

/** The next version, and the files that make it. */
export interface Pending {
  readonly before: string;
  readonly version: string;
  readonly changes: readonly Change[];
  /**
   * The files that the release writes: CHANGELOG.md first and package.json last, so that a release
   * that was interrupted is known by the version that the one has and the other has not.
   */
  readonly files: Files;
}

/** The types that a reviewer sees: they change with the generated ones. */
const TYPES = "test/project/public-types.d.ts.txt";

/**
 * The next release, in memory; undefined if nothing is pending. The bump is that of what changed
 * since the last release, at least a patch for what people wrote under [Unreleased], and at least
 * `lowest`.
 */
export async function pendingRelease(
  root: string,
  lowest: Bump = "none",
): Promise<Pending | undefined> {
  const manifest = await readText(root, "package.json");
  const lock = await readText(root, "package-lock.json");
  const changelog = await readText(root, "CHANGELOG.md");
  const openapi = await readText(root, "spec/openapi.json");
  const document = parseObject(openapi, "spec/openapi.json");
  const before = versionIn(manifest, changelog);
  const changes = compare(await readDocument(root, RELEASED), document);
  const written: Bump = hasUnreleased(changelog) ? "patch" : "none";
  const bump = highest([...changes, { bump: written }, { bump: lowest }]);
  if (bump === "none") return undefined;

  const version = nextVersion(before, bump);
  const date = new Date().toISOString().slice(0, 10);
  const notes = changes.length === 0 ? [] : await notesOfLastPull(root);
  const types = await optional(root, TYPES, () => publicTypes(root).catch(refuseSources));
  const readme = await optional(root, "README.md", (text) =>
    readmeFor(text, { before, version, document }),
  );
  const files = new Map([
    ["CHANGELOG.md", await withRelease(changelog, { version, date, changes, notes })],
    ["package-lock.json", edited(lock, "package-lock.json", (it) => lockWith(it, version))],
    ...[...readme, ...types],
    [RELEASED, openapi],
    ["package.json", edited(manifest, "package.json", (it) => ({ ...it, version }))],
  ]);
  return { before, version, changes, files };
}

/** The version of the last release. */
function versionIn(manifest: string, changelog: string): string {
  const version = String(parseObject(manifest, "package.json")["version"]);
  const newest = newestIn(changelog);
  if (newest === undefined || !precedes(version, newest)) return version;
  throw new Refusal(
    `CHANGELOG.md has version ${printable(newest)}, and package.json is at ${printable(version)}.`,
    `If ${printable(newest)} is released, set "version" in package.json to it; ` +
      "if its release was interrupted, restore CHANGELOG.md and what else has changed from version control.",
  );
}

/** A file that a root may lack. */
async function optional(
  root: string,
  name: string,
  content: (text: string) => string | Promise<string>,
): Promise<[name: string, content: string][]> {
  const text = await readIfThere(join(root, name), name, "Restore it from version control.");
  return text === undefined ? [] : [[name, await content(text)]];
}

/** npm repeats the version for the root package. */
function lockWith(lock: JsonObject, version: string): JsonObject {
  const packages = isObject(lock["packages"]) ? lock["packages"] : {};
  const root = isObject(packages[""]) ? packages[""] : {};
  return { ...lock, version, packages: { ...packages, "": { ...root, version } } };
}

/** Edits a JSON object, and leaves its indentation and its line ends as npm does. */
function edited(text: string, name: string, edit: (value: JsonObject) => JsonObject): string {
  const [, newline = "\n", indentation = "  "] = /^\{(\r?\n)([ \t]+)/.exec(text) ?? [];
  const value = edit(parseObject(text, name));
  return `${JSON.stringify(value, null, indentation)}\n`.replaceAll("\n", newline);
}
