import { readFile } from "node:fs/promises";
import { join } from "node:path";
import semver from "semver";
import { Refusal } from "./refusal.ts";

/** The version that package.json names; undefined if there is none. */
export async function currentVersion(root: string): Promise<string | undefined> {
  try {
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    return semver.valid(version) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The version after a bump: that of 1.0.0-rc.1 is 1.0.0. */
export function nextVersion(version: string, bump: "major" | "minor" | "patch"): string {
  const next = semver.inc(version, bump);
  // semver forgives "v1.0.0", and npm does not.
  if (next !== null && semver.valid(version) === version) return next;
  throw new Refusal(
    `package.json: a bump cannot raise the version ${JSON.stringify(version)}.`,
    'Give "version" three numbers, such as "1.0.0".',
  );
}
