import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import { format } from "prettier";
import { checkTypes } from "../../scripts/generate/check.js";
import { generate } from "../../scripts/generate/emit.js";
import type { JsonObject } from "../../scripts/lib/json.js";
import { guard } from "../../scripts/pull/check/guard.js";
import { lint } from "../../scripts/pull/check/lint.js";
import { merge } from "../../scripts/pull/merge/merge.js";
import { fragmentsOf } from "../../scripts/pull/read/fragments.js";
import { compare } from "../../scripts/pull/report/report.js";
import { heaviestPage, referencePages } from "./reference.js";

const run = promisify(execFile);
const inPackage = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const hosts = ["make.com", "make.celonis.com"];

const ours = ["reading", "merging", "guard", "lint", "report", "verification"] as const;
const theirs = ["openapi-typescript", "prettier"] as const;
type Phase = (typeof ours)[number] | (typeof theirs)[number];
type Times = Record<Phase, number>;

/** Milliseconds that each phase takes for a reference of that many operations, best of a few runs. */
async function phases(operations: number, runs: number): Promise<Times> {
  const pages = [...referencePages(operations)].map(
    ([name, text]) => [name, new TextEncoder().encode(text)] as const,
  );
  const read = () => pages.flatMap(([name, bytes]) => fragmentsOf(name, bytes));
  const fragments = read();
  const merged = merge(fragments);
  const { document } = merged;
  const before = edited(document);
  // openapi-typescript changes the document that it is given.
  const copies = Array.from({ length: runs + 1 }, () => structuredClone(document));
  const bare = async () =>
    astToString(await openapiTS(copies.pop() as object as OpenAPI3, { silent: true }));
  const types = await bare();
  const files = await generate(`${JSON.stringify(document, null, 2)}\n`);

  const work: Record<Phase, () => unknown> = {
    reading: read,
    merging: () => merge(fragments),
    guard: () => guard(merged, hosts),
    lint: () => lint(merged),
    report: () => compare(before, document),
    verification: () => checkTypes(files.get("generated/paths.ts") ?? "", document),
    "openapi-typescript": bare,
    prettier: () => format(types, { parser: "typescript", printWidth: 100 }),
  };
  const times = {} as Times;
  for (const phase of [...ours, ...theirs]) times[phase] = await best(runs, work[phase]);
  return times;
}

/** The document with every tenth description changed, and one operation less. */
function edited(document: JsonObject): JsonObject {
  let descriptions = 0;
  const copy = JSON.parse(JSON.stringify(document), (key, value: unknown) =>
    key === "description" && typeof value === "string" && descriptions++ % 10 === 0
      ? `${value} Once.`
      : value,
  ) as { paths: JsonObject };
  const [path = ""] = Object.keys(copy.paths);
  delete copy.paths[path];
  return copy as object as JsonObject;
}

async function best(runs: number, work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}

/** Makes Node say last how much memory it had at most, in KiB. */
const SAY_PEAK = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => console.error(process.resourceUsage().maxRSS))',
)}`;

interface Cost {
  readonly ms: number;
  readonly peakMiB: number;
}

/** The cost of each command for these pages, as a process of its own, best of a few runs. */
async function wholeCommands(pages: ReadonlyMap<string, string>, runs: number) {
  const root = await mkdtemp(join(tmpdir(), "bench-"));
  const tsx = import.meta.resolve("tsx");
  async function node(...args: string[]): Promise<Cost> {
    let peakKiB = 0;
    const ms = await best(runs, async () => {
      const { stderr } = await run(process.execPath, ["--import", SAY_PEAK, ...args]);
      peakKiB = Math.max(peakKiB, Number(stderr.trim().split("\n").pop()));
    });
    return { ms, peakMiB: peakKiB / 1024 };
  }
  const script = (name: string) =>
    node("--import", tsx, inPackage(`scripts/${name}.ts`), "--root", root);
  try {
    await mkdir(join(root, "spec"));
    for (const [name, text] of pages) await writeFile(join(root, `${name}.md`), text);
    const sources = {
      pages: [...pages.keys()].map((name) => ({ name, url: `${name}.md` })),
      hosts,
    };
    await writeFile(join(root, "spec/sources.json"), JSON.stringify(sources));
    const pull = await script("pull");
    const generated = await script("generate");
    const openapi = join(root, "spec/openapi.json");
    const cli = inPackage("node_modules/openapi-typescript/bin/cli.js");
    const peer = await node(cli, openapi, "-o", join(root, "types.ts"));
    return [
      ["openapi-typescript, its own command", peer],
      ["generate", generated],
      ["pull, and generate", pull],
    ] as const;
  } finally {
    await rm(root, { recursive: true });
  }
}

const sum = (times: Times, of: readonly Phase[]): number =>
  of.reduce((total, phase) => total + times[phase], 0);

const row = (name: string, ...cells: (string | number)[]): void =>
  console.log(
    name.padEnd(36) +
      cells
        .map((cell) => (typeof cell === "number" ? cell.toFixed(1) : cell).padStart(10))
        .join(""),
  );

const sizes = [10, 100, 1000];
const columns: Times[] = [];
for (const size of sizes) columns.push(await phases(size, size < 1000 ? 9 : 5));

row("operations", ...sizes.map(String), "growth");
const line = (name: string, of: (times: Times) => number): void => {
  const cells = columns.map(of);
  row(`${name}, ms`, ...cells, `× ${((cells.at(-1) ?? 0) / (cells.at(-2) ?? 1)).toFixed(1)}`);
};
for (const phase of ours) line(`  ${phase}`, (times) => times[phase]);
line("added by this project", (times) => sum(times, ours));
for (const phase of theirs) line(phase, (times) => times[phase]);
row(
  "added / openapi-typescript",
  ...columns.map((times) => (sum(times, ours) / times["openapi-typescript"]).toFixed(2)),
);

const seed = await readFile(inPackage("spec/pages/api-tokens.md"), "utf8");
for (const [title, pages, runs] of [
  ["the seed page, as a command", new Map([["api-tokens", seed]]), 5],
  ["500 operations on 100 pages", referencePages(500), 3],
  ["the heaviest page that is taken", new Map([["heaviest", heaviestPage()]]), 1],
] as const) {
  console.log();
  row(title, "ms", "ratio", "peak, MiB");
  const commands = await wholeCommands(pages, runs);
  const [[, peer]] = commands;
  for (const [name, { ms, peakMiB }] of commands) {
    row(name, ms, (ms / peer.ms).toFixed(2), peakMiB.toFixed(0));
  }
}
