import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readText, writeFiles } from "../lib/files.ts";
import { isObject, type Json } from "../lib/json.ts";
import { Refusal } from "../lib/refusal.ts";
import { printable } from "../lib/text.ts";
import { changesIn, isWritten } from "./changes.ts";

/** A report, and the files that it is about: name → base64, or null for one that is gone. */
const SAVED = "proposal.json";
const REMEDY = "Run `npm run propose -- --save`, which writes it.";

/** Saves what the pull and the release wrote, for another checkout; false if they wrote nothing. */
export async function saveProposal(root: string, report: string): Promise<boolean> {
  const changes = await changesIn(root);
  if (changes === undefined) return false;
  const files: Record<string, string | null> = {};
  for (const name of changes.names) {
    const path = join(root, name);
    files[name] = existsSync(path) ? (await readFile(path)).toString("base64") : null;
  }
  await writeFile(join(root, SAVED), JSON.stringify({ report, files }));
  return true;
}

/**
 * Writes into a checkout what was saved in another, and returns the report. Code of others ran where
 * it was saved: a file that no pull and no release writes is refused.
 */
export async function restoreProposal(root: string): Promise<string> {
  const saved = parsed((await readText(join(root, SAVED), SAVED, REMEDY)) ?? "");
  const { report, files } = isObject(saved) ? saved : {};
  if (typeof report !== "string" || !isObject(files)) {
    throw new Refusal(`${SAVED} holds no proposal.`, REMEDY);
  }
  await writeFiles(
    root,
    new Map(Object.entries(files).map(([name, it]) => [name, fileOf(name, it)])),
  );
  return report;
}

function fileOf(name: string, content: Json): Buffer | null {
  if (!isWritten(name) || (content !== null && typeof content !== "string")) {
    throw new Refusal(
      `${SAVED} holds what no pull and no release writes: ${printable(name)}`,
      REMEDY,
    );
  }
  return content === null ? null : Buffer.from(content, "base64");
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
