import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor } from "../../src/redact.js";
import { SECRET, TOKEN } from "./support.js";

const MASK = "[redacted]";

function knowing(...secrets: string[]) {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

const each = (text: string, write: (code: string, character: string) => string): string =>
  [...text].map((it) => write(it.charCodeAt(0).toString(16).padStart(2, "0"), it)).join("");

/** Ways in which a text is written on its way through headers, URLs, JSON and HTML. */
const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "percent-encoded": encodeURIComponent,
  "percent-encoded in lower case": (text) =>
    encodeURIComponent(text).replace(/%../g, (it) => it.toLowerCase()),
  "percent-encoded throughout": (text) => each(text, (code) => `%${code}`),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  "JSON with escaped slashes": (text) => JSON.stringify(text).slice(1, -1).replaceAll("/", "\\/"),
  "JSON escaped throughout": (text) => each(text, (code) => `\\u00${code.toUpperCase()}`),
  "a string of JavaScript": (text) => each(text, (code) => `\\x${code}`),
  "HTML by names": (text) =>
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#39;"),
  "HTML by numbers": (text) => each(text, (code) => `&#x${code};`),
};
const CASES: typeof ENCODINGS = {
  "upper case": (text) => text.toUpperCase(),
  "lower case": (text) => text.toLowerCase(),
};
const encodings = fc
  .tuple(
    fc.constantFrom("as it is", ...Object.keys(CASES)),
    fc.array(fc.constantFrom(...Object.keys(ENCODINGS)), { maxLength: 3 }),
  )
  .map(([letters, encodings]) => [letters, ...encodings]);
const encode = (secret: string, names: readonly string[]): string =>
  names.reduce((text, name) => ({ ...CASES, ...ENCODINGS })[name]?.(text) ?? text, secret);

const character = fc.integer({ min: 0x21, max: 0x7e }).map((it) => String.fromCharCode(it));
const secrets = fc.oneof(
  fc.uuid(),
  fc.base64String({ minLength: 8 }),
  // A backslash alone is no character in the encodings above, and ends no secret.
  fc
    .array(character, { minLength: 8, maxLength: 60 })
    .map((it) => it.join(""))
    .filter((it) => !/\\$|^\\+[ux]?|\\[ux]/.test(it)),
);
/** What takes part in no escape. */
const around = fc.string({ unit: fc.constantFrom(..." \n.,:=(){}[]ghijkGHIJKüß") });

