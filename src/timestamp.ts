import { check } from "./options.js";

/** RFC 3339, section 5.6; no token is created in a leap second. */
const DATE_TIME =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])(:[0-5]\d){2}(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/**
 * The timestamp as it goes into the path: verbatim, or a `Date` in Make's own form.
 *
 * @throws TypeError where it is not a full RFC 3339 date-time. It does not quote the value, which
 * might be a token that was passed by mistake.
 */
export function toTimestamp(created: string | Date): string {
  const text = created instanceof Date && +created === +created ? created.toISOString() : created;
  check(
    typeof text === "string" && DATE_TIME.test(text),
    "created",
    "pass a full RFC 3339 date-time, such as 2020-03-27T05:53:27.368Z",
  );
  return text;
}

/** Timestamps are the only identifier, and one moment can be written in several ways. */
export const isSameTime = (a: string, b: string): boolean =>
  a === b || Date.parse(a) === Date.parse(b);
