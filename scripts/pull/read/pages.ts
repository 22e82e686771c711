import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../../lib/refusal.js";
import { excerpt } from "../../lib/text.js";
import { withRegularFile } from "../../lib/files.js";
import { pageFault } from "../remedies.js";
import type { Source } from "./sources.js";

const atOnce = 6;
const attempts = 3;
const waitMs = 250;
const timeoutMs = 30_000;
const maxHops = 5;
const maxBytes = 5 * 1024 * 1024;
/** Of all pages together. */
const maxBytesOfAll = 16 * 1024 * 1024;

const passingStatus = new Set([429, 502, 503, 504]);
/** Faults of the network that another attempt may find mended. */
const passingCode =
  /^(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENETDOWN|UND_ERR_.*)$/;

/** The bytes of every page by name, read a few at a time; the first failure ends them all. */
export async function readPages(
  sources: readonly Source[],
  onPage: (done: number, total: number) => void,
): Promise<Map<string, Uint8Array>> {
  const stop = new AbortController();
  const pages = new Map<string, Uint8Array>();
  const waiting = sources.values();
  let size = 0;
  const reader = async (): Promise<void> => {
    for (const source of waiting) {
      const bytes = await readPage(source, stop.signal);
      size += bytes.length;
      if (size > maxBytesOfAll) throw tooMuch();
      pages.set(source.name, bytes);
      onPage(pages.size, sources.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, reader));
  } finally {
    stop.abort();
  }
  return new Map(sources.map(({ name }) => [name, pages.get(name) ?? new Uint8Array()]));
}

async function readPage({ name, from }: Source, stop: AbortSignal): Promise<Uint8Array> {
  const where = `${name} (${excerpt(String(from), 200)})`;
  const bytes = await (typeof from === "string"
    ? readLocal(where, from)
    : readRemote(where, from, stop));
  const start = new TextDecoder().decode(bytes.subarray(0, 1000)).trimStart();
  if (start === "" && bytes.length < 1000) throw refusal(where, "the page is empty");
  if (/^<(?:!doctype|html)\b/i.test(start)) throw html(where, from);
  return bytes;
}

async function readLocal(where: string, path: string): Promise<Uint8Array> {
  try {
    return await withRegularFile(path, (file) => limited(where, file.createReadStream()));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw refusal(where, `the file cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function readRemote(where: string, from: URL, stop: AbortSignal): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt === attempts;
    try {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
      const response = await follow(where, from, signal);
      if (response.status === 200) return await limited(where, bodyOf(where, from, response));
      await response.body?.cancel();
      if (last || !passingStatus.has(response.status)) {
        throw refusal(where, `the server answered ${response.status}`);
      }
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (last || stop.aborted || !passingCode.test(codeOf(error))) {
        throw refusal(where, `it could not be fetched: ${messageOf(error)}`, { cause: error });
      }
    }
    await sleep(waitMs * 2 ** (attempt - 1), undefined, { signal: stop });
  }
}

/** Follows redirects by hand: another host must not decide what is generated here. */
async function follow(where: string, from: URL, signal: AbortSignal): Promise<Response> {
  let address = from;
  for (let hop = 0; hop <= maxHops; hop++) {
    const response = await fetch(address, {
      signal,
      redirect: "manual",
      headers: { accept: "text/markdown, text/plain;q=0.9, */*;q=0.1" },
    });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    const next = URL.canParse(location, address) ? new URL(location, address) : undefined;
    if (next?.origin !== from.origin) {
      throw refusal(where, `redirected to another host: ${excerpt(location)}`);
    }
    address = next;
  }
  throw refusal(where, `redirected more than ${maxHops} times`);
}

function bodyOf(where: string, from: URL, { headers, body }: Response): AsyncIterable<Uint8Array> {
  if (/^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(headers.get("content-type") ?? "")) {
    throw html(where, from);
  }
  // lib.dom does not know that Node's streams can be iterated.
  return (body ?? new Blob().stream()) as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>;
}

async function limited(where: string, chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw refusal(where, "the page is larger than 5 MiB");
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return code === "" ? codeOf(error.cause) : code;
}

/** fetch says "fetch failed", and its cause says why. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return excerpt(String(error), 200);
  return error.cause instanceof Error
    ? messageOf(error.cause)
    : excerpt(error.message || codeOf(error), 200);
}

const html = (where: string, from: URL | string): Refusal =>
  refusal(where, "the page is HTML, not Markdown", {
    remedy: `The Markdown of a page is at the address that ends in .md${markdownOf(from)}: name that one in spec/sources.json.`,
  });

function markdownOf(from: URL | string): string {
  if (typeof from === "string" || /\.md$/.test(from.pathname)) return "";
  const address = new URL(from);
  address.pathname = `${address.pathname.replace(/\/+$/, "")}.md`;
  return `, here probably ${excerpt(address.href, 300)}`;
}

const tooMuch = (): Refusal =>
  pageFault(
    "The pages are larger than 16 MiB together.",
    "Take the largest out of spec/sources.json.",
  );

const SEE_SOURCES =
  "See whether the page is there and spec/sources.json names it, then pull again.";

const refusal = (
  where: string,
  what: string,
  { cause, remedy = SEE_SOURCES }: { cause?: unknown; remedy?: string } = {},
): Refusal => pageFault(`${where}: ${what}.`, remedy, { cause });
