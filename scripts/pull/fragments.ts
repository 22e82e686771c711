import MarkdownIt from "markdown-it";
import { isObject, type Json, type JsonObject } from "../lib/json.ts";
import { excerpt, messageOf } from "../lib/text.ts";
import { type Fragment, pageFault, shown } from "./findings.ts";
import { checkSize } from "./guard.ts";
import { ANOTHER_PAGE, MARKDOWN, NOT_SUPPORTED } from "./remedies.ts";

/** Only blocks matter: without the inline rules, time stays in proportion to the page's length. */
const markdown = new MarkdownIt("commonmark", { maxNesting: 100 }).disable("inline");

/** Each line costs markdown-it time and memory for every quote or list that is open around it. */
const maxLines = 100_000;

/** The OpenAPI documents in the fenced code blocks of all pages; each page must have one. */
export const fragmentsIn = (pages: ReadonlyMap<string, Uint8Array>): Fragment[] =>
  [...pages].flatMap(([page, bytes]) => {
    // Without a byte-order mark, if there is one; another encoding has no fences.
    const text = new TextDecoder().decode(bytes);
    if (text.split("\n", maxLines + 1).length > maxLines) {
      throw pageFault(`${page}.md: more than ${maxLines} lines.`);
    }
    const blocks = markdown
      .parse(text, {})
      .filter(({ type }) => type === "fence")
      .map(({ map, content }) => ({ line: (map?.[0] ?? 0) + 1, content }));
    const fragments = blocks.flatMap(({ line, content }) => {
      const document = documentIn(content, `${page}.md:${line}`);
      return document ? [{ page, line, document }] : [];
    });
    if (fragments.length > 0) return fragments;
    const yaml = blocks.find(({ content }) => /^(?:openapi|swagger)[ \t]*:/m.test(content));
    if (yaml) throw pageFault(`${page}.md:${yaml.line}: OpenAPI in YAML.`, NOT_SUPPORTED);
    const isHtml = /^\s*<(?:!doctype|html)\b/i.test(text);
    if (isHtml) throw pageFault(`${page}.md: the page is HTML, not Markdown.`, MARKDOWN);
    throw pageFault(`${page}.md: no OpenAPI in any of its code blocks.`, ANOTHER_PAGE);
  });

/** Undefined if the block is something else. */
function documentIn(content: string, where: string): JsonObject | undefined {
  const document = content.trimStart().startsWith("{") ? parsed(content, where) : undefined;
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
    const why = excerpt(messageOf(error), 200);
    throw pageFault(`${where}: an OpenAPI block that is not sound JSON: ${why}.`);
  }
}
