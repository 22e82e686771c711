import { isObject, type Json, type JsonObject, type Path } from "../../lib/json.js";
import { MEND_A_COPY } from "../way-on.js";
import { type Checked, refusalOf } from "./guard.js";
import { at, inside, items, operations } from "./rules/walk.js";

/**
 * A reference of 500 operations on 80 pages has about 1 MB, 300 entries in its largest object and
 * 1,000 scopes. Beyond these limits, the types would take minutes and gigabytes.
 */
export const limits = {
  bytes: 4 * 1024 * 1024,
  entries: 3000,
  scopes: 20_000,
} as const;

/** Refuses a document that is too large, before anything is made of it. */
export function checkLimits(checked: Checked): void {
  const fault = tooManyScopes(checked.document) ?? tooLarge(checked.document);
  if (fault) throw refusalOf([{ ...fault, wayOn: MEND_A_COPY }], checked);
}

interface Excess {
  readonly path: Path;
  readonly what: string;
}

/** A fragment's scopes are said once, and copied to each of its operations. */
function tooManyScopes(document: JsonObject): Excess | undefined {
  let scopes = 0;
  for (const operation of operations(document)) {
    for (const { value } of items(inside(operation, "security"))) {
      for (const list of isObject(value) ? Object.values(value) : []) {
        scopes += Array.isArray(list) ? list.length : 0;
      }
    }
    if (scopes > limits.scopes) {
      return { path: operation.path, what: `more than ${limits.scopes} scopes of all operations` };
    }
  }
  return undefined;
}

function tooLarge(document: JsonObject): Excess | undefined {
  let bytes = 0;
  const rest: { value: Json; path: Path }[] = [at(document)];
  for (let visit = rest.pop(); visit !== undefined; visit = rest.pop()) {
    const { value, path } = visit;
    bytes += sizeOf(value);
    if (bytes > limits.bytes) {
      return { path: path.slice(0, 2), what: `a document of more than ${limits.bytes} bytes` };
    }
    if (typeof value !== "object" || value === null) continue;
    const children = Object.entries(value);
    if (children.length > limits.entries)
      return { path, what: `more than ${limits.entries} entries` };
    for (const [key, child] of children) {
      bytes += key.length + 4;
      rest.push({ value: child, path: [...path, Array.isArray(value) ? Number(key) : key] });
    }
  }
  return undefined;
}

/** About what it takes as JSON, without what is in it. */
const sizeOf = (value: Json): number =>
  typeof value === "string"
    ? Buffer.byteLength(value) + 2
    : String(value === null || typeof value !== "object" ? value : "{}").length;
