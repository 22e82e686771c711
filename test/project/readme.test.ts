import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import MarkdownIt from "markdown-it";
import { describe, expect, it, vi } from "vitest";
import { zones as servers } from "../../generated/zones.js";
import { type EndKind, waitAfter } from "../../src/http/retry.js";
import * as everything from "../../src/index.js";
import { resolveOptions } from "../../src/options.js";
import type { Outcome } from "../../src/index.js";
import { FAULTS } from "../../src/testing/faults.js";
import * as kit from "../../src/testing/index.js";
import { call } from "../commands.js";
import { localSources } from "../pull/support.js";
import { allBlocks, blocks, commands, kindOf, kinds, readme, table } from "./readme.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");

const yes = (is: boolean): string => (is ? "yes" : "no");
/** Of a call with time and retries left. */
const waitOf = (method: string, kind: EndKind, attempts = 1): number | undefined =>
  waitAfter(kind, { method, attempts, retries: 9, left: () => Infinity, retryDelay: undefined });
const isRetried = (method: string, kind: EndKind): boolean => waitOf(method, kind) !== undefined;
const asEnd = (cell: string): EndKind => (Number(cell) || cell) as EndKind;

describe("the README", () => {
  it("is shorter than 250 lines", () => {
    expect(readme.trimEnd().split("\n").length).toBeLessThan(250);
  });

  it("has no code block that no test runs", () => {
    expect(allBlocks.filter((block) => !kindOf(block))).toEqual([]);
    for (const kind of kinds) expect(blocks(kind)).not.toEqual([]);
  });

  it("names the version that package.json has, and no other", async () => {
    const { version } = JSON.parse(await read("package.json"));
    const named = [
      ...readme.matchAll(/make-api-tokens(?:@|-|\.git#v)(\d[\w.-]*?)(?:\.tgz)?(?=["\s])/g),
    ];
    expect(new Set(named.map(([, it]) => it))).toEqual(new Set([version]));
  });

  it("has the commands of the gate, and those that pull", async () => {
    const gate = await read(".ci/run");
    const lines = commands("repository");
    expect(lines.slice(0, 2)).toEqual(["npm ci && npm run demo", "npm ci && npm test"]);
    for (const command of lines.slice(0, 2).flatMap((line) => line.split(" && "))) {
      expect(gate).toMatch(new RegExp(`(?:^|&& )${command}(?: &&|$)`, "m"));
    }
    const root = await mkdtemp(join(tmpdir(), "readme-"));
    await cp(join(ROOT, "spec"), join(root, "spec"), { recursive: true });
    const sources = localSources("spec/pages/api-tokens.md");
    await writeFile(join(root, "spec/sources.json"), sources);
    for (const line of lines.slice(2)) {
      const [, script = "", flags = ""] = /^npm run (\w+)(?: -- (.*))?$/.exec(line) ?? [];
      const { code, stderr } = await call(script, [
        ...flags.split(" ").filter(Boolean),
        "--root",
        root,
      ]);
      expect([line, code, stderr]).toEqual([line, 0, ""]);
    }
    await rm(root, { recursive: true });
  }, 120_000);

  it("says of each attempt what the retry policy does, and leaves none out", () => {
    const [, ...rows] = table("what came back");
    const cells = rows.flatMap(([attempts = "", ...can]) =>
      attempts.split(", ").map((cell) => [cell, ...can]),
    );
    for (const [cell = "", others, create] of cells) {
      const attempted = asEnd(cell);
      const expected = [isRetried("DELETE", attempted), isRetried("POST", attempted)].map(yes);
      expect([cell, others, create]).toEqual([cell, ...expected]);
      expect(isRetried("GET", attempted)).toBe(isRetried("DELETE", attempted));
    }
    const listed = new Set(cells.map(([cell = ""]) => cell));
    const statuses = Array.from({ length: 500 }, (_, i) => i + 100);
    for (const attempted of [...statuses, "not-sent", "blocked", "network", "timeout", "aborted"]) {
      const isListed = listed.has(String(attempted));
      expect([attempted, isRetried("GET", attempted as EndKind)]).toEqual([attempted, isListed]);
    }
  });

  it("says how long the client waits before it sends a call again", () => {
    const [, most, longest, first, second] =
      /up to ([\d.]+) s and doubling to (\d+) s; after a 429, (\d+ to \d+) s and then (\d+ to \d+) s/.exec(
        readme,
      ) ?? [];
    const waits = (kind: EndKind, attempts: number): string => {
      return [0, 1]
        .map((random) => {
          vi.spyOn(Math, "random").mockReturnValueOnce(random);
          return (waitOf("GET", kind, attempts) ?? NaN) / 1000;
        })
        .join(" to ");
    };
    expect([waits(503, 1), waits(503, 2)]).toEqual([`0 to ${most}`, `0 to ${2 * Number(most)}`]);
    expect([waits(503, 5), waits(503, 6)]).toEqual([`0 to ${longest}`, `0 to ${longest}`]);
    expect([waits(429, 1), waits(429, 2), waits(429, 3)]).toEqual([first, second, second]);
    vi.restoreAllMocks();
  });

  it("has each option of a client, with its default", () => {
    const [, ...rows] = table("option");
    const known = rows.map(([option]) => option);
    const wrong: object = { none: 1 };
    expect(() => everything.createMakeClient(wrong as everything.MakeClientOptions)).toThrow(
      `pass only ${known.join(", ")}`,
    );
    const { timeout, totalTimeout, retries, maxBytes } = resolveOptions({
      zone: "eu1",
      token: "not-a-secret",
    });
    const thousands = (ms: number): string => `${ms / 1000} 000 ms`;
    expect(new Map(rows.map(([option, value]) => [option, value]))).toEqual(
      new Map([
        ...known.map((it) => [it, "–"] as const),
        ["zone", "MAKE_ZONE"],
        ["token", "MAKE_API_KEY"],
        ["timeout", thousands(timeout)],
        ["totalTimeout", thousands(totalTimeout)],
        ["retries", `${retries}`],
        ["maxBytes", `${maxBytes / 2 ** 20} MiB`],
        ["fetch", "the global one"],
      ]),
    );
  });

  it("has a row for each outcome", () => {
    const outcomes: Record<Outcome, true> = { "not-sent": true, rejected: true, unknown: true };
    const [, ...rows] = table("outcome");
    expect(rows.map(([outcome]) => outcome)).toEqual(Object.keys(outcomes));
  });

  it("quotes a job and its test as they are run", async () => {
    const job = join(ROOT, "test/rotation-job");
    const names = await readdir(job);
    const files = await Promise.all(names.map((name) => readFile(join(job, name), "utf8")));
    expect(blocks("quoted").length).toBeGreaterThan(1);
    for (const { code } of blocks("quoted")) {
      const parts = code.trim().split(/\n\n(?=test\()/);
      expect(files.some((file) => parts.every((part) => file.includes(part)))).toBe(true);
    }
  });

  it("names every value that the package exports", () => {
    for (const name of [...Object.keys(everything), ...Object.keys(kit)]) {
      expect(readme).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });

  it("names every fault of the testing kit", () => {
    for (const name of Object.keys(FAULTS)) expect(readme).toContain(`\`${name}\``);
  });

  it("lists the zones of the specification", () => {
    expect(table("zone")).toEqual([
      ["zone", ...Object.keys(servers)],
      ["host", ...Object.values(servers).map((url) => new URL(url).host)],
    ]);
  });

  it("links to nothing that is not published, and to no heading that is not there", async () => {
    const { files } = JSON.parse(await read("package.json"));
    const tokens = new MarkdownIt().parse(readme, {}).flatMap(({ children }) => children ?? []);
    const links = tokens
      .filter(({ type }) => type === "link_open")
      .map((link) => String(link.attrGet("href")));
    const headings = [...readme.matchAll(/^#+ (.*)/gm)].map(
      ([, text = ""]) =>
        `#${text
          .toLowerCase()
          .replace(/[^\w -]/g, "")
          .replaceAll(" ", "-")}`,
    );
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      if (!link.startsWith("https://")) expect([...headings, ...files, "LICENSE"]).toContain(link);
    }
  });
});
