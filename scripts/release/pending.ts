import { publicTypes } from "../build/declarations.js";
import type { Files } from "../lib/files.js";
import { isObject, type JsonObject } from "../lib/json.js";
import type { Bump } from "../pull/report/bump-rules.js";
import { readDocument, RELEASED } from "../pull/report/before.js";
import { type Change, compare, highest } from "../pull/report/report.js";
import { unreleasedText, withRelease } from "./changelog.js";
import { nextVersion } from "./next-version.js";
import { notesOfLastPull } from "./notes.js";
import { readJson, readText } from "./read.js";

/** The next version, and the files that make it. */
export interface Pending {
  readonly before: string;
  readonly version: string;
  readonly bump: Bump;
  readonly changes: readonly Change[];
  /** The files that the release writes, spec/released.json last. */
  readonly files: Files;
}

/** The types that a reviewer sees: they change with the generated ones. */
const TYPES = "test/project/public-types.d.ts.txt";

/**
 * The next release, in memory; undefined if nothing is pending. The bump is that of what changed
 * since the last release, at least a patch for what people wrote under [Unreleased], and at least
 * `lowest`.
 */
export async function pendingRelease(root: string, lowest?: Bump): Promise<Pending | undefined> {
  const manifest = await readJson(root, "package.json");
  const lock = await readJson(root, "package-lock.json");
  const changelog = await readText(root, "CHANGELOG.md");
  const openapi = await readText(root, "spec/openapi.json");
  const document = await readDocument(root, "spec/openapi.json");
  const changes = document ? compare(await readDocument(root, RELEASED), document) : [];
  const written: Bump = unreleasedText(changelog) === "" ? "none" : "patch";
  const bump = highest([...changes, { bump: written }, { bump: lowest ?? "none" }]);
  if (bump === "none") return undefined;

  const before = String(manifest["version"]);
  const version = nextVersion(before, bump);
  const date = new Date().toISOString().slice(0, 10);
  const notes = changes.length === 0 ? [] : await notesOfLastPull(root);
  const types = await readText(root, TYPES).catch(() => undefined);
  const readme = await readText(root, "README.md").catch(() => undefined);
  const files = new Map([
    ["package.json", jsonText({ ...manifest, version })],
    ["package-lock.json", jsonText(lockWith(lock, version))],
    ["CHANGELOG.md", await withRelease(changelog, { version, date, changes, notes })],
    ...(readme === undefined
      ? []
      : ([["README.md", readmeWith(readme, before, version)]] as const)),
    ...(types === undefined ? [] : ([[TYPES, await publicTypes(root)]] as const)),
    [RELEASED, openapi],
  ]);
  return { before, version, bump, changes, files };
}

/** npm repeats the version for the root package. */
function lockWith(lock: JsonObject, version: string): JsonObject {
  const packages = isObject(lock["packages"]) ? lock["packages"] : {};
  const root = isObject(packages[""]) ? packages[""] : {};
  return { ...lock, version, packages: { ...packages, "": { ...root, version } } };
}

/** The README shows how to pin the version: `name@1.0.0`, `name-1.0.0.tgz`, `name.git#v1.0.0`. */
const readmeWith = (readme: string, before: string, version: string): string =>
  ["@", "-", "#v"].reduce((text, pin) => text.replaceAll(pin + before, pin + version), readme);

const jsonText = (value: JsonObject): string => `${JSON.stringify(value, null, 2)}\n`;
