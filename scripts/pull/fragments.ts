import MarkdownIt from "markdown-it";
import { isObject, type Json } from "../lib/json.ts";
import { excerpt } from "../lib/text.ts";
import { type Fragment, pageFault, shown } from "./findings.ts";
import { checkSize } from "./limits.ts";
import { ANOTHER_PAGE, NOT_SUPPORTED } from "./remedies.ts";

/** Only blocks matter: without the inline rules, time stays in proportion to the page's length. */
const markdown = new MarkdownIt("commonmark", { maxNesting: 100 }).disable("inline");

/** Each line costs markdown-it time and memory for every quote or list that is open around it. */
const maxLines = 100_000;

/** The OpenAPI documents in the fenced code blocks of all pages; each page must have one. */
export function fragmentsIn(pages: ReadonlyMap<string, Uint8Array>): Fragment[] {
  return [...pages].flatMap(([page, bytes]) => {
    const text = textOf(page, bytes);
    const fences = markdown.parse(text, {}).filter(({ type }) => type === "fence");
    const fragments = fences.flatMap(({ map, info, content }) => {
      const line = (map?.[0] ?? 0) + 1;
      const document = documentIn(info, content, `${page}.md:${line}`);
      return document ? [{ page, line, document }] : [];
    });
    if (fragments.length > 0) return fragments;
    const yaml = fences.find(({ content }) => /^(?:openapi|swagger)[ \t]*:/m.test(content));
    const line = (yaml?.map?.[0] ?? 0) + 1;
    throw yaml
      ? pageFault(`${page}.md:${line}: OpenAPI in YAML.`, NOT_SUPPORTED)
      : pageFault(`${page}.md: no OpenAPI in any of its code blocks.`, ANOTHER_PAGE);
  });
}

function textOf(page: string, bytes: Uint8Array): string {
  // Without a byte-order mark, if there is one; another encoding has no fences.
  const text = new TextDecoder().decode(bytes);
  if (text.split("\n", maxLines + 1).length <= maxLines) return text;
  throw pageFault(`${page}.md: more than ${maxLines} lines.`);
}

/** Undefined if the block is something else. */
function documentIn(
  info: string,
  content: string,
  where: string,
): Fragment["document"] | undefined {
  // Blocks of other languages may quote JSON; those without a language usually are what they hold.
  const isJson = /^\s*(?:json\b|$)/i.test(info) || content.trimStart().startsWith("{");
  const document = isJson ? parsed(content, where) : undefined;
  if (!isObject(document) || !("openapi" in document || "swagger" in document)) return undefined;
  const version = document["openapi"];
  if (typeof version !== "string" || !/^3\.0\.\d+$/.test(version)) {
    const found = version === undefined ? "Swagger" : shown(version);
    throw pageFault(`${where}: openapi: only 3.0 is read, not ${found}.`, NOT_SUPPORTED);
  }
  checkSize(document, where);
  return document;
}

function parsed(content: string, where: string): Json | undefined {
  try {
    return JSON.parse(content) as Json;
  } catch (error) {
    // An extract with an ellipsis, say.
    if (!/\b(?:openapi|swagger)["']?\s*:/i.test(content)) return undefined;
    const why = excerpt(error instanceof Error ? error.message : String(error), 200);
    throw pageFault(`${where}: an OpenAPI block that is not sound JSON: ${why}.`);
  }
}
