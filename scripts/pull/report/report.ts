import { Refusal } from "../../lib/refusal.js";
import { printable } from "../../lib/text.js";
import { operationsOf, zonesOf } from "../../generate/data.js";
import type { JsonObject } from "../../lib/json.js";
import { bumpFor, type Bump, type Direction } from "./bump-rules.js";
import type { Difference } from "./pairs.js";
import { differencesBetween } from "./walk.js";

export type { Bump };

export interface Change {
  bump: Exclude<Bump, "none">;
  where: string;
  what: string;
}

/** From the highest to the lowest. */
const bumps: readonly Bump[] = ["major", "minor", "patch", "none"];

/**
 * Every difference between two merged documents, the highest bump first; without an old document,
 * everything is new.
 */
export function compare(before: JsonObject | undefined, after: JsonObject): Change[] {
  const changes = before === undefined ? everything(after) : changesBetween(before, after);
  const distinct = new Map(changes.map((change) => [JSON.stringify(change), change]));
  return [...distinct.values()].sort(
    (x, y) =>
      bumps.indexOf(x.bump) - bumps.indexOf(y.bump) ||
      order(x.where, y.where) ||
      order(x.what, y.what),
  );
}

function changesBetween(before: JsonObject, after: JsonObject): Change[] {
  const { request, response } = differencesBetween(before, after);
  const changes =
    (direction: Direction) =>
    ({ fact, what, path }: Difference) => ({ bump: bumpFor(fact, direction), where: path, what });
  return [...request.map(changes("request")), ...response.map(changes("response"))];
}

const everything = (document: JsonObject): Change[] =>
  [
    ...[...zonesOf(document).keys()].map((name) => `zone ${name}`),
    ...operationsOf(document).keys(),
  ].map((where) => ({ bump: "minor", where, what: "new" }));

const order = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);

export const highest = (changes: readonly Change[]): Bump =>
  bumps.find((bump) => changes.some((change) => change.bump === bump)) ?? "none";

/** The version after a bump, by Semantic Versioning 2.0.0: 1.0.0-rc.1 precedes 1.0.0. */
export function nextVersion(version: string, bump: Bump): string {
  const [, major, minor, patch, preRelease] =
    /^(\d+)\.(\d+)\.(\d+)(-[\w.-]+)?(?:\+[\w.-]+)?$/.exec(version) ?? [];
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

/** The report for a person: a line for each change, and last the bump and what it does to `version`. */
export function formatReport(changes: readonly Change[], version?: string): string {
  const bump = highest(changes);
  const next = version === undefined ? undefined : nextVersion(version, bump);
  const lines = changes.map((change) => `${change.bump}  ${change.where}: ${change.what}`);
  if (lines.length > 0) lines.push("");
  if (next === undefined) lines.push(`Bump: ${bump}`);
  else if (bump === "none") lines.push(`Bump: none, version ${version} stays`);
  else lines.push(`Bump: ${bump}, version ${version} to ${next}`);
  return lines.map(printable).join("\n");
}

/** The report for a program, in characters that no terminal obeys. */
export const reportAsJson = (changes: readonly Change[]): string =>
  JSON.stringify({ bump: highest(changes), changes }, null, 2).replace(
    /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) =>
      Array.from({ length: character.length }, (_, i) => {
        return `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
      }).join(""),
  );
