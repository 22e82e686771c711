import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonFault, offsetOf, parseStrict } from "../../scripts/pull/read/strict-json.js";

const fault = (text: string): JsonFault | undefined => {
  try {
    parseStrict(text);
    return undefined;
  } catch (error) {
    if (error instanceof JsonFault) return error;
    throw error;
  }
};

describe("strict JSON", () => {
  test.each([
    ['{"a":1,"b":{"a":2},"a":3}', 'The key "a" is there twice', 19],
    ['{"a":1,"\\u0061":3}', 'The key "a" is there twice', 7],
    ['[{"__proto__":1}]', 'The key "__proto__" is not allowed', 2],
    ['{"\\u005f_proto__":1}', 'The key "__proto__" is not allowed', 1],
    ['{"a":1,}', "Expected a key in double quotes", 7],
    ['{"a" 1}', 'Expected ":"', 5],
    ['{"a":1 "b":2}', 'Expected "," or "}"', 7],
    ["[1 2]", 'Expected "," or "]"', 3],
    ["[1,]", "Unexpected text", 3],
    ["[01]", 'Expected "," or "]"', 2],
    ['["a\nb"]', "A control character in a string", 3],
    ['["\\x"]', "A string with a wrong escape", 1],
    ['{"a":"b', "A string has no end", 5],
    ['{"a":"\\', "A string has no end", 5],
    ['{"a":', "Unexpected end", 5],
    ['{"a":1e999}', "A number that is too large", 5],
    ["", "Unexpected end", 0],
    ["{} {}", "Unexpected text after the end of the JSON", 3],
    ["{'a':1}", "Expected a key in double quotes", 1],
    ["\u00a0{}", "Unexpected text", 0],
  ])("refuses %j", (text, message, offset) => {
    expect(fault(text)).toMatchObject({ message, offset });
  });

  test("refuses nesting deeper than 100, however deep, and takes 100", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(parseStrict(nested(100))).toBeInstanceOf(Array);
    expect(fault(nested(101))).toMatchObject({ message: "Nested deeper than 100", offset: 100 });
    expect(fault('{"a":'.repeat(1_000_000))?.message).toBe("Nested deeper than 100");
  });

  test("takes what JSON.parse takes, and yields the same", () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: "binary" }), fc.nat(3), (text, indent) => {
        if (fault(text)?.message.includes("not allowed")) return;
        const spaced = JSON.stringify(JSON.parse(text), null, indent);
        expect(parseStrict(text)).toEqual(JSON.parse(text));
        expect(parseStrict(spaced)).toEqual(JSON.parse(text));
      }),
    );
  });

  test("refuses what JSON.parse refuses", () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2, unit: "binary-ascii" }))
      .map(([text, at, piece]) => {
        const index = at % (text.length + 1);
        return text.slice(0, index) + piece + text.slice(index + 1);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        const message = fault(text)?.message;
        if (valid) expect(message ?? "not allowed").toMatch(/not allowed|twice|too large/);
        else expect(message).toBeDefined();
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the offset of a value", () => {
  const text = '{ "a": [1, {"b~/": true}], "c": "x" }';
  test.each([
    [[], 0],
    [["a"], 7],
    [["a", 0], 8],
    [["a", 1, "b~/"], 19],
    [["c"], 32],
    [["a", 1, "missing", "deeper"], 11],
    [["missing"], 0],
  ])("for %j is %i", (path, offset) => expect(offsetOf(text, path)).toBe(offset));
});
