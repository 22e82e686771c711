import type { Path } from "../lib/json.js";
import { order } from "../lib/text.js";
import { type Leniency, leniency } from "./leniency.js";
import { type Fragment, pathText, placesOf } from "./read/fragment.js";
import type { Note } from "./report/note.js";

/** The path within a fragment. */
interface Place {
  readonly fragment: Fragment;
  readonly path: Path;
}

/** A note whose lines on the pages are still to be found, which takes time. */
export interface Remark extends Place {
  readonly fault: Leniency;
  readonly particulars: string;
  /** Where another fragment says something else. */
  readonly other?: Place | undefined;
}

export const remark = (
  fragment: Fragment,
  path: Path,
  fault: Leniency,
  particulars = "",
  other?: Place,
): Remark => ({ fragment, path, fault, particulars, other });

const mostNotes = 500;

/** The notes in the order of pages and lines, each once; a hostile page does not make them endless. */
export function notesOf(remarks: readonly Remark[]): Note[] {
  const shown = remarks
    .slice(0, mostNotes)
    .sort(({ fragment: a }, { fragment: b }) => order(a.page, b.page) || a.line - b.line);
  const lines = linesOf(shown.flatMap((one) => (one.other ? [one, one.other] : [one])));
  const placed = shown.map((one) => {
    const { fault, particulars, other } = one;
    const there = other ? ` (here and at ${lines.get(other)})` : "";
    return {
      where: `${lines.get(one)}, ${pathText(one.path)}`,
      what: `${leniency[fault]}${there}${particulars}`,
    };
  });
  const notes = [...new Map(placed.map((note) => [JSON.stringify(note), note])).values()];
  if (remarks.length <= mostNotes) return notes;
  return [
    ...notes,
    { where: "the pages", what: `… and ${remarks.length - mostNotes} more notes.` },
  ];
}

/** The line of each place, with one look at each fragment. */
function linesOf(places: readonly Place[]): Map<Place, string> {
  const lines = new Map<Place, string>();
  const groups = new Map<Fragment, Place[]>();
  for (const place of places) {
    groups.set(place.fragment, [...(groups.get(place.fragment) ?? []), place]);
  }
  for (const [fragment, group] of groups) {
    const paths = group.map(({ path }) => path);
    placesOf(fragment, paths).forEach((line, index) => {
      const place = group[index];
      if (place) lines.set(place, line);
    });
  }
  return lines;
}
