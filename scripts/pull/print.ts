import { printable } from "../command.js";
import { type Change, highest, nextVersion } from "./report.js";

/** The report for people: each change, and what they come to. */
export function asText(changes: readonly Change[], version: string | undefined): string {
  const bump = highest(changes);
  const lines = changes.map(
    ({ bump, where, what }) => `${bump}  ${printable(where)}: ${printable(what)}`,
  );
  const versions =
    version === undefined
      ? ""
      : bump === "none"
        ? `, version stays ${version}`
        : `, version ${version} → ${nextVersion(version, bump)}`;
  return [...lines, `${lines.length > 0 ? "\n" : ""}Bump: ${bump}${versions}`, ""].join("\n");
}

/** The report for programs. */
export const asJson = (changes: readonly Change[]): string =>
  `${JSON.stringify({ bump: highest(changes), changes }, null, 2)}\n`;
