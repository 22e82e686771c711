import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CREATED, failureOf, scripted, startZone } from "./support.js";

const digits = (value: number, length = 2): string => String(value).padStart(length, "0");

/** RFC 3339, section 5.6, a second time: field by field; every month has 31 days. */
function isRfc3339(text: string): boolean {
  const fields = /^(....)-(..)-(..)[Tt](..):(..):(..)(\.\d+)?(?:[Zz]|([+-])(..):(..))$/s.exec(text);
  if (!fields) return false;
  const [, yyyy, mm, dd, h, m, s, , , oh = "00", om = "00"] = fields;
  if (![yyyy, mm, dd, h, m, s, oh, om].every((it) => /^[0-9]+$/.test(it ?? ""))) return false;
  const [month, day] = [mm, dd].map(Number) as [number, number];
  const [hour, minute, second] = [h, m, s].map(Number) as [number, number, number];
  const [offsetHour, offsetMinute] = [oh, om].map(Number) as [number, number];
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  return hour <= 23 && minute <= 59 && second <= 59 && offsetHour <= 23 && offsetMinute <= 59;
}

const fraction = fc
  .option(fc.stringMatching(/^[0-9]{1,30}$/), { nil: undefined })
  .map((it) => (it ? `.${it}` : ""));
/** Minutes from UTC, and how they are written. */
const offset: fc.Arbitrary<readonly [minutes: number, written: string]> = fc.oneof(
  fc.constantFrom(...["Z", "z", "-00:00"].map((it) => [0, it] as const)),
  fc.integer({ min: -1439, max: 1439 }).map((it) => {
    const fields = [Math.trunc(Math.abs(it) / 60), Math.abs(it) % 60].map((it) => digits(it));
    return [it, `${it < 0 ? "-" : "+"}${fields.join(":")}`] as const;
  }),
);
const separator = fc.constantFrom("T", "t");
const date = fc
  .tuple(
    fc.integer({ min: 0, max: 9999 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 31 }),
  )
  .map(([year, month, day]) => `${digits(year, 4)}-${digits(month)}-${digits(day)}`);
const dateTime = fc
  .record({
    date: fc.oneof(date, fc.constantFrom("2020-02-29", "2000-02-29", "0000-02-29", "9999-12-31")),
    separator,
    second: fc.integer({ min: 0, max: 86_399 }),
    fraction,
    offset,
  })
  .map(({ date, separator, second, fraction, offset }) => {
    const fields = [second / 3600, (second / 60) % 60, second % 60].map((it) =>
      digits(Math.trunc(it)),
    );
    return `${date}${separator}${fields.join(":")}${fraction}${offset[1]}`;
  });
