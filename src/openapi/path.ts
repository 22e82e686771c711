import { defaultPathSerializer } from "openapi-fetch";
import { check } from "../check.js";

/** The facade's parameters are checked, and of the simple style (OpenAPI 3.0, Parameter Object). */
export const encodePath = (path: string, values: Record<string, unknown>): string =>
  path.replace(/\{(\w+)}/g, (_, name) => encodeURIComponent(`${values[name]}`));

const toText = (value: unknown): string | undefined =>
  value === null || value === undefined || Object(value) === value ? undefined : String(value);

/**
 * For `raw`, with values of any kind: openapi-fetch would let `""`, `"."`, `".."`, a `Date` and an
 * object reach another path, and would read a value again after it was checked.
 */
export function serializePath(path: string, values: Record<string, unknown>): string {
  const copies: Record<string, unknown> = Object.create(null);
  for (const [, name = ""] of path.matchAll(/\{[.;]?([^{}*]+)\*?}/g)) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
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
