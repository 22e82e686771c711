import { format } from "prettier";
import { Refusal } from "../lib/refusal.js";
import { printable } from "../lib/text.js";
import { type Change, ended, type Note, type Report, shownToPeople } from "../pull/report.js";
import { type Section, sectionsOf, withoutHidden } from "./sections.js";

/** A version's entry in the changelog. */
export interface Release {
  readonly version: string;
  /** Such as "2026-11-24". */
  readonly date: string;
  readonly changes: readonly Change[];
  /** The faults of the pages, and how each was taken. */
  readonly notes: readonly Note[];
}

/** Whether people wrote anything under [Unreleased]. Headings and comments are there to be filled. */
export const hasUnreleased = (changelog: string): boolean =>
  unreleasedOf(changelog)
    .text.replace(/<!--[^]*?-->|^#.*/gm, "")
    .trim() !== "";

/** The version of the newest entry; undefined if there is none. */
export const newestIn = (changelog: string): string | undefined => sectionsOf(changelog)[1]?.name;

/** Moves what stands under [Unreleased], and the changes, into the entry of a version. */
export function withRelease(changelog: string, release: Release): Promise<string> {
  const { version, date } = release;
  const { start, text, end } = unreleasedOf(changelog);
  const entry = `## [Unreleased]\n\n## [${version}] - ${date}\n\n${entryOf(text, release)}\n\n`;
  return format(changelog.slice(0, start) + entry + changelog.slice(end), { parser: "markdown" });
}

function unreleasedOf(changelog: string): Section {
  if (/^(?:<{7}|={7}$|>{7})/m.test(changelog)) {
    throw new Refusal(
      "CHANGELOG.md has the marks of a merge that is not resolved.",
      "Resolve it, then run the same command again.",
    );
  }
  const [first, ...others] = sectionsOf(changelog);
  const isUnreleased = ({ name }: Section): boolean => name === "Unreleased";
  if (first && isUnreleased(first) && !others.some(isUnreleased)) return first;
  if (first && [first, ...others].some(isUnreleased)) {
    throw new Refusal(
      "CHANGELOG.md has a section `## [Unreleased]` below another section.",
      "Keep one, above the newest version, with the lines of all.",
    );
  }
  throw new Refusal(
    "CHANGELOG.md has no section for what is not released.",
    "Write `## [Unreleased]` above the newest version there.",
  );
}

/** The groups of Keep a Changelog 1.1.0, each led by what people wrote in it. */
function entryOf(written: string, report: Report): string {
  const [introduction = "", ...parts] = splitAtHeadings(written);
  const groups = new Map<string, string>();
  const add = (heading: string, text: string): void => {
    groups.set(heading, `${groups.get(heading) ?? ""}\n${text}`.trim());
  };
  for (const part of parts) {
    const [heading = "", ...lines] = part.split("\n");
    add(heading.replace(/^### /, "").trim(), lines.join("\n").trim());
  }
  const { changes, notes } = ended(report, shownToPeople);
  for (const change of changes) {
    const breaking = change.bump === "major" ? "**Breaking:** " : "";
    add(headingFor(change), `- ${breaking}${codeOf(change)}`);
  }
  for (const note of notes) add("Notes on the pages", `- ${codeOf(note)}`);
  const texts = [...groups].flatMap(([heading, text]) =>
    text === "" ? [] : [`### ${heading}\n\n${text}`],
  );
  return [introduction.trim(), ...texts].filter((text) => text !== "").join("\n\n");
}

/** What stands before the first heading of the third level, and then each with what is below it. */
function splitAtHeadings(markdown: string): string[] {
  const headings = [...withoutHidden(markdown).matchAll(/^### /gm)].map(({ index }) => index);
  return [0, ...headings].map((start, at) => markdown.slice(start, headings[at]));
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
