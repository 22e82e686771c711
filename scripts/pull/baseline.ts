import { existsSync } from "node:fs";
import { join } from "node:path";
import { readObject } from "../lib/files.ts";
import type { JsonObject } from "../lib/json.ts";

/** Written by the release: the merged document of the last one. */
export const RELEASED = "spec/released.json";

/** Undefined if there is no such file. */
export async function readDocument(root: string, name: string): Promise<JsonObject | undefined> {
  const remedy = "Restore it from version control, or delete it so that everything counts as new.";
  return existsSync(join(root, name)) ? readObject(root, name, remedy) : undefined;
}
