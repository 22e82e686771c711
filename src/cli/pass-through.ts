import type { Readable } from "node:stream";

/** Longer than any form of a secret that is looked for, each character escaped included. */
const LONGEST = 1024;

/**
 * Passes on what a command prints, without the secrets. A secret may come in several chunks, so the
 * end of a line that is not complete is held back; no secret goes over a line's end.
 */
export async function passThrough(
  from: Readable,
  mask: (text: string) => string,
  write: (text: string) => unknown,
): Promise<void> {
  let held = "";
  try {
    for await (const chunk of from.setEncoding("utf8")) {
      held = mask(held + chunk);
      const end = Math.max(held.lastIndexOf("\n") + 1, held.length - LONGEST);
      write(held.slice(0, end));
      held = held.slice(end);
    }
  } catch {
    // The pipe was closed for a process that outlived its command.
  }
  write(held);
}
