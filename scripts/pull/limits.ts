import type { Json, JsonObject, Path } from "../lib/json.ts";
import { operationsOf } from "../lib/openapi.ts";
import { type Fragment, refusalOf } from "./faults.ts";
import { CORRECT_A_COPY } from "./remedies.ts";

/**
 * The size of a document that is taken. A reference of 500 operations on 100 pages has 0.7 MB, 44,000
 * values and 200 entries in its largest object. The time and memory of a pull grow with the values;
 * `npm run bench -- generate` shows the heaviest page that is taken.
 */
const limits = {
  operations: 2000,
  values: 70_000,
  characters: 4 * 1024 * 1024,
  "entries of one object or list": 1000,
  "values inside each other": 100,
};

/**
 * Refuses a document that is too large: each fragment before anything is made of it, and the merged
 * one, which repeats what a fragment says once for all of its operations.
 */
export function checkSize(document: JsonObject, fragments: readonly Fragment[]): void {
  const size = new Map([["operations", operationsOf(document).length]]);
  const grow = (name: keyof typeof limits, by: number): void =>
    void size.set(name, (size.get(name) ?? 0) + by);
  const look = (value: Json, path: Path): void => {
    const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
    grow("values", 1);
    grow("characters", typeof value === "string" ? value.length : 4);
    size.set("entries of one object or list", entries.length);
    size.set("values inside each other", path.length);
    const excess = Object.entries(limits).find(([name, most]) => (size.get(name) ?? 0) > most);
    if (excess) {
      const what = `more than ${excess[1]} ${excess[0]}`;
      throw refusalOf([{ path, what, remedy: CORRECT_A_COPY }], document, fragments);
    }
    for (const [key, inner] of entries) {
      grow("characters", key.length + 4);
      look(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  };
  look(document, []);
}