/** The last segment of a request to delete, which has nothing after it. */
const segmentOf = (url: string): string =>
  /\/api\/v2\/users\/me\/api-tokens\/([^/?#:]+)$/.exec(url)?.[1] ?? "";

describe("every RFC 3339 date-time", () => {
  const { make } = scripted([
    ({ url }) => Response.json({ apiToken: decodeURIComponent(segmentOf(url)) }),
  ]);

  test("is sent encoded exactly once, and comes back as it was", () =>
    fc.assert(
      fc.asyncProperty(dateTime, async (created) => {
        expect(isRfc3339(created)).toBe(true);
        expect(await make.apiTokens.delete(created)).toBe(created);
      }),
      { numRuns: 2000 },
    ));

  test("is the same for a real server", async () => {
    const { zone, make } = await startZone();
    await fc.assert(
      fc.asyncProperty(dateTime, async (created) => {
        zone.fail({ body: { apiToken: created } });
        await make.apiTokens.delete(created);
        expect(decodeURIComponent(segmentOf(zone.requests.at(-1)?.path ?? ""))).toBe(created);
      }),
    );
  });

  test("may be given as a Date of the years 0 to 9999", () =>
    fc.assert(
      fc.asyncProperty(
        fc.date({
          min: new Date("0000-01-01T00:00:00Z"),
          max: new Date("9999-12-31T23:59:59.999Z"),
          noInvalidDate: true,
        }),
        async (created) => {
          expect(await make.apiTokens.delete(created)).toBe(created.toISOString());
        },
      ),
      { numRuns: 200, examples: [[new Date(0)], [new Date(-1)]] },
    ));
});

/** One small change to a date-time: by a person, a program or an attacker. */
const mutated = fc
  .record({
    valid: dateTime,
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    text: fc.oneof(
      fc.constantFrom(..."0123456789TtZz:.+-/\\%?#& \t\r\n\0\u2028\u00a0٣３２", "%3A", "..", "//"),
      fc.string({ minLength: 1, maxLength: 3, unit: "binary" }),
    ),
    length: fc.integer({ min: 0, max: 3 }),
    how: fc.constantFrom("splice", "append", "prepend", "encode", "wide", "space", "no-zone"),
  })
  .map(({ valid, at, text, length, how }) => {
    const index = Math.floor(at * valid.length);
    switch (how) {
      case "splice":
        return valid.slice(0, index) + text + valid.slice(index + length);
      case "append":
        return valid + text;
      case "prepend":
        return text + valid;
      case "encode":
        return encodeURIComponent(valid);
      case "wide":
        return valid.replace(/\d/g, (it) => String.fromCharCode(it.charCodeAt(0) + 0xfee0));
      case "space":
        return valid.replace(/t/i, " ");
      default:
        return valid.replace(/(z|[+-]..:..)$/i, "");
    }
  });

const NEAR_MISSES: unknown[] = [
  ...`
    . .. ... / a/b ../.. %2e%2e % 2020 2020-03-27 05:53:27Z 20200327T055327Z
    2020-13-40T00:00:00Z 2020-00-01T00:00:00Z 2020-01-00T00:00:00Z 2020-04-32T00:00:00Z
    2020-03-27T24:00:00Z
    2020-03-27T05:60:27Z 2020-03-27T05:53:61Z 2020-03-27T05:53:60Z 2016-12-31T23:58:60Z
    2016-12-31T23:59:60+01:00 2020-03-27T05:53:27.368 2020-03-27T05:53:27.368ZZ
    2020-03-27T05:53:27.Z 2020-03-27T05:53:27,368Z 2020-03-27T05:53Z 2020-3-27T05:53:27Z
    2020-03-27T05:53:27+0100 2020-03-27T05:53:27+01 2020-03-27T05:53:27+24:00
    2020-03-27T05:53:27+01:60 2020-03-27T05:53:27−01:00 +002020-03-27T05:53:27Z
    2020-03-27T05%3A53%3A27.368Z ２０２０-03-27T05:53:27Z 2020-03-27T05:53:27.368Z/..
    2020-03-27T05:53:27.368Z?x 2020-03-27T05:53:27.368Z#x 7615989d-d213-48dc-b625-27133ae3f1a8
  `
    .trim()
    .split(/\s+/),
  "",
  "2020-03-27 05:53:27.368Z",
  " 2020-03-27T05:53:27.368Z",
  "2020-03-27T05:53:27.368Z\n",
  new Date(NaN),
  new Date(8.64e15),
  new Date(-8.64e15),
  0,
  1585288407368,
  NaN,
  true,
  null,
  undefined,
  {},
  [],
  ["2020-03-27T05:53:27.368Z"],
  new String("2020-03-27T05:53:27.368Z"),
  { toString: () => "2020-03-27T05:53:27.368Z", toJSON: () => "2020-03-27T05:53:27.368Z" },
  Symbol("2020-03-27T05:53:27.368Z"),
  1585288407368n,
];

describe("anything else", () => {
  const { make, sent } = scripted([() => Response.json({ apiToken: "" })]);
  const remedy = /^created: pass a full RFC 3339 date-time, .*such as 2020-03-27T05:53:27\.368Z$/;
  let message: string | undefined;

  /** One message for all, so that none quotes its value. */
  async function expectRefused(created: unknown): Promise<void> {
    for (const call of [
      () => make.apiTokens.delete(created as string),
      () => make.apiTokens.rotate(created as string, { store: () => {} }),
    ]) {
      const error = await failureOf(call());
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(remedy);
      expect(error.message).toBe((message ??= error.message));
    }
    expect(sent).toEqual([]);
  }

  test("from a list of near misses is a TypeError before anything is sent", async () => {
    for (const value of NEAR_MISSES) {
      if (typeof value === "string") expect(isRfc3339(value)).toBe(false);
      await expectRefused(value);
    }
  });

  test("that is a date-time but for one change is a TypeError before anything is sent", () =>
    fc.assert(
      fc.asyncProperty(mutated, async (created) => {
        fc.pre(!isRfc3339(created));
        await expectRefused(created);
      }),
      { numRuns: 4000 },
    ));
});

describe("a Date", () => {
  const { make, sent } = scripted([({ url }) => Response.json({ apiToken: segmentOf(url) })]);
  const time = Date.UTC(2020, 2, 27, 5, 53, 27, 368);

  test("is nothing that only looks like one", async () => {
    const before = sent.length;
    for (const date of [
      Object.create(Date.prototype) as Date,
      { toJSON: () => CREATED } as Date,
      new Proxy(new Date(time), {}),
      new Date(NaN),
    ]) {
      expect(await failureOf(() => make.apiTokens.delete(date))).toBeInstanceOf(TypeError);
    }
    expect(sent).toHaveLength(before);
  });
});
