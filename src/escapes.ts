/**
 * Percent-encoding, JSON's and HTML's escapes, and characters that no reader sees. Backslashes go
 * alone: the character after them stands for itself. As a literal, an expression with properties of
 * Unicode costs every import half a millisecond, used or not.
 */
const escapes = (): RegExp =>
  new RegExp(
    String.raw`%([\da-f]{2})|\\+(?:u([\da-f]{4})|x([\da-f]{2}))?|&#x0*([\da-f]{2,4});|&#0*(\d{2,5});|&(quot|apos|amp|lt|gt);|[^\P{C}\s]|\p{DI}`,
    "giu",
  );

/** Runs of what no reader sees, and of spaces. A text for the same reason. */
export const blanks = (): RegExp => new RegExp(String.raw`[\p{C}\p{Z}\p{DI}\u2800]+`, "gu");

const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  amp: "&",
  lt: "<",
  gt: ">",
};

/** More levels of escapes within escapes than a request meets on its way. */
const LEVELS = 5;

/** A text to search in, and the way back. */
export interface View {
  readonly text: string;
  /** The place in the original of a place in `text`. */
  readonly origin: (place: number) => number;
}

/** One level less; the same view where there is no escape. */
function lessEscaped(view: View): View {
  const places: number[] = [];
  let text = "";
  let end = 0;
  const copyTo = (index: number): void => {
    for (let i = end; i <= index; i++) places[text.length + i - end] ??= i;
    text += view.text.slice(end, index);
  };
  for (const match of view.text.matchAll(escapes())) {
    const [escape, percent, unicode, byte, hex, decimal, entity] = match;
    copyTo(match.index);
    const code = decimal ? +decimal : parseInt(percent ?? unicode ?? byte ?? hex ?? "", 16);
    text += entity ? ENTITIES[entity.toLowerCase()] : code ? String.fromCharCode(code) : "";
    end = match.index + escape.length;
  }
  if (!end) return view;
  copyTo(view.text.length);
  return { text, origin: (place) => view.origin(places[place] ?? 0) };
}

/** As it is, and without one level of escapes after the other: each may hide what another shows. */
export function viewsOf(original: string): readonly View[] {
  const views: View[] = [{ text: original, origin: (place) => place }];
  for (const view of views) {
    const next = lessEscaped(view);
    if (next !== view && views.length <= LEVELS) views.push(next);
  }
  return views;
}
