import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { zones as servers } from "../../generated/zones.js";
import { type Attempted, isRetried } from "../../src/retry-policy.js";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** The cells of the table whose head begins with `first`, without code marks. */
function table(first: string): string[][] {
  const lines = readme.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${first} `)) + 2;
  const end = lines.findIndex((line, i) => i >= start && !line.startsWith("|"));
  return lines.slice(start, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

const yes = (is: boolean): string => (is ? "yes" : "no");
const asAttempted = (cell: string): Attempted => (Number(cell) || cell) as Attempted;

describe("the README", () => {
  it("says of each attempt what the retry policy does, and leaves none out", () => {
    const rows = table("what came back");
    for (const [cell = "", others, create] of rows) {
      const attempted = asAttempted(cell);
      const expected = [isRetried("DELETE", attempted), isRetried("POST", attempted)].map(yes);
      expect([cell, others, create]).toEqual([cell, ...expected]);
      expect(isRetried("GET", attempted)).toBe(isRetried("DELETE", attempted));
    }
    const listed = new Set(rows.map(([cell = ""]) => cell));
    const statuses = Array.from({ length: 500 }, (_, i) => i + 100);
    for (const attempted of [...statuses, "not-sent", "blocked", "network", "timeout", "aborted"]) {
      const isListed = listed.has(String(attempted));
      expect([attempted, isRetried("GET", attempted as Attempted)]).toEqual([attempted, isListed]);
    }
  });

  it("lists the zones of the specification", () => {
    expect(table("zone")).toEqual(
      Object.entries(servers).map(([zone, url]) => [zone, new URL(url).host]),
    );
  });
});
