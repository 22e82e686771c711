import { format } from "prettier";
import { Refusal } from "../lib/refusal.ts";
import { printable } from "../lib/text.ts";
import type { Bump } from "../pull/bump-rules.ts";
import type { Change } from "../pull/report.ts";

/** What stands above and below `## [Unreleased]`, and what people wrote there: heading → text. */
export type Changelog = ReturnType<typeof parseChangelog>;

/** The least that a group of Keep a Changelog 1.1.0 calls for. Of any other, only people know. */
const LEAST: Readonly<Record<string, Bump>> = {
  "": "patch",
  Added: "minor",
  Deprecated: "minor",
  Fixed: "patch",
  Security: "patch",
};

export function parseChangelog(text: string) {
  const [head = "", first = "", ...versions] = `\n${text}`.split(/^(?=## )/m);
  const isUnreleased = (section: string): boolean => section.startsWith("## [Unreleased]");
  if (!isUnreleased(first) || versions.some(isUnreleased)) {
    throw new Refusal(
      "CHANGELOG.md needs one section `## [Unreleased]`, above all versions.",
      "Write it there, or move the lines of all such sections into it.",
    );
  }
  const [introduction = "", ...parts] = first.replace(/.*/, "").split(/^### /m);
  // The first group has no heading.
  const groups = new Map([["", introduction.trim()]]);
  for (const part of parts) {
    const [heading = "", ...lines] = part.split("\n");
    add(groups, heading.trim(), lines.join("\n").trim());
  }
  return { head: head.slice(1), tail: versions.join(""), groups };
}

function add(groups: Map<string, string>, heading: string, text: string): void {
  groups.set(heading, `${groups.get(heading) ?? ""}\n${text}`.trim());
}

/** What each group that people wrote calls for, unless they say the level themselves. */
export function bumpsOf({ groups }: Changelog, isLevelGiven: boolean): { bump: Bump }[] {
  const written = [...groups].filter(([, text]) => text.replace(/<!--[^]*?-->/g, "").trim());
  const unknown = written.find(([heading]) => !(heading in LEAST));
  if (unknown && !isLevelGiven) {
    throw new Refusal(
      `CHANGELOG.md has \`### ${unknown[0]}\` under [Unreleased], and only people know whether that breaks anything.`,
      "Name the level: npm run release -- --bump major (or minor, or patch).",
    );
  }
  return written.map(([heading]) => ({ bump: LEAST[heading] ?? "patch" }));
}

/** The changelog with the entry of a version: in each group, what people wrote and then the changes. */
export async function withEntry(
  { head, groups, tail }: Changelog,
  version: string,
  changes: readonly Change[],
): Promise<string> {
  const all = new Map(groups);
  for (const change of changes) add(all, headingFor(change), lineFor(change));
  const texts = [...all].map(
    ([heading, text]) => text && `${heading && `### ${heading}\n\n`}${text}`,
  );
  const title = `## [${version}] - ${new Date().toISOString().slice(0, 10)}`;
  const entry = ["## [Unreleased]", title, ...texts].join("\n\n");
  return `${head}${await format(entry, { parser: "markdown" })}${tail && `\n${tail}`}`;
}

function headingFor({ what }: Change): "Added" | "Removed" | "Changed" {
  if (/^(?:new$|[\w ]+ added\b)/.test(what)) return "Added";
  return /^[\w ]+ removed\b/.test(what) ? "Removed" : "Changed";
}

/** As code, text of a page is no markup, mentions nobody and links nowhere. */
function lineFor({ bump, where, what }: Change): string {
  const code = printable(`${where}: ${what}`).replaceAll("`", "'");
  return `- ${bump === "major" ? "**Breaking:** " : ""}\`${code}\``;
}
