import { join } from "node:path";
import { readText } from "../lib/files.ts";
import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { Refusal } from "../lib/refusal.ts";

/** Written by the release: the merged document of the last one. */
export const RELEASED = "spec/released.json";

/** The document that consumers may have pinned: the last release, else the last pull; undefined before the first. */
export const documentBefore = async (root: string): Promise<JsonObject | undefined> =>
  (await readDocument(root, RELEASED)) ?? readDocument(root, "spec/openapi.json");

/** Undefined if there is no such file. */
export async function readDocument(root: string, name: string): Promise<JsonObject | undefined> {
  const remedy = "Restore it from version control, or delete it so that everything counts as new.";
  const text = await readText(join(root, name), name, remedy);
  if (text === undefined) return undefined;
  try {
    const document = JSON.parse(text) as Json;
    if (isObject(document)) return document;
  } catch {
    // Refused like anything else that is no document.
  }
  throw new Refusal(`${name} cannot be read, so there is nothing to compare with.`, remedy);
}
