import { type JsonObject, type Path } from "../../lib/json.js";
import { cut, excerpt } from "../../lib/text.js";
import { offsetsOf } from "./strict-json.js";

/** One OpenAPI document of a page, and its line there. */
export interface Fragment {
  readonly page: string;
  /** The line of the page on which `text` begins, from 1. */
  readonly line: number;
  readonly text: string;
  readonly document: JsonObject;
}

/** "api-tokens.md:17", the line of the value at `path`, or of the nearest value around it. */
export const placeOf = (fragment: Fragment, path: Path): string =>
  placesOf(fragment, [path])[0] ?? fragment.page;

/** The same for many values, with one look at the text. */
export function placesOf(fragment: Fragment, paths: readonly Path[]): string[] {
  const { page, line, text } = fragment;
  const offsets = offsetsOf(text, paths);
  const lines = new Map<number, number>();
  let [passed, breaks] = [0, 0];
  for (const offset of [...offsets].sort((a, b) => a - b)) {
    breaks += linesIn(text.slice(passed, offset)) - 1;
    passed = offset;
    lines.set(offset, breaks);
  }
  return offsets.map((offset) => `${page}.md:${line + (lines.get(offset) ?? 0)}`);
}

export const placeAt = ({ page, line, text }: Omit<Fragment, "document">, offset: number): string =>
  `${page}.md:${line + linesIn(text.slice(0, offset)) - 1}`;

export const linesIn = (text: string): number => text.split(/\r\n?|\n/).length;

/** "paths./users/me.get.parameters[0]" */
export function pathText(path: Path): string {
  const steps = path.map((step, index) =>
    typeof step === "number" ? `[${step}]` : (index > 0 ? "." : "") + cut(step, 150),
  );
  return excerpt(steps.join(""), 300) || "the document";
}
