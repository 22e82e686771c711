import fc from "fast-check";
import { expect, test } from "vitest";
import { json } from "./answers.js";
import { CREATED } from "./fixtures.js";
import { expectRefused, failureOf, scripted, startZone } from "./support.js";

/** RFC 3339, section 5.6; which days and seconds there are is left to Make. */
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

const dateTime = fc
  .tuple(
    fc.date({ min: new Date(0), max: new Date(2e14), noInvalidDate: true }),
    fc.constantFrom("T", "t"),
    fc.oneof(fc.constant(""), fc.stringMatching(/^\.[0-9]{1,30}$/)),
    fc.constantFrom("Z", "z", "-00:00", "+01:30", "-23:59"),
  )
  .map(([date, separator, fraction, offset]) => {
    const [day, time = ""] = date.toISOString().split("T");
    return `${day}${separator}${time.slice(0, 8)}${fraction}${offset}`;
  });

test("every RFC 3339 date-time is sent as it was given, encoded once, and comes back as it was", async () => {
  const { zone, make } = await startZone();
  await fc.assert(
    fc.asyncProperty(dateTime, async (created) => {
      expect(created).toMatch(DATE_TIME);
      zone.fail({ body: { apiToken: created } });
      expect(await make.apiTokens.delete(created)).toBe(created);
      const [, segment = ""] =
        zone.requests.at(-1)?.path.split("/api/v2/users/me/api-tokens/") ?? [];
      expect(segment).toBe(encodeURIComponent(created));
    }),
  );
});

test.each([CREATED, "0000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"])(
  "a Date is sent in Make's own form: %s",
  async (created) => {
    const { make, sent } = scripted([() => json({ apiToken: created })]);
    expect(await make.apiTokens.delete(new Date(created))).toBe(created);
    expect(sent[0]?.url.endsWith(`/api-tokens/${encodeURIComponent(created)}`)).toBe(true);
  },
);

const { make, sent } = scripted([() => json({ apiToken: "" })]);

/** One message for all, so that none quotes its value. */
let message: string | undefined;
async function expectNone(created: unknown): Promise<void> {
  for (const call of [
    () => make.apiTokens.delete(created as string),
    () => make.apiTokens.rotate(created as string, { store: () => {} }),
  ]) {
    await expectRefused("created", call);
    const error = await failureOf(call);
    expect(error.message).toBe((message ??= error.message));
    expect(error.message).toContain("RFC 3339");
  }
  expect(sent).toEqual([]);
}

test.each([
  ..."|.|..|/|../..|%2e%2e|2020|2020-03-27|05:53:27Z|20200327T055327Z|yesterday".split("|"),
  ..."2020-03-27T05:53:27.368|2020-03-27T05:53:27.368ZZ|2020-03-27T05:53:27.Z".split("|"),
  ..."2020-03-27T05:53:27,368Z|2020-03-27T05:53Z|2020-3-27T05:53:27Z".split("|"),
  ..."2020-03-27T05:53:27+0100|2020-03-27T05:53:27+01|+002020-03-27T05:53:27Z".split("|"),
  ..."2020-03-27T05%3A53%3A27.368Z|2020-03-27T05:53:27.368Z/..|2020-03-27 05:53:27Z".split("|"),
  ...[` ${CREATED}`, `${CREATED}\n`, `${CREATED}?x`, `${CREATED}#x`],
  ...[new Date(NaN), new Date(8.64e15), new Date(-8.64e15), 1585288407368, true, null],
  ...[undefined, {}, [], [CREATED], Symbol(CREATED), 1585288407368n],
])("refused, and not quoted: %s", (value) => expectNone(value));

test("refused, and not quoted: a date-time but for one change, by a person, a program or an attacker", () =>
  fc.assert(
    fc.asyncProperty(
      dateTime,
      fc.nat(40),
      fc.nat(3),
      fc.oneof(
        fc.constantFrom(..."0123456789TtZz:.+-/\\%?#& \t\r\n\0\u2028٣３", "%3A", "..", "//"),
        fc.string({ minLength: 1, maxLength: 3, unit: "binary" }),
      ),
      async (valid, at, length, text) => {
        const changed = valid.slice(0, at) + text + valid.slice(at + length);
        fc.pre(!DATE_TIME.test(changed));
        await expectNone(changed);
      },
    ),
    { numRuns: 500 },
  ));
