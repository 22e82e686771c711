import { Refusal } from "../lib/refusal.js";
import type { Bump } from "../pull/bump-rules.js";

const FORM = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[\w.-]+)?(?:\+[\w.-]+)?$/;

/** The version after a bump, by Semantic Versioning 2.0.0: 1.0.0-rc.1 precedes 1.0.0. */
export function nextVersion(version: string, bump: Bump): string {
  const [, major, minor, patch, preRelease] = FORM.exec(version) ?? [];
  if (major === undefined) {
    throw new Refusal(
      `package.json: a bump cannot raise the version ${JSON.stringify(version)}.`,
      'Give "version" three numbers, such as "1.0.0".',
    );
  }
  if (bump === "none") return version;
  const ahead = preRelease === undefined ? 1 : 0;
  if (bump === "patch") return `${major}.${minor}.${Number(patch) + ahead}`;
  if (bump === "minor") return `${major}.${Number(minor) + (patch === "0" ? ahead : 1)}.0`;
  return `${Number(major) + (minor === "0" && patch === "0" ? ahead : 1)}.0.0`;
}

/** Whether a version precedes another; of two with the same numbers, the one before a release does. */
export function precedes(version: string, other: string): boolean {
  const [one, two] = [FORM.exec(version), FORM.exec(other)];
  if (!one || !two) return false;
  for (const part of [1, 2, 3]) {
    const ahead = Number(two[part]) - Number(one[part]);
    if (ahead !== 0) return ahead > 0;
  }
  return one[4] !== undefined && two[4] === undefined;
}
