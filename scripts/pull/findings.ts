import { type Json, type JsonObject, type Path, valueAt } from "../lib/json.ts";
import { leaveOut, Refusal } from "../lib/refusal.ts";
import { cut, excerpt, firstLines } from "../lib/text.ts";
import { CORRECT_A_COPY } from "./remedies.ts";

/** One OpenAPI document of a page. */
export interface Fragment {
  /** The name of the page. */
  readonly page: string;
  /** The line of the page on which its code block begins, from 1. */
  readonly line: number;
  readonly document: JsonObject;
}

/** A fault for which a document is refused. */
export interface Finding {
  readonly path: Path;
  readonly what: string;
  /** What to do about it; without it, to leave out the operation around. */
  readonly remedy?: string | undefined;
}

/** "api-tokens.md:17" */
export const lineOf = ({ page, line }: Fragment): string => `${page}.md:${line}`;

/** The line of the first fragment that has something at a path of the merged document, or around it. */
export function placeOf(fragments: readonly Fragment[], path: Path): string {
  const found = fragments.find(({ document }) => valueAt(document, path) !== undefined);
  if (found) return lineOf(found);
  return path.length > 0 ? placeOf(fragments, path.slice(0, -1)) : "spec/sources.json";
}

/** "paths./users/me.get.parameters[0]" */
export function pathText(path: Path): string {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${cut(step, 150)}`));
  return excerpt(steps.join("").replace(/^\./, ""), 300) || "the document";
}

/** A value as it is quoted. */
export const shown = (value: Json | undefined): string =>
  value === undefined ? "nothing" : excerpt(JSON.stringify(value));

/** A page that is refused: what is wrong, a line for each, and the remedy for the first. */
export const pageFault = (what: string, remedy = CORRECT_A_COPY): Refusal =>
  new Refusal(what, `Nothing was changed. ${remedy}`);

/** Refuses a document for what was found in it: each with its place and the text there. */
export function refusalOf(
  findings: readonly Finding[],
  document: JsonObject,
  fragments: readonly Fragment[],
): Refusal {
  const lines = firstLines(findings, ({ path, what }) => {
    const value = valueAt(document, path);
    const isText = typeof value === "string" && !what.includes(value);
    const quoted = isText ? `: ${shown(value)}` : "";
    return `${placeOf(fragments, path)}: ${pathText(path)}: ${excerpt(what, 300)}${quoted}`;
  });
  const [{ path, remedy } = { path: [] }] = findings;
  return pageFault(lines.join("\n"), remedy ?? leaveOut(path) ?? CORRECT_A_COPY);
}
