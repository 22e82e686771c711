import { Refusal } from "../lib/refusal.ts";
import { printable } from "../lib/text.ts";
import type { Bump } from "../pull/bump-rules.ts";
import type { Change } from "../pull/report.ts";

/** What people wrote under `## [Unreleased]`, and what stands above that heading and below. */
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
  const [head = "", below, again] = text.split(/^## \[Unreleased\].*/m);
  if (below === undefined || again !== undefined) {
    throw new Refusal(
      "CHANGELOG.md needs one section `## [Unreleased]`.",
      "Write it above all versions, or move the lines of all such sections into the first.",
    );
  }
  const [written = "", ...versions] = below.split(/^(?=## )/m);
  return { head, written: written.trim(), tail: versions.join("") };
}

/** @throws Refusal where the latest version is not the package's: a release was interrupted. */
export function refuseInterrupted({ tail }: Changelog, version: string): void {
  const [, latest = version] = /^## \[([^\]]+)\]/.exec(tail) ?? [];
  if (version === "" || latest === version) return;
  throw new Refusal(
    `The latest version is ${printable(latest)} in CHANGELOG.md, and ${printable(version)} in package.json.`,
    "Let both name the last release (`git restore` takes back what an interrupted one has written), then run the same command again.",
  );
}

/** What each group that people wrote calls for, unless they say the level themselves. */
export function bumpsOf({ written }: Changelog, isLevelGiven: boolean): { bump: Bump }[] {
  // The first group has no heading.
  const groups = `\n${written.replace(/<!--[^]*?-->/g, "")}`.split(/^### /m);
  const withText = groups.filter((group) => group.replace(/.*/, "").trim() !== "");
  return withText.map((group) => {
    const heading = group.replace(/\n[^]*/, "").trim();
    const bump = LEAST[heading];
    if (bump || isLevelGiven) return { bump: bump ?? "patch" };
    throw new Refusal(
      `CHANGELOG.md has \`### ${heading}\` under [Unreleased], and only people know whether that breaks anything.`,
      "Name the level: npm run release -- --bump major (or minor, or patch).",
    );
  });
}

/** The changelog with the entry of a version: what people wrote, as it is, and then the changes. */
export function withEntry(
  { head, written, tail }: Changelog,
  version: string,
  changes: readonly Change[],
): string {
  const title = `## [${version}] - ${new Date().toISOString().slice(0, 10)}`;
  const heading = changes.length > 0 && "### Changed in Make's documentation";
  const parts = ["## [Unreleased]", title, written, heading, changes.map(lineFor).join("\n")];
  const entry = parts.filter(Boolean).join("\n\n");
  return `${head}${entry}\n${tail && `\n${tail}`}`;
}

/** As code, text of a page is no markup, mentions nobody and links nowhere. */
function lineFor({ bump, where, what }: Change): string {
  const code = printable(`${where}: ${what}`).replaceAll("`", "'");
  return `- ${bump === "major" ? "**Breaking:** " : ""}\`${code}\``;
}
