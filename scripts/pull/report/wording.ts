import type { Json } from "../../lib/json.js";
import { cut } from "../../lib/text.js";
import type { Both } from "./both.js";

const plain = /^[\p{L}\p{N}_$@:-]+$/u;
const word = /^(?!(?:none|null|true|false)$)\p{L}[\p{L}\p{N}_:./-]*$/u;
const longest = 60;

/** "apiTokens[]" and "label" → "apiTokens[].label" */
export function join(path: string, rest: string, separator = "."): string {
  if (path === "" || rest === "") return path + rest;
  return rest.startsWith("[") && separator === "." ? path + rest : path + separator + rest;
}

/** A property's name as a step of a path, quoted if it could be read as something else. */
export const step = (name: string): string => (plain.test(name) ? name : JSON.stringify(name));

/** A value, cut to a readable length; words that need no quotes have none. */
export function show(value: Json | undefined): string {
  if (value === undefined) return "none";
  if (typeof value === "string" && word.test(value) && value.length <= longest) return value;
  return cut(JSON.stringify(value), longest);
}

/** " from … to …", or nothing if both would look the same. */
export function fromTo({ before, after }: Both): string {
  const [from, to] = [show(before), show(after)];
  return from === to ? "" : ` from ${from} to ${to}`;
}
