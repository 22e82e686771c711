// Controls, format characters (bidirectional, zero-width), line and paragraph separators, lone
// surrogates, and whatever Unicode wants ignored if it cannot be shown (tags, fillers, variation
// selectors); the blank Braille pattern. In an Actions log, "##[" begins a command, and so does "::"
// at the start of a line, or after spaces there.
const unsafe =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}\p{Default_Ignorable_Code_Point}\u2800]|(?<=##)\[|(?<=^\s*):(?=:)/gu;

/** A character in the escapes of JSON, of its UTF-16 units. */
const escaped = (character: string): string =>
  character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Untrusted text made safe for one line of a terminal or a log: what could steer it is escaped. */
export const printable = (text: string): string =>
  text.replace(unsafe, (character) => escaped(character).replace("\\u00", "\\x"));

/** The same for the text of a JSON document, whose meaning stays. */
export const printableJson = (text: string): string =>
  text.replace(unsafe, (character) => (character === "\n" ? character : escaped(character)));

/** The beginning of a text, with an ellipsis for the rest; no character is halved. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** A quoted part of untrusted text: its beginning, made printable. */
export const excerpt = (text: string, longest = 100): string => printable(cut(text, longest));

/** A line for each of the first twenty, and how many others there are. */
export function firstLines<T>(all: readonly T[], lineOf: (one: T) => string): string[] {
  const lines = all.slice(0, 20).map(lineOf);
  return all.length > 20 ? [...lines, `… and ${all.length - 20} more.`] : lines;
}

/** What an error says. fetch says "fetch failed", and its cause says why. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return messageOf(error.cause);
  return error.message || ("code" in error ? String(error.code) : error.name);
}

/** The order of strings by their code units, the same on every machine and in every language. */
export const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
