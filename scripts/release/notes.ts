import { join } from "node:path";
import { readRegularFile } from "../lib/files.js";
import { Refusal } from "../lib/refusal.js";
import { notesOf } from "../pull/notes.js";
import { accept } from "../pull/prepare.js";
import { applyOverlay } from "../pull/read/apply-overlay.js";
import { fragmentsIn } from "../pull/read/fragments.js";
import { readOverlay } from "../pull/read/overlay.js";
import { readSources } from "../pull/read/sources.js";
import type { Note } from "../pull/report.js";

/** The notes of the last pull, made again from the pages that it left in spec/pages. */
export async function notesOfLastPull(root: string): Promise<Note[]> {
  const { pages: sources, hosts } = await readSources(root);
  const pages = new Map<string, Uint8Array>();
  for (const { name } of sources) pages.set(name, await readPage(root, `spec/pages/${name}.md`));
  const overlaid = applyOverlay(fragmentsIn(pages), await readOverlay(root));
  const { remarks } = await accept(overlaid.fragments, hosts);
  return [...overlaid.notes, ...notesOf(remarks)];
}

const readPage = (root: string, name: string): Promise<Buffer> =>
  readRegularFile(join(root, name)).catch(() => {
    throw new Refusal(`${name} cannot be read.`, "Run `npm run pull`, which writes this file.");
  });