describe("a known secret", () => {
  test("is masked in every encoding, at every place, and nothing else is", () =>
    fc.assert(
      fc.property(secrets, encodings, around, around, (secret, names, before, after) => {
        const written = encode(secret, names);
        const masked = knowing(secret).mask(`${before} ${written} ${after}`);
        expect(masked).not.toContain(written);
        expect(masked).toBe(`${before} ${MASK} ${after}`);
      }),
      { numRuns: 2000 },
    ));

  test.each(["base64", "base64url"] as const)("is masked in %s, at every place in it", (alphabet) =>
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), (secret, before, after) => {
        const encoded = Buffer.from(`${before}${secret}${after}`).toString(alphabet);
        const masked = knowing(secret).mask(
          `Basic ${encoded}, JSON ${encodeURIComponent(encoded)}`,
        );
        // Two bits of its first and last characters may be left.
        const left = masked.split(/[ ,]/).flatMap((it) => it.split(MASK));
        for (const part of left) {
          expect(Buffer.from(part, alphabet).toString()).not.toContain(secret);
        }
        expect(masked.split(MASK)).toHaveLength(3);
      }),
      { numRuns: 1000 },
    ),
  );

  test("is masked before a text is cut, however long the text and the secret", () =>
    fc.assert(
      fc.property(secrets, fc.nat(400), fc.integer({ min: 1, max: 300 }), (secret, at, length) => {
        const { readable } = knowing(secret);
        const text = readable(`${"g".repeat(at)} ${secret} ${secret}`, length);
        expect(text.length).toBeLessThanOrEqual(length + 1);
        const seen = text.replace(/^g+ ?/, "").replace(/…$/, "");
        expect(`${MASK} ${MASK}`).toContain(seen);
      }),
    ));

  test("is masked where invisible characters stand in it, escaped or not", () => {
    for (const invisible of ["\u200b", "\0", "\u00ad", "\\u200b", "&#8203;", "&#x200B;"]) {
      expect(knowing(TOKEN).mask(`a ${[...TOKEN].join(invisible)} b`)).toBe(`a ${MASK} b`);
    }
  });

  test("is masked where it overlaps another, or is part of one", () => {
    const { mask } = knowing("abcdefghij", "ghijklmnop", "defghijklm", "cdefghij");
    expect(mask("1abcdefghijklmnop2")).toBe(`1${MASK}2`);
    expect(mask("1abcdefghij2cdefghij3")).toBe(`1${MASK}2${MASK}3`);
  });

  test("is never looked for in the mask itself", () => {
    expect(knowing("redacted", "[redacted]").mask("is [redacted] redacted?")).toBe(
      `is ${MASK} ${MASK}?`,
    );
  });

  test("of fewer than 8 characters is none", () => {
    const text = "e, the, [redacted] and 1234567";
    expect(knowing("e", "the", "[", "1234567", "").mask(text)).toBe(text);
  });

  test("is masked without its escapes where enough is left of it", () => {
    const { mask } = knowing("%41%42%43%44%45%46%47%48", "%70%71");
    expect(mask("a ABCDEFGH b, pq")).toBe(`a ${MASK} b, pq`);
  });

  test("leaves any other text as it is", () =>
    fc.assert(
      fc.property(fc.uuid(), fc.string({ unit: "binary", maxLength: 200 }), (secret, text) => {
        expect(knowing(secret).mask(text)).toBe(text);
      }),
    ));

  test("is one of the newest hundred tokens or hundred created secrets", () => {
    const redactor = createRedactor();
    const nth = (i: number) => `secret-number-${i};`;
    redactor.addCreated(TOKEN);
    for (let i = 0; i < 1000; i++) {
      redactor.add(nth(i));
      redactor.add(SECRET);
    }
    expect(redactor.mask(`${TOKEN} ${SECRET} ${nth(901)} ${nth(999)}`)).toBe(
      [MASK, MASK, MASK, MASK].join(" "),
    );
    expect(redactor.mask(nth(0))).toBe(nth(0));
  });
});

describe("an error of others", () => {
  class VaultError extends Error {
    readonly status = 503;
    retry() {}
  }
  test.each<[string, unknown]>([
    [
      "of the system",
      Object.assign(new Error("x"), { code: "EPIPE", syscall: "write", errno: -32 }),
    ],
    ["of a class", new VaultError("sealed", { cause: new TypeError("x") })],
    ["of a DOMException's class", new (class extends DOMException {})("x")],
    ["of several", new AggregateError([new VaultError("x")], "y")],
    ["of an aborted signal", AbortSignal.abort().reason],
    ["with a plain object", Object.assign(new Error("x"), { body: { a: [1, null, true, 5n] } })],
    ["that is a string", "sealed"],
    ["that is none", undefined],
  ])("%s is itself where it holds no secret", (_, error) => {
    expect(knowing(TOKEN).clean(error)).toBe(error);
  });

  test("is otherwise a copy of what describes it", () => {
    const cause = Object.assign(new VaultError(`no ${TOKEN}`), { code: "E1", config: { TOKEN } });
    const copy = knowing(TOKEN).clean(new VaultError("sealed", { cause })) as Error;
    expect(copy).toMatchObject({ name: "Error", message: "sealed" });
    expect(copy.stack).toContain("redact.test.ts");
    expect(copy.cause).toMatchObject({ message: `no ${MASK}`, code: "E1" });
    expect(copy.cause).not.toHaveProperty("config");
  });
});

describe("a readable text", () => {
  test("has no character that steers a terminal or that no reader sees", () => {
    const invisible =
      "\u0000\u0007\u001b\u0085\u009b\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u180e\u2028\u2029" +
      "\u200b\u200e\u202e\u2060\u2066\u2800\u3164\ufe0f\ufeff\uffa0\u{e0001}\u{e0041}\u{1d173}\ud800";
    for (const character of invisible) {
      expect(knowing(TOKEN).readable(`a${character}${character}b`)).toBe("a b");
    }
  });

  test("does not end in half a character", () => {
    expect(knowing().readable("abc😀def", 4)).toBe("abc…");
  });
});

