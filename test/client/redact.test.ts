import fc from "fast-check";
import { expect, test } from "vitest";
import { readable, withoutSecrets } from "../../src/redact.js";
import { SECRET, TOKEN } from "./support.js";

const OTHER = "a-token-of-another-form";

test("the client's token and every UUID are taken out, and nothing else is changed", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(OTHER, SECRET, "\n"), fc.string())), (parts) => {
      fc.pre(parts.every((it) => !it.includes("[redacted]")));
      const expected = parts.map((it) => (it === OTHER || it === SECRET ? "[redacted]" : it));
      expect(withoutSecrets(parts.join(""), OTHER)).toBe(expected.join(""));
    }),
  );
  expect(withoutSecrets(SECRET.toUpperCase(), undefined)).toBe("[redacted]");
  expect(withoutSecrets(`${TOKEN}${TOKEN}`, TOKEN)).toBe("[redacted][redacted]");
});

test("a token of fewer than 8 characters, or none, garbles nothing", () => {
  const text = "Access denied to a user";
  for (const token of ["", "a", "e", "[]", "denied ", undefined])
    expect(withoutSecrets(text, token)).toBe(text);
  expect(withoutSecrets(text, "denied to")).toBe("Access [redacted] a user");
});

test("text of others is readable on one line, and is cut after its secrets are taken out", () => {
  expect(readable(` a\r\n\tb\u001b[31m\u200b\u202ec\u2028 `, undefined)).toBe("a b [31m c");
  expect(readable(`${"x".repeat(290)}${SECRET}`, undefined)).toBe(`${"x".repeat(290)}[redacted]`);
  expect(readable("x".repeat(301), undefined)).toBe(`${"x".repeat(300)}…`);
});
