import { writeSync } from "node:fs";
import { toLine, withoutSecrets } from "../redact.js";

/** The command's own token. */
export const KEY = process.env["MAKE_API_KEY"] ?? "";

/** Text of others on one line, without secrets and without what steers a terminal. */
export const readable = (text: string): string => toLine(withoutSecrets(text, KEY), Infinity);

/** Writes a line to standard error, of which no exit code depends. */
export function say(line: string): void {
  write(2, `${readable(line)}\n`);
}

/** Writes to standard output, and returns what prevented it; a reader that has left is no failure. */
export function print(text: string): string | undefined {
  const problem = write(1, `${withoutSecrets(text, KEY)}\n`);
  return problem === "EPIPE" || problem === "EIO" ? undefined : problem;
}

/**
 * Writes all of it now, because the process may be about to end, and returns the code of an error. A
 * stream would take what a full disk has room for as the whole.
 */
function write(descriptor: 1 | 2, text: string): string | undefined {
  for (let rest = new TextEncoder().encode(text); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code } = Object(error);
      // The other end of a pipe is slow, and npx has set it not to wait.
      if (code !== "EAGAIN") return `${code}`;
    }
  }
  return undefined;
}
