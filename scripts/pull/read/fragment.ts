import { Refusal } from "../../lib/refusal.js";
import { printable } from "../../lib/text.js";
import { isObject, type Json, type JsonObject } from "../../lib/json.js";
import { offsetOf, type Path } from "./strict-json.js";

/** One OpenAPI document of a page, and where it stands there. */
export interface Fragment {
  page: string;
  /** The line of the page on which `text` begins, from 1. */
  line: number;
  text: string;
  document: JsonObject;
}

/** "api-tokens.md:17", the line of the value at `path`, or of the nearest value around it. */
export function placeOf(fragment: Fragment, path: Path): string {
  return placeAt(fragment, offsetOf(fragment.text, path));
}

export function placeAt({ page, line, text }: Omit<Fragment, "document">, offset: number): string {
  return `${page}.md:${line + linesIn(text.slice(0, offset)) - 1}`;
}

export const linesIn = (text: string): number => text.split(/\r\n?|\n/).length;

/** "paths./users/me.get.parameters[0]" */
export const pathText = (path: Path): string =>
  path
    .map((step, index) =>
      typeof step === "number"
        ? `[${step}]`
        : (index > 0 ? "." : "") + printable(step.slice(0, 200)),
    )
    .join("") || "the document";

/** The value at `path`, if there is one. */
export function valueAt(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((inner, step) => child(inner, step), value);
}

function child(value: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(value)) return typeof step === "number" ? value[step] : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

export const pageFault = (what: string): Refusal =>
  new Refusal(
    what,
    "Nothing was changed. Have the page mended by those who write it, then pull again.",
  );
