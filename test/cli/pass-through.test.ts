import { Readable } from "node:stream";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { passThrough } from "../../src/cli/pass-through.js";
import { withoutSecrets } from "../../src/redact.js";

const SECRET = "2544847b-1c2d-4e3f-8a9b-0c1d2e3f4a5b";

const mask = (text: string): string => withoutSecrets(text, SECRET);

async function passed(chunks: readonly (string | Uint8Array)[]): Promise<string[]> {
  const written: string[] = [];
  const from = Readable.from(chunks.map((it) => Buffer.from(it)));
  await passThrough(from, mask, (text) => written.push(text));
  return written;
}

const text = fc.array(
  fc.oneof(
    fc.constantFrom(SECRET, encodeURIComponent(SECRET), SECRET.toUpperCase(), "\n", "é", "😀"),
    fc.string({ maxLength: 2000 }).filter((it) => !it.includes(SECRET.slice(0, 8))),
  ),
);

test("however a text is cut into chunks, no secret passes, and all else does", async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(60)), async (parts, sizes) => {
      const bytes = Buffer.from(parts.join(""));
      const chunks: Uint8Array[] = [];
      let at = 0;
      for (const size of [...sizes, bytes.length]) chunks.push(bytes.subarray(at, (at += size)));
      const written = (await passed(chunks)).join("");
      expect(written.toLowerCase()).not.toContain(SECRET);
      expect(written).toBe(mask(bytes.toString("utf8")));
    }),
    { numRuns: 100 },
  );
});

test("a line that is complete is passed on before the next one comes", async () => {
  expect((await passed(["a\nb", "c\n"])).slice(0, 2)).toEqual(["a\n", "bc\n"]);
});
