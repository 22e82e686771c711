import { defaultPathSerializer } from "openapi-fetch";
import { check } from "../check.js";
import { own } from "../own.js";

const toText = (value: unknown): string | undefined =>
  value === null || value === undefined || Object(value) === value ? undefined : String(value);

/**
 * Copies the values, then checks the copies. openapi-fetch would let `""`, `"."`, `".."`, a `Date` and
 * an object reach another path, and would read a value again after it was checked.
 */
export function serializePath(path: string, values: Record<string, unknown>): string {
  const copies = own(values);
  for (const [, name = ""] of path.matchAll(/\{[.;]?([^{}*]+)\*?}/g)) {
    const value = copies[name];
    const copy = Array.isArray(value) ? Array.from(value, toText) : [toText(value)];
    check(
      !copy.includes(undefined) && !/^\.{0,2}$/.test(`${copy}`),
      `params.path.${name}`,
      "pass one path segment, and a date as its toISOString()",
    );
    copies[name] = Array.isArray(value) ? copy : copy[0];
  }
  return defaultPathSerializer(path, copies);
}