describe("the answer to a create that failed", () => {
  const { wary } = knowing(TOKEN);
  const label = { label: "ci", detail: "Access denied." };
  const asJson = (token: unknown) => JSON.stringify({ apiToken: { token, ...label } });

  const BODIES: Readonly<Record<string, (secret: string) => string>> = {
    JSON: asJson,
    "JSON that is cut": (secret) => asJson(secret).slice(0, -2),
    "JSON that is cut within the secret": (secret) =>
      asJson(secret).slice(0, asJson(secret).indexOf(secret) + secret.length),
    "JSON and trailing text": (secret) => `${asJson(secret)}\n<!-- upstream timed out -->`,
    "JSON with spaces": (secret) => JSON.stringify({ a: [{ token: secret, ...label }] }, null, 2),
    "JSON within JSON": (secret) =>
      JSON.stringify({ error: JSON.stringify({ body: asJson(secret) }) }),
    "an escaped key": (secret) => asJson(secret).replaceAll("e", "\\u0065"),
    "percent-encoded JSON": (secret) => encodeURIComponent(asJson(secret)),
    "JSON in HTML": (secret) => `<pre>${asJson(secret).replaceAll('"', "&quot;")}</pre>`,
    "single quotes": (secret) => `{'token': '${secret}', 'label': 'ci'}`,
    "a form": (secret) => `label=ci&token=${encodeURIComponent(secret)}&scope=user%3Aread`,
    YAML: (secret) => `label: ci\nToken: ${secret}\nscope: []`,
    XML: (secret) => `<answer><token>${secret}</token></answer>`,
    "a list": (secret) => asJson([secret]),
    "an object": (secret) => asJson({ value: { of: secret } }),
    UTF16: (secret) => [...asJson(secret)].join("\0"),
  };
  const cases = Object.entries(BODIES);

  test.each(cases)("hides the value of a token key in %s", (name, write) => {
    for (const secret of ["s3cret-s3cret", "opaque.Value_of/some+kind==", SECRET]) {
      const body = write(secret);
      const { mask } = wary(body);
      expect(mask(body)).not.toContain(secret);
      expect(mask(body)).toContain(MASK);
      if (/^an? (list|object)$/.test(name)) continue;
      // What stands in one field is hidden in any other.
      expect(mask(`created ${secret}.`)).toBe(`created ${MASK}.`);
    }
  });

  test.each([...Object.keys(CASES), ...Object.keys(ENCODINGS)])(
    "hides whatever has the form of a token, %s",
    (name) => {
      const written = encode(SECRET, [name]);
      for (const text of [`made ${written} for ci`, `\\n${written}`, `x${written}x`]) {
        const masked = wary("").mask(text);
        expect(masked).toContain(MASK);
        expect(masked).not.toContain(written);
      }
      expect(wary("").mask(SECRET.replaceAll("-", ""))).toBe(MASK);
    },
  );

  test("hides the value of a token key, however often another value comes before", () => {
    const body = `${"token: placeholder, ".repeat(1000)}token: s3cret-s3cret`;
    expect(wary(body).mask("created s3cret-s3cret.")).toBe(`created ${MASK}.`);
  });

  test("keeps the rest of it readable", () => {
    const body = JSON.stringify({ apiToken: { token: "a.b.c.d.e.f", ...label }, code: "SC500" });
    expect(JSON.parse(wary(body).mask(body))).toEqual({
      apiToken: { token: MASK, ...label },
      code: "SC500",
    });
    const prose = "Permission denied: the token must have the scope user:write, see token: page 7";
    expect(wary(prose).mask(prose)).toBe(prose);
  });

  test("is not known from then on, but what the client knows is masked as well", () => {
    const redactor = knowing(TOKEN);
    expect(redactor.wary(asJson(SECRET)).mask(`${TOKEN} ${SECRET}`)).toBe(`${MASK} ${MASK}`);
    expect(redactor.mask(`${TOKEN} ${SECRET}`)).toBe(`${MASK} ${SECRET}`);
  });
});

test.each([
  "%25",
  "\\",
  "\\u005c",
  "&amp;",
  "&#x000",
  '"',
  'token"',
  'token: "',
  "token: [",
  "token  : ",
  "abcdef01-",
  " ",
  "\u200b",
  TOKEN.slice(0, -1),
])("a megabyte of %j takes no longer than one of any other text", (text) => {
  const body = text.repeat(2 ** 20 / text.length);
  const redactor = knowing(TOKEN);
  expect(redactor.mask(body)).toBe(body);
  expect(redactor.wary(body).readable(`token${body}`, 100).length).toBeLessThanOrEqual(101);
});
