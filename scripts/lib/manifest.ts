import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject, type Json } from "./json.js";

/** The version that package.json names; undefined if there is none. */
export async function currentVersion(root: string): Promise<string | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Json;
    const version = isObject(manifest) ? manifest["version"] : undefined;
    return typeof version === "string" && /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/.test(version)
      ? version
      : undefined;
  } catch {
    return undefined;
  }
}
