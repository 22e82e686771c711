import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { Refusal } from "../lib/refusal.ts";
import { printable } from "../lib/text.ts";

/** A file that every release needs. */
export async function readText(root: string, name: string): Promise<string> {
  try {
    return await readFile(join(root, name), "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(
      `${name} cannot be read: ${printable(why)}.`,
      "Restore it from version control, or name the package's folder by --root.",
    );
  }
}

export async function readJson(root: string, name: string): Promise<JsonObject> {
  const text = await readText(root, name);
  try {
    const value = JSON.parse(text) as Json;
    if (isObject(value)) return value;
  } catch {
    // Refused below, as is any other value.
  }
  throw new Refusal(`${name} is no JSON object.`, "Restore it from version control.");
}

/** Finds a version's section of a changelog: the text between its heading and the next. */
export const sectionPattern = (version: string): RegExp =>
  new RegExp(
    `^## \\[${version.replace(/[.+]/g, "\\$&")}\\][^\\n]*\\n([^]*?)(?=^## \\[|^\\[[^\\]\\n]+\\]:|(?![^]))`,
    "m",
  );
