import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../lib/refusal.ts";
import { excerpt } from "../lib/text.ts";
import type { Source } from "./config.ts";
import { pageFault } from "./faults.ts";

const atOnce = 6;
const attempts = 3;
const waitMs = 250;
const timeoutMs = 30_000;
/** Of a page, and of all pages together. */
const maxBytes = 5 * 1024 * 1024;
const maxBytesOfAll = 16 * 1024 * 1024;

/** These may be gone when the page is asked for again. */
const passingStatus = new Set([429, 502, 503, 504]);

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
      const bytes = await readPage(source, stop);
      size += bytes.length;
      if (size > maxBytesOfAll) {
        const remedy = "Take the largest out of spec/sources.json.";
        throw pageFault("The pages are larger than 16 MiB together.", remedy);
      }
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

async function readPage({ name, from }: Source, stop: AbortController): Promise<Uint8Array> {
  const where = `${name} (${excerpt(String(from), 200)})`;
  const bytes = await (typeof from === "string"
    ? readFile(from).catch((error: unknown): never => {
        throw refusal(where, `the file cannot be read: ${messageOf(error)}`);
      })
    : readRemote(where, from, stop));
  const start = new TextDecoder().decode(bytes.subarray(0, 1000)).trimStart();
  if (bytes.length > maxBytes) throw refusal(where, "the page is larger than 5 MiB");
  if (start === "" && bytes.length < 1000) throw refusal(where, "the page is empty");
  if (/^<(?:!doctype|html)\b/i.test(start)) throw refusal(where, HTML, MARKDOWN);
  return bytes;
}

const HTML = "the page is HTML, not Markdown";
const MARKDOWN =
  "The Markdown of a page is at the address that ends in .md: name that one in spec/sources.json.";

async function readRemote(where: string, from: URL, stop: AbortController): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    const late = refusal(where, `no complete answer came within ${timeoutMs / 1000} seconds`);
    const timer = setTimeout(() => stop.abort(late), timeoutMs);
    try {
      const headers = { accept: "text/markdown, text/plain;q=0.9, */*;q=0.1" };
      const response = await fetch(from, { signal: stop.signal, headers });
      // Another host must not decide what is generated here.
      if (new URL(response.url).origin !== from.origin) {
        throw refusal(where, `redirected to another host: ${excerpt(response.url)}`);
      }
      if (response.status === 200) return await bodyOf(response);
      await response.body?.cancel();
      if (attempt === attempts || !passingStatus.has(response.status)) {
        throw refusal(where, `the server answered ${response.status}`);
      }
    } catch (error) {
      if (error instanceof Refusal || stop.signal.aborted) throw error;
      if (attempt === attempts)
        throw refusal(where, `it could not be fetched: ${messageOf(error)}`);
    } finally {
      clearTimeout(timer);
    }
    await sleep(waitMs * 2 ** (attempt - 1), undefined, { signal: stop.signal });
  }
}

/** No more than is taken is read, however long an answer is. */
async function bodyOf({ body }: Response): Promise<Uint8Array> {
  const reader = body?.getReader();
  const parts: Uint8Array[] = [];
  for (let size = 0; reader && size <= maxBytes;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    parts.push(value);
  }
  await reader?.cancel();
  return Buffer.concat(parts);
}

/** fetch says "fetch failed", and its cause says why. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return excerpt(String(error), 200);
  if (error.cause instanceof Error) return messageOf(error.cause);
  const code = "code" in error ? String(error.code) : error.name;
  return excerpt(error.message || code, 200);
}

const refusal = (
  where: string,
  what: string,
  remedy = "See whether the page is there and spec/sources.json names it, then pull again.",
): Refusal => pageFault(`${where}: ${what}.`, remedy);
