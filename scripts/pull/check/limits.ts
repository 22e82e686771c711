import { maxCode } from "../../generate/emit.js";
import { isObject, type Json, type JsonObject, type Path } from "../../lib/json.js";
import type { Fragment } from "../read/fragment.js";
import { MEND_A_COPY } from "../remedies.js";
import { type Checked, refusalOf } from "./guard.js";
import { at, entries, inside, items, objectsOf } from "./rules/walk.js";

/**
 * A reference of 500 operations on 100 pages has 0.7 MB, 44,000 values, 200 entries in its largest
 * object, 500 scopes and 1.4 MB of code. The time and memory of a pull grow with the values, with
 * the operations and their answers, and with the code. `npm run bench -- generate` shows the heaviest
 * page that is taken.
 */
export const limits = {
  bytes: 4 * 1024 * 1024,
  values: 70_000,
  operations: 2000,
  answers: 4000,
  entries: 1000,
  scopes: 20_000,
  code: maxCode,
} as const;

/** Refuses a fragment that is too large by itself, before it is corrected and merged. */
export function checkFragments(fragments: readonly Fragment[]): void {
  for (const fragment of fragments) {
    checkLimits({ document: fragment.document, originOf: (path) => ({ fragment, path }) });
  }
}

/** Refuses a document that is too large, before anything is made of it. */
export function checkLimits(checked: Checked): void {
  const fault = tooManyOperations(checked.document) ?? tooLarge(checked.document);
  if (fault) throw refusalOf([{ ...fault, remedy: MEND_A_COPY }], checked);
}

interface Excess {
  readonly path: Path;
  readonly what: string;
}

/** A fragment's scopes are said once, and copied to each of its operations. */
function tooManyOperations(document: JsonObject): Excess | undefined {
  let count = 0;
  let answers = 0;
  let scopes = 0;
  for (const operation of objectsOf("Operation", document)) {
    count += 1;
    if (count > limits.operations) {
      return { path: operation.path, what: `more than ${limits.operations} operations` };
    }
    answers += entries(inside(operation, "responses")).length;
    if (answers > limits.answers) {
      return {
        path: operation.path,
        what: `more than ${limits.answers} answers of all operations`,
      };
    }
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
  const total = { bytes: 0, values: 0 };
  const rest: { value: Json; path: Path }[] = [at(document)];
  for (let visit = rest.pop(); visit !== undefined; visit = rest.pop()) {
    const { value, path } = visit;
    total.values += 1;
    total.bytes += sizeOf(value);
    const excess = (["bytes", "values"] as const).find((it) => total[it] > limits[it]);
    if (excess !== undefined) {
      const what = `a document of more than ${limits[excess]} ${excess}`;
      return { path: path.slice(0, 2), what };
    }
    if (typeof value !== "object" || value === null) continue;
    const children = Object.entries(value);
    if (children.length > limits.entries) {
      return { path, what: `more than ${limits.entries} entries` };
    }
    for (const [key, child] of children) {
      total.bytes += key.length + 4;
      rest.push({ value: child, path: [...path, Array.isArray(value) ? Number(key) : key] });
    }
  }
  return undefined;
}

/** About the size of a value as JSON, without the values in it. */
const sizeOf = (value: Json): number =>
  typeof value === "string"
    ? Buffer.byteLength(value) + 2
    : String(value === null || typeof value !== "object" ? value : "{}").length;
