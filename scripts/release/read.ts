import { join } from "node:path";
import { readText as readIfThere } from "../lib/files.ts";
import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { Refusal } from "../lib/refusal.ts";

const REMEDY = "Restore it from version control, or name the package's folder by --root.";

/** A file that every release needs. */
export async function readText(root: string, name: string): Promise<string> {
  const text = await readIfThere(join(root, name), name, REMEDY);
  if (text !== undefined) return text;
  throw new Refusal(`${name} is not there.`, REMEDY);
}

export const readJson = async (root: string, name: string): Promise<JsonObject> =>
  parseObject(await readText(root, name), name);

export function parseObject(text: string, name: string): JsonObject {
  try {
    const value = JSON.parse(text) as Json;
    if (isObject(value)) return value;
  } catch {
    // Refused below, as is any other value.
  }
  throw new Refusal(`${name} is no JSON object.`, "Restore it from version control.");
}
