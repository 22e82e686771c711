import { Refusal } from "../lib/refusal.js";
import { type Files, others } from "../lib/files.js";
import { GENERATED, generate } from "../generate/emit.js";
import type { JsonObject } from "../lib/json.js";
import { type Fragment, pageFault } from "./read/fragment.js";
import { guard } from "./check/guard.js";
import { lint } from "./check/lint.js";
import { merge } from "./merge/merge.js";
import { fragmentsOf } from "./read/fragments.js";
import { readPages } from "./read/pages.js";
import type { Note } from "./report/note.js";
import { documentBefore } from "./report/before.js";
import { type Change, compare } from "./report/report.js";
import { readSources, type Source } from "./read/sources.js";

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
  const merged = merge(fragmentsIn(pages));
  guard(merged, hosts);
  await lint(merged);
  const changes = compare(await documentBefore(root), merged.document);
  const files = await filesFor(root, pages, merged.document);
  return { changes, notes: [], files };
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

const maxFragments = 10_000;

function fragmentsIn(pages: ReadonlyMap<string, Uint8Array>): Fragment[] {
  const all: Fragment[] = [];
  for (const [name, bytes] of pages) {
    const fragments = fragmentsOf(name, bytes);
    if (fragments.length === 0)
      throw pageFault(`${name}.md: no OpenAPI in any of its code blocks.`);
    all.push(...fragments);
    const tooMany = all[maxFragments];
    if (tooMany) {
      throw pageFault(`${tooMany.page}.md:${tooMany.line}: more than ${maxFragments} fragments.`);
    }
  }
  return all;
}

async function generated(openapi: string): Promise<Map<string, string>> {
  try {
    return await generate(openapi);
  } catch (error) {
    // Its remedy is to pull.
    throw error instanceof Refusal ? pageFault(error.message) : error;
  }
}

/** spec/openapi.json is the last to be written: until then, a pull still reports against the old. */
async function filesFor(
  root: string,
  pages: ReadonlyMap<string, Uint8Array>,
  document: JsonObject,
): Promise<Files> {
  const openapi = `${JSON.stringify(document, null, 2)}\n`;
  const written = new Map<string, string | Uint8Array>([
    ...[...pages].map(([name, bytes]) => [`spec/pages/${name}.md`, bytes] as const),
    ...(await generated(openapi)),
  ]);
  const stale = await others(root, "generated", written, GENERATED);
  return new Map([...written, ...stale, ["spec/openapi.json", openapi]]);
}
