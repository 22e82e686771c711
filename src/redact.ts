const MASK = "[redacted]";

/** The form of Make's tokens. */
const UUID = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/gi;

/** The text with the client's token masked. A shorter one, as in a test, would occur in any text. */
export const withoutToken = (text: string, token: string): string =>
  token.length >= 8 ? text.replaceAll(token, MASK) : text;

/** The same, with whatever has the form of a token masked too: it may be one that was created. */
export const withoutSecrets = (text: string, token: string): string =>
  withoutToken(text, token).replace(UUID, MASK);

/** The text on one line, without what no reader sees, and no longer than `longest` characters. */
export function toLine(text: string, longest = 500): string {
  // As a literal, it would cost every import half a millisecond.
  const blanks = new RegExp("[\\p{C}\\p{Z}]+", "gu");
  const line = text.replace(blanks, " ").trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** Text of others, as it may stand between words of our own: without secrets and on one line. */
export const redacted = (text: string, token: string): string =>
  toLine(withoutSecrets(text, token));
