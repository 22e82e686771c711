import type { Json, JsonObject } from "../lib/json.ts";
import { operationsOf } from "../lib/openapi.ts";
import { pageFault } from "./findings.ts";

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
export function checkSize(document: JsonObject, where: string): void {
  const refuseOver = (limit: keyof typeof limits, size: number): void => {
    if (size > limits[limit]) throw pageFault(`${where}: more than ${limits[limit]} ${limit}.`);
  };
  let values = 0;
  let characters = 0;
  const look = (value: Json, depth: number): void => {
    const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
    characters += typeof value === "string" ? value.length : 4;
    refuseOver("values", ++values);
    refuseOver("characters", characters);
    refuseOver("values inside each other", depth);
    refuseOver("entries of one object or list", entries.length);
    for (const [key, inner] of entries) {
      characters += key.length + 4;
      look(inner, depth + 1);
    }
  };
  look(document, 0);
  refuseOver("operations", operationsOf(document).length);
}
