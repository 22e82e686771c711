import MarkdownIt from "markdown-it";
import { isObject } from "../../lib/json.js";
import { ANOTHER_PAGE, NOT_SUPPORTED, pageFault } from "../remedies.js";
import { type Fragment, linesIn, placeAt } from "./fragment.js";
import { JsonFault, parseStrict } from "./strict-json.js";

const maxNesting = 100;
/** Each line costs markdown-it time and memory for every quote or list that is open around it. */
const maxLines = 100_000;

/** Only blocks matter: without the inline rules, time stays in proportion to the page's length. */
const markdown = new MarkdownIt("commonmark", { maxNesting }).disable("inline");

const maxFragments = 10_000;

/** The OpenAPI documents of all pages; each page must have one. */
export function fragmentsIn(pages: ReadonlyMap<string, Uint8Array>): Fragment[] {
  const all: Fragment[] = [];
  for (const [name, bytes] of pages) {
    const fragments = fragmentsOf(name, bytes);
    if (fragments.length === 0) {
      throw pageFault(`${name}.md: no OpenAPI in any of its code blocks.`, ANOTHER_PAGE);
    }
    all.push(...fragments);
    const tooMany = all[maxFragments];
    if (tooMany) {
      throw pageFault(`${tooMany.page}.md:${tooMany.line}: more than ${maxFragments} fragments.`);
    }
  }
  return all;
}

/** The OpenAPI documents in the fenced blocks of a Markdown page. */
export function fragmentsOf(page: string, bytes: Uint8Array): Fragment[] {
  const fragments: Fragment[] = [];
  let yaml: number | undefined;
  const text = decode(page, bytes);
  if (linesIn(text) > maxLines) throw pageFault(`${page}.md: more than ${maxLines} lines.`);
  for (const token of markdown.parse(text, {})) {
    const [firstLine = 0] = token.map ?? [];
    if (isContainer.has(token.type) && token.level >= maxNesting - 1) {
      throw pageFault(`${page}.md:${firstLine + 1}: too many quotes or lists inside each other.`);
    }
    if (token.type !== "fence") continue;
    const fragment = read(page, firstLine + 2, token.info, token.content);
    if (fragment) fragments.push(fragment);
    else if (inYaml.test(token.content)) yaml ??= firstLine + 2;
  }
  if (fragments.length === 0 && yaml !== undefined) {
    throw pageFault(`${page}.md:${yaml}: an OpenAPI document in YAML.`, NOT_SUPPORTED);
  }
  return fragments;
}

const inYaml = /^["']?(?:openapi|swagger)["']?[ \t]*:/m;

/** markdown-it passes over what a container at its limit holds, and says nothing. */
const isContainer = new Set(["blockquote_open", "list_item_open"]);

function decode(page: string, bytes: Uint8Array): string {
  try {
    // TextDecoder drops a byte-order mark.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw pageFault(`${page}.md: not a text in UTF-8.`);
  }
}

/** Blocks of other languages may quote JSON; those without a language usually are what they hold. */
const languages = /^\s*(?:json\b|$)/i;
const claim = /["']?\b(?:openapi|swagger)["']?\s*:/i;

function read(page: string, line: number, info: string, text: string): Fragment | undefined {
  if (!languages.test(info) && !text.trimStart().startsWith("{")) return undefined;
  try {
    const document = parseStrict(text);
    if (!isObject(document) || !("openapi" in document || "swagger" in document)) return undefined;
    return { page, line, text, document };
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    if (!claim.test(text)) return undefined;
    const place = placeAt({ page, line, text }, error.offset);
    throw pageFault(`${place}: an OpenAPI block that is not sound JSON: ${error.message}.`);
  }
}
