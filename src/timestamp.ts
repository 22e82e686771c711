import { check } from "./check.js";

const DATE_TIME =
  /^(\d{4}-\d\d-(\d\d))T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** RFC 3339, section 5.6, with the days of the month and, as section 5.7 has it, leap seconds. */
function isDateTime(text: string): boolean {
  const [, date, day] = DATE_TIME.exec(text) ?? [];
  // JavaScript reads a date that does not exist as invalid, or as another day.
  if (new Date(`${date}`).getUTCDate() !== Number(day)) return false;
  if (!text.includes(":60")) return true;
  const minute = new Date(text.toUpperCase().replace(/:60(\.\d+)?/, ":00"));
  return minute.toISOString().includes("T23:59:");
}

/** Make's form of a `Date` of any realm, as the built-in toISOString reads it, not one of its own. */
function toText(date: Date): string | undefined {
  try {
    return Date.prototype.toISOString.call(date);
  } catch {
    return undefined;
  }
}

/**
 * The timestamp as it goes into the path: verbatim, or a `Date` in Make's own form.
 *
 * @throws TypeError where it is not a full RFC 3339 date-time. It does not quote the value, which
 * might be a token that was passed by mistake.
 */
export function toTimestamp(created: string | Date): string {
  const text = typeof created === "string" ? created : toText(created);
  check(
    text && isDateTime(text),
    "created",
    "pass a full RFC 3339 date-time, such as 2020-03-27T05:53:27.368Z",
  );
  return text;
}
