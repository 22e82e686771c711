/**
 * Percent-encoding, JSON's and HTML's escapes, and characters that no reader sees. Backslashes go
 * alone: the character after them stands for itself.
 */
const ESCAPE =
  /%([\da-f]{2})|\\+(?:u([\da-f]{4})|x([\da-f]{2}))?|&#x0*([\da-f]{2,4});|&#0*(\d{2,5});|&(quot|apos|amp|lt|gt);|[^\P{C}\s]|\p{DI}/giu;

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
  for (const match of view.text.matchAll(ESCAPE)) {
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

/** `original` without its escapes. */
export function unescaped(original: string): View {
  let view: View = { text: original, origin: (place) => place };
  for (let level = 0; level < LEVELS; level++) view = lessEscaped(view);
  return view;
}
