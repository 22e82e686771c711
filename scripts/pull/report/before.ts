import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject, type Json, type JsonObject } from "../../lib/json.js";
import { Refusal } from "../../lib/refusal.js";

/** Written by the release: the merged document of the last one. */
export const RELEASED = "spec/released.json";

/** What consumers may have pinned: the last release, else the last pull; undefined before the first. */
export async function documentBefore(root: string): Promise<JsonObject | undefined> {
  return (await readDocument(root, RELEASED)) ?? readDocument(root, "spec/openapi.json");
}

/** Undefined where there is no such file. */
export async function readDocument(root: string, name: string): Promise<JsonObject | undefined> {
  try {
    const document = JSON.parse(await readFile(join(root, name), "utf8")) as Json;
    if (isObject(document)) return document;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  }
  throw new Refusal(
    `${name} cannot be read, so there is nothing to compare with.`,
    "Restore it from version control, or delete it so that everything counts as new.",
  );
}
