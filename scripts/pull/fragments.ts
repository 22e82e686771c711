import MarkdownIt from "markdown-it";
import { isObject, type Json } from "../lib/json.ts";
import { excerpt } from "../lib/text.ts";
import { type Fragment, pageFault, shown } from "./faults.ts";
import { checkSize } from "./limits.ts";
import { ANOTHER_PAGE, NOT_SUPPORTED } from "./remedies.ts";

/** Only blocks matter: without the inline rules, time stays in proportion to the page's length. */
const markdown = new MarkdownIt("commonmark", { maxNesting: 100 }).disable("inline");

/** Each line costs markdown-it time and memory for every quote or list that is open around it. */
const maxLines = 100_000;

/** The OpenAPI documents of all pages; each page must have one. */
export const fragmentsIn = (pages: ReadonlyMap<string, Uint8Array>): Fragment[] =>
  [...pages].flatMap(([page, bytes]) => fragmentsOf(page, bytes));

/** The OpenAPI documents in the fenced code blocks of a Markdown page. */
export function fragmentsOf(page: string, bytes: Uint8Array): Fragment[] {
  const text = decode(page, bytes);
  if (text.split("\n", maxLines + 1).length > maxLines) {
    throw pageFault(`${page}.md: more than ${maxLines} lines.`);
  }
  const blocks = markdown
    .parse(text, {})
    .filter(({ type }) => type === "fence")
    .map(({ map, info, content }) => ({ page, line: (map?.[0] ?? 0) + 1, info, content }));
  const fragments = blocks.flatMap((block) => fragmentIn(block) ?? []);
  if (fragments.length > 0) return fragments;
  const yaml = blocks.find(({ content }) => /^(?:openapi|swagger)[ \t]*:/m.test(content));
  throw yaml
    ? pageFault(`${page}.md:${yaml.line}: an OpenAPI document in YAML.`, NOT_SUPPORTED)
    : pageFault(`${page}.md: no OpenAPI in any of its code blocks.`, ANOTHER_PAGE);
}

interface Block {
  readonly page: string;
  readonly line: number;
  readonly info: string;
  readonly content: string;
}

function decode(page: string, bytes: Uint8Array): string {
  try {
    // TextDecoder drops a byte-order mark.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw pageFault(`${page}.md: not a text in UTF-8.`);
  }
}

/** Blocks of other languages may quote JSON; those without a language usually are what they hold. */
const isJson = ({ info, content }: Block): boolean =>
  /^\s*(?:json\b|$)/i.test(info) || content.trimStart().startsWith("{");

/** Undefined if the block is something else. */
function fragmentIn(block: Block): Fragment | undefined {
  const { page, line } = block;
  const document = isJson(block) ? parsed(block) : undefined;
  if (!isObject(document) || !("openapi" in document || "swagger" in document)) return undefined;
  const version = document["openapi"];
  if (typeof version !== "string" || !/^3\.0\.\d+$/.test(version)) {
    const found = version === undefined ? "Swagger" : shown(version);
    throw pageFault(`${page}.md:${line}: openapi: only 3.0 is read, not ${found}.`, NOT_SUPPORTED);
  }
  const fragment = { page, line, document };
  checkSize(document, [fragment]);
  return fragment;
}

function parsed({ page, line, content }: Block): Json | undefined {
  try {
    return JSON.parse(content) as Json;
  } catch (error) {
    // An extract with an ellipsis, say.
    if (!/\b(?:openapi|swagger)["']?\s*:/i.test(content)) return undefined;
    const why = excerpt(error instanceof Error ? error.message : String(error), 200);
    throw pageFault(`${page}.md:${line}: an OpenAPI block that is not sound JSON: ${why}.`);
  }
}
