import { printable, printableJson } from "../lib/text.ts";
import { nextVersion } from "../lib/manifest.ts";
import { highest, type Level, levels } from "./bump-rules.ts";

/** A fault of a page that stops nothing: its place, and what was made of it. */
export interface Note {
  readonly where: string;
  readonly what: string;
}

/** A difference between two documents: its place for callers, and the bump that it calls for. */
export interface Change extends Note {
  readonly bump: Level;
}

export interface Report {
  readonly changes: readonly Change[];
  readonly notes: readonly Note[];
}

/** A report has an end, whatever a page holds: of each bump, and of the notes, this many. */
const shownToPeople = 100;
const shownToPrograms = 1000;

/** For a person: a line for each change and note, and last the bump and what it does to `version`. */
export function formatReport(report: Report, version?: string): string {
  const { changes, notes } = ended(report, shownToPeople);
  const bump = highest(changes);
  const lines = [...changes, ...notes.map((note) => ({ bump: "note", ...note }))].map(
    ({ bump, where, what }) => `${bump}  ${where}: ${what}`,
  );
  const next = version && bump !== "none" ? `to ${nextVersion(version, bump)}` : "stays";
  const last = version ? `Bump: ${bump}, version ${version} ${next}` : `Bump: ${bump}`;
  return [...lines, ...(lines.length > 0 ? [""] : []), last].map(printable).join("\n");
}

/** For a program, in characters that no terminal obeys. */
export function reportAsJson(report: Report): string {
  const { changes, notes } = ended(report, shownToPrograms);
  return printableJson(JSON.stringify({ bump: highest(changes), changes, notes }, null, 2));
}

/** The first of each bump and of the notes; an entry with the place "…" counts the others. */
function ended({ changes, notes }: Report, longest: number): Report {
  const first = <T>(all: readonly T[], rest: (what: string) => T): T[] => [
    ...all.slice(0, longest),
    ...(all.length > longest ? [rest(`and ${all.length - longest} more`)] : []),
  ];
  const called = (bump: Level) => changes.filter((change) => change.bump === bump);
  return {
    changes: levels.flatMap((bump) => first(called(bump), (what) => ({ bump, where: "…", what }))),
    notes: first(notes, (what) => ({ where: "…", what })),
  };
}
