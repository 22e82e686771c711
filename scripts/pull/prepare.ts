import { join } from "node:path";
import { GENERATED, generate } from "../generate/emit.js";
import { type Files, filesIn, leftovers } from "../lib/files.js";
import type { JsonObject } from "../lib/json.js";
import { Refusal } from "../lib/refusal.js";
import { guard } from "./check/guard.js";
import { checkFragments, checkLimits } from "./check/limits.js";
import { lint } from "./check/lint.js";
import { mend } from "./mend/mend.js";
import { merge } from "./merge/merge.js";
import { notesOf, type Remark } from "./notes.js";
import { applyOverlay } from "./read/apply-overlay.js";
import type { Fragment } from "./read/fragment.js";
import { fragmentsIn } from "./read/fragments.js";
import { readOverlay } from "./read/overlay.js";
import { readPages } from "./read/pages.js";
import { readSources, type Source } from "./read/sources.js";
import { documentBefore } from "./baseline.js";
import { compare } from "./compare.js";
import type { Change, Note } from "./report.js";
import { pageFault } from "./remedies.js";

export interface Prepared {
  changes: Change[];
  notes: Note[];
  /** All that the pull writes, spec/openapi.json last. */
  files: Files;
}

/** Everything that a pull comes to, built and verified in memory. */
export async function prepare(root: string): Promise<Prepared> {
  const { pages: sources, hosts } = await readSources(root);
  const pages = await readAll(sources);
  const fragments = fragmentsIn(pages);
  checkFragments(fragments);
  const overlaid = applyOverlay(fragments, await readOverlay(root));
  const { document, remarks } = await accept(overlaid.fragments, hosts);
  const changes = compare(await documentBefore(root), document);
  const files = await filesFor(root, sources, pages, document);
  return { changes, notes: [...overlaid.notes, ...notesOf(remarks)], files };
}

/** One document of all fragments, mended if that is safe, and refused if not. */
export async function accept(
  fragments: readonly Fragment[],
  hosts: readonly string[],
): Promise<Accepted> {
  const merged = merge(fragments);
  checkLimits(merged);
  const mended = mend(merged);
  const checked = { document: mended.document, originOf: merged.originOf };
  guard(checked, hosts);
  await lint(checked);
  return { document: mended.document, remarks: [...merged.remarks, ...mended.remarks] };
}

export interface Accepted {
  readonly document: JsonObject;
  readonly remarks: readonly Remark[];
}

async function readAll(sources: readonly Source[]): Promise<Map<string, Uint8Array>> {
  const show = (text: string): unknown => process.stderr.isTTY && process.stderr.write(text);
  const clear = "\r\u001b[K";
  try {
    return await readPages(sources, (done, all) => show(`${clear}Read ${done} of ${all} pages`));
  } finally {
    show(clear);
  }
}

async function generated(openapi: string): Promise<Map<string, string>> {
  try {
    return await generate(openapi);
  } catch (error) {
    // `generate` advises to pull, which is of no use within a pull.
    throw error instanceof Refusal ? pageFault(error.message) : error;
  }
}

/** spec/openapi.json is the last to be written: until then, a pull still reports against the old. */
async function filesFor(
  root: string,
  sources: readonly Source[],
  pages: ReadonlyMap<string, Uint8Array>,
  document: JsonObject,
): Promise<Files> {
  const openapi = `${JSON.stringify(document, null, 2)}\n`;
  const written = new Map<string, string | Uint8Array>([
    ...[...pages].map(([name, bytes]) => [`spec/pages/${name}.md`, bytes] as const),
    ...(await generated(openapi)),
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
