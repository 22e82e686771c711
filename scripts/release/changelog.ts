import { format } from "prettier";
import { Refusal } from "../lib/refusal.js";
import { printable } from "../lib/text.js";
import { ended, type Report, shownToPeople } from "../pull/report/format.js";
import type { Note } from "../pull/report/note.js";
import type { Change } from "../pull/report/report.js";
import { sectionPattern } from "./read.js";

/** A version's entry in the changelog. */
export interface Release {
  readonly version: string;
  /** Such as "2026-11-24". */
  readonly date: string;
  readonly changes: readonly Change[];
  /** The faults of the pages, and how each was taken. */
  readonly notes: readonly Note[];
}

const unreleased = sectionPattern("Unreleased");

/** The text that people wrote under [Unreleased]. */
export function unreleasedText(changelog: string): string {
  const [, text] = unreleased.exec(changelog) ?? [];
  if (text !== undefined) return text.trim();
  throw new Refusal(
    "CHANGELOG.md has no section for what is not released.",
    "Write `## [Unreleased]` above the newest version there.",
  );
}

/** Moves what stands under [Unreleased], and the changes, into the entry of a version. */
export function withRelease(changelog: string, release: Release): Promise<string> {
  const { version, date } = release;
  const section = sectionOf(unreleasedText(changelog), release);
  const entry = `## [Unreleased]\n\n## [${version}] - ${date}\n\n${section}\n\n`;
  return format(
    changelog.replace(unreleased, () => entry),
    { parser: "markdown" },
  );
}

/** The groups of Keep a Changelog 1.1.0, each led by what people wrote in it. */
function sectionOf(written: string, report: Report): string {
  const [introduction = "", ...parts] = written.split(/^### /m);
  const groups = new Map<string, string>();
  for (const part of parts) {
    const [heading = "", ...lines] = part.split("\n");
    groups.set(heading.trim(), lines.join("\n").trim());
  }
  const add = (heading: string, line: string): void => {
    groups.set(heading, `${groups.get(heading) ?? ""}\n${line}`.trim());
  };
  const { changes, notes } = ended(report, shownToPeople);
  for (const change of changes) {
    const breaking = change.bump === "major" ? "**Breaking:** " : "";
    add(headingFor(change), `- ${breaking}${codeOf(change)}`);
  }
  for (const note of notes) add("Notes on the pages", `- ${codeOf(note)}`);
  const texts = [...groups].map(([heading, text]) => `### ${heading}\n\n${text}`);
  return [introduction.trim(), ...texts].filter((text) => text !== "").join("\n\n");
}

function headingFor({ what }: Change): "Added" | "Removed" | "Changed" {
  if (/^(?:new$|[\w ]+ added\b)/.test(what)) return "Added";
  return /^[\w ]+ removed\b/.test(what) ? "Removed" : "Changed";
}

/** Puts text of a page into code, so that it is no markup, mentions nobody and links nowhere. */
function codeOf({ where, what }: Change | Note): string {
  const text = printable(`${where}: ${what}`);
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = "`".repeat(longest + 1);
  return longest === 0 ? `\`${text}\`` : `${ticks} ${text} ${ticks}`;
}
