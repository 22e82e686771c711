import type { Path } from "../lib/json.js";
import { order } from "../lib/text.js";
import { type Leniency, leniency } from "./leniency.js";
import { type Fragment, pathText, placesOf } from "./read/fragment.js";
import type { Note } from "./report/note.js";

/** A note whose place on the page is still to be found. */
export interface Remark {
  readonly fragment: Fragment;
  /** The path within the fragment. */
  readonly path: Path;
  readonly what: string;
}

export const remark = (
  fragment: Fragment,
  path: Path,
  fault: Leniency,
  particulars = "",
): Remark => ({
  ...{ fragment, path },
  what: `${leniency[fault]}${particulars}`,
});

const mostNotes = 500;

/** The notes in the order of pages and lines, each once; a hostile page does not make them endless. */
export function notesOf(remarks: readonly Remark[]): Note[] {
  const shown = remarks.slice(0, mostNotes);
  const byFragment = new Map<Fragment, Remark[]>();
  for (const one of shown) {
    byFragment.set(one.fragment, [...(byFragment.get(one.fragment) ?? []), one]);
  }
  const placed = [...byFragment]
    .sort(([a], [b]) => order(a.page, b.page) || a.line - b.line)
    .flatMap(([fragment, group]) => {
      const places = placesOf(
        fragment,
        group.map(({ path }) => path),
      );
      return group.map(({ path, what }, index) => ({
        where: `${places[index] ?? fragment.page}, ${pathText(path)}`,
        what,
      }));
    });
  const notes = [...new Map(placed.map((note) => [JSON.stringify(note), note])).values()];
  if (remarks.length <= mostNotes) return notes;
  return [
    ...notes,
    { where: "the pages", what: `… and ${remarks.length - mostNotes} more notes.` },
  ];
}
