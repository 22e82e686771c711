import type { Json, JsonObject } from "../lib/json.ts";
import { pageFault } from "./findings.ts";

/** The time and memory of a pull grow with the values of its documents, more than with their text. */
const charactersOfValue = 50;

/**
 * Refuses a document that is too large: each fragment before anything is made of it, and the merged
 * one, which repeats what a fragment says once for all of its operations. A reference of 500
 * operations on 84 pages has 2.8 million characters, and 200 entries in its largest object. The
 * heaviest documents that are known take 8 seconds and 700 MB.
 */
export function checkSize(document: JsonObject, where: string): void {
  const refuseOver = (limit: number, size: number, what: string): void => {
    if (size > limit) throw pageFault(`${where}: more than ${limit} ${what}.`);
  };
  let characters = 0;
  const look = (value: Json, depth: number): void => {
    const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
    characters += charactersOfValue + (typeof value === "string" ? value.length : 0);
    refuseOver(4_000_000, characters, `characters, with ${charactersOfValue} for each value`);
    refuseOver(1000, entries.length, "entries of one object or list");
    refuseOver(100, depth, "values inside each other");
    for (const [key, inner] of entries) {
      refuseOver(1000, key.length, "characters of a name");
      characters += key.length;
      look(inner, depth + 1);
    }
  };
  look(document, 0);
}
