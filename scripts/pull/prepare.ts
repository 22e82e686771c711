import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { generate, PULL } from "../generate/emit.ts";
import type { Files } from "../lib/files.ts";
import { Refusal } from "../lib/refusal.ts";
import { readDocument, RELEASED } from "./baseline.ts";
import { check } from "./check.ts";
import { compare } from "./compare.ts";
import { readOverlay, readSources, type Source } from "./config.ts";
import { type Fragment, pageFault } from "./findings.ts";
import { fragmentsIn } from "./fragments.ts";
import { checkSize, refuseDangers } from "./guard.ts";
import { merge } from "./merge.ts";
import { applyOverlay } from "./overlay.ts";
import { readPages } from "./pages.ts";
import type { Report } from "./report.ts";

const OPENAPI = "spec/openapi.json";

/**
 * Everything that a pull comes to, built and checked in memory: the report, and all files that it
 * writes, spec/openapi.json last, so that an interrupted pull still reports against the old one.
 *
 * @throws Refusal
 */
export async function prepare(root: string): Promise<Report & { files: Files }> {
  const sources = await readSources(root);
  const actions = await readOverlay(root);
  const pages = await readPages(sources.pages);
  const overlaid = applyOverlay(fragmentsIn(pages), actions);
  const { document, notes } = await accept(overlaid.fragments, sources.hosts);
  // What consumers may have pinned: the last release, else the last pull.
  const before = (await readDocument(root, RELEASED)) ?? (await readDocument(root, OPENAPI));
  const changes = compare(before, document);
  const openapi = `${JSON.stringify(document, null, 2)}\n`;
  const files = new Map<string, string | Uint8Array | null>([
    ...(await removedPages(root, sources.pages)),
    ...[...pages].map(([name, bytes]) => [fileOf(name), bytes] as const),
    ...(await generate(openapi).catch(refusePage)),
    [OPENAPI, openapi],
  ]);
  return { changes, notes: [...overlaid.notes, ...notes], files };
}

/** One document of all fragments: safe, valid and of a size that is taken. */
export async function accept(fragments: readonly Fragment[], hosts: readonly string[]) {
  // A reference of 500 operations has as many. Each is compared with others, and looked up for notes.
  if (fragments.length > 2000) throw pageFault("The pages together: more than 2000 fragments.");
  const merged = merge(fragments);
  checkSize(merged.document, "The pages together");
  refuseDangers(merged.document, hosts, fragments);
  const checked = await check(merged.document, fragments);
  // What was left out may have been what a reference leads to.
  refuseDangers(checked.document, hosts, fragments);
  return { document: checked.document, notes: [...merged.notes, ...checked.notes] };
}

const fileOf = (name: string): string => `spec/pages/${name}.md`;

/** `null` for each page in spec/pages that is no longer named, neither as a page nor as a source. */
async function removedPages(root: string, sources: readonly Source[]): Promise<Files> {
  const named = new Set(sources.flatMap(({ name, from }) => [join(root, fileOf(name)), from]));
  // Before the first pull, there is no such folder.
  const found = await readdir(join(root, "spec/pages")).catch(() => []);
  const pages = found.filter((name) => name.endsWith(".md")).map((name) => `spec/pages/${name}`);
  return new Map(pages.filter((name) => !named.has(join(root, name))).map((name) => [name, null]));
}

/** Within a pull, the generator's advice to pull is of no use. */
function refusePage(error: unknown): never {
  if (!(error instanceof Refusal)) throw error;
  throw pageFault(error.message, error.remedy === PULL ? undefined : error.remedy);
}
