import { check, isText } from "./options.js";

/** The form of RFC 3339, section 5.6; which days and seconds there are is left to Make. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** The timestamp as it goes into the path: verbatim, or a `Date` in Make's own form. */
export function toTimestamp(created: string | Date): string {
  // An invalid date is null in JSON.
  const text = created instanceof Date ? created.toJSON() : created;
  check(isText(text, DATE_TIME), "created", "pass an RFC 3339 date-time, as list() returns it");
  return text;
}

/** Timestamps are the only identifier, and one moment can be written in several ways. */
export const isSameTime = (a: string, b: string): boolean => Date.parse(a) === Date.parse(b);
