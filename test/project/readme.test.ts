import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { zones as servers } from "../../generated/zones.js";
import { FAULTS } from "../../src/testing/faults.js";
import { type Attempted, isRetried } from "../../src/http/retry-policy.js";

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

  it("quotes a job and its tests as they are run", () => {
    const job = new URL("../rotation-job/", import.meta.url);
    const files = readdirSync(job).map((name) => readFileSync(new URL(name, job), "utf8"));
    const blocks = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, block = ""]) => block);
    const quoted = blocks.filter((block) => / from "(?!make-api-tokens")/.test(block));
    expect(quoted.length).toBeGreaterThan(1);
    for (const block of quoted) {
      const parts = block.trim().split(/\n\n(?=test\()/);
      expect(files.some((file) => parts.every((part) => file.includes(part)))).toBe(true);
    }
  });

  it("names every fault of the testing kit", () => {
    for (const name of Object.keys(FAULTS)) expect(readme).toContain(`\`${name}\``);
  });

  it("lists the zones of the specification", () => {
    expect(table("zone")).toEqual(
      Object.entries(servers).map(([zone, url]) => [zone, new URL(url).host]),
    );
  });
});
