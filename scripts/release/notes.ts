import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../lib/refusal.js";
import { readOverlay, readSources } from "../pull/config.js";
import { fragmentsIn } from "../pull/fragments.js";
import { applyOverlay } from "../pull/overlay.js";
import { accept } from "../pull/prepare.js";
import type { Note } from "../pull/report/note.js";

/** The notes of the last pull, made again from the pages that it left in spec/pages. */
export async function notesOfLastPull(root: string): Promise<Note[]> {
  const { pages: sources, hosts } = await readSources(root);
  const pages = new Map<string, Uint8Array>();
  for (const { name } of sources) pages.set(name, await readPage(root, `spec/pages/${name}.md`));
  const overlaid = applyOverlay(fragmentsIn(pages), await readOverlay(root));
  const { notes } = await accept(overlaid.fragments, hosts);
  return [...overlaid.notes, ...notes];
}

const readPage = (root: string, name: string): Promise<Buffer> =>
  readFile(join(root, name)).catch(() => {
    throw new Refusal(`${name} cannot be read.`, "Run `npm run pull`, which writes this file.");
  });
