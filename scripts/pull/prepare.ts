import { join } from "node:path";
import { GENERATED, generate } from "../generate/emit.ts";
import { type Files, filesIn, leftovers } from "../lib/files.ts";
import type { JsonObject } from "../lib/json.ts";
import { Refusal } from "../lib/refusal.ts";
import { check, type Checked } from "./check.ts";
import { readOverlay, readSources, type Source } from "./config.ts";
import { type Fragment, type Note, pageFault, refusalOf } from "./faults.ts";
import { fragmentsIn } from "./fragments.ts";
import { dangersIn } from "./guard.ts";
import { checkSize } from "./limits.ts";
import { merge } from "./merge.ts";
import { applyOverlay } from "./overlay.ts";
import { readPages } from "./pages.ts";
import { documentBefore } from "./baseline.ts";

import { compare } from "./compare.ts";
import type { Change } from "./report.ts";

export interface Prepared {
  readonly changes: readonly Change[];
  readonly notes: readonly Note[];
  /** All that the pull writes, spec/openapi.json last. */
  readonly files: Files;
}

/** Everything that a pull comes to, built and checked in memory; throws a Refusal. */
export async function prepare(root: string): Promise<Prepared> {
  const sources = await readSources(root);
  const actions = await readOverlay(root);
  const pages = await readPages(sources.pages, showProgress).finally(() => showProgress(0, 0));
  const overlaid = applyOverlay(fragmentsIn(pages), actions);
  const { document, notes } = await accept(overlaid.fragments, sources.hosts);
  const changes = compare(await documentBefore(root), document);
  const files = await filesFor(root, sources.pages, pages, document);
  return { changes, notes: [...overlaid.notes, ...notes], files };
}

/** One document of all fragments: safe, valid and of a size that is taken. */
export async function accept(
  fragments: readonly Fragment[],
  hosts: readonly string[],
): Promise<Checked> {
  const merged = merge(fragments);
  checkSize(merged.document, fragments);
  refuseDangers(merged.document);
  const checked = await check(merged.document, fragments);
  // What was left out may have been what a reference leads to.
  refuseDangers(checked.document);
  return { document: checked.document, notes: [...merged.notes, ...checked.notes] };

  function refuseDangers(document: JsonObject): void {
    const dangers = dangersIn(document, hosts);
    if (dangers.length > 0) throw refusalOf(dangers, document, fragments);
  }
}

/** A line for a person at a terminal, which goes when all is read. */
function showProgress(done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\u001b[K${done < all ? `Read ${done} of ${all} pages` : ""}`);
}

/** spec/openapi.json is the last to be written: until then, a pull still reports against the old. */
async function filesFor(
  root: string,
  sources: readonly Source[],
  pages: ReadonlyMap<string, Uint8Array>,
  document: JsonObject,
): Promise<Files> {
  const openapi = `${JSON.stringify(document, null, 2)}\n`;
  const generated = await generate(openapi).catch((error: unknown): never => {
    if (!(error instanceof Refusal)) throw error;
    // The advice to pull is of no use within a pull.
    const isWayOn = error.remedy.includes("spec/overlay.json");
    throw pageFault(error.message, isWayOn ? error.remedy : undefined);
  });
  const written = new Map<string, string | Uint8Array>([
    ...[...pages].map(([name, bytes]) => [`spec/pages/${name}.md`, bytes] as const),
    ...generated,
  ]);
  const stale = await leftovers(root, "generated", written, GENERATED);
  const removed = await removedPages(root, sources, written);
  return new Map([...written, ...stale, ...removed, ["spec/openapi.json", openapi]]);
}

/** `null` for each page in spec/pages that is no longer named, neither as a page nor as a source. */
async function removedPages(
  root: string,
  sources: readonly Source[],
  written: ReadonlyMap<string, unknown>,
): Promise<Files> {
  const named = new Set(sources.map(({ from }) => from));
  const found = await filesIn(root, "spec/pages");
  return new Map(
    found
      .filter((name) => name.endsWith(".md") && !written.has(name) && !named.has(join(root, name)))
      .map((name) => [name, null]),
  );
}
