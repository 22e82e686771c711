import type { Path } from "../lib/json.js";
import { order } from "../lib/text.js";
import { type Leniency, leniency } from "./leniency.js";
import { type Fragment, pathText, placesOf } from "./read/fragment.js";
import type { Note } from "./report.js";

/** The path within a fragment. */
interface Place {
  readonly fragment: Fragment;
  readonly path: Path;
}

/** A note whose lines on the pages are still to be found, which takes time. */
export interface Remark extends Place {
  readonly fault: Leniency;
  readonly particulars: string;
  /** The place at which another fragment says something else. */
  readonly other?: Place | undefined;
}

export const remark = (
  fragment: Fragment,
  path: Path,
  fault: Leniency,
  particulars = "",
  other?: Place,
): Remark => ({ fragment, path, fault, particulars, other });

/** The notes in the order of pages and lines, each once. */
export function notesOf(remarks: readonly Remark[]): Note[] {
  const ordered = [...remarks].sort(
    ({ fragment: a }, { fragment: b }) => order(a.page, b.page) || a.line - b.line,
  );
  const lines = linesOf(ordered.flatMap((one) => (one.other ? [one, one.other] : [one])));
  const notes = ordered.map((one): Note => {
    const { fault, particulars, other } = one;
    const there = other ? ` (here and at ${lines.get(other)})` : "";
    return {
      where: `${lines.get(one)}, ${pathText(one.path)}`,
      what: `${leniency[fault]}${there}${particulars}`,
    };
  });
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}

/** The line of each place, with one look at each fragment. */
function linesOf(places: readonly Place[]): Map<Place, string> {
  const lines = new Map<Place, string>();
  const groups = new Map<Fragment, Place[]>();
  for (const place of places) {
    const group = groups.get(place.fragment);
    if (group) group.push(place);
    else groups.set(place.fragment, [place]);
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
