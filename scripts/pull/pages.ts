import { readFile } from "node:fs/promises";
import { excerpt, messageOf } from "../lib/text.ts";
import type { Source } from "./config.ts";
import { pageFault } from "./findings.ts";
import { SEE_THE_PAGE } from "./remedies.ts";

const atOnce = 6;
const timeoutMs = 30_000;
/** Of a page, and of all pages together. */
const maxBytes = 5 * 1024 * 1024;
const maxBytesOfAll = 16 * 1024 * 1024;

/** The bytes of every page by name, read a few at a time; the first failure ends them all. */
export async function readPages(sources: readonly Source[]): Promise<Map<string, Uint8Array>> {
  const stop = new AbortController();
  const pages: [string, Uint8Array][] = [];
  const waiting = sources.entries();
  let [count, size] = [0, 0];
  const reader = async (): Promise<void> => {
    for (const [index, source] of waiting) {
      const bytes = await readPage(source, stop);
      size += bytes.length;
      if (size > maxBytesOfAll) throw pageFault("The pages are larger than 16 MiB together.");
      pages[index] = [source.name, bytes];
      showProgress(`Read ${++count} of ${sources.length} pages`);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, reader));
  } finally {
    stop.abort();
    showProgress("");
  }
  return new Map(pages);
}

/** A line for a person at a terminal, in place of the one before. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}

async function readPage({ name, from }: Source, stop: AbortController): Promise<Uint8Array> {
  const late = new Error(`no complete answer came within ${timeoutMs / 1000} seconds`);
  const timer = setTimeout(() => stop.abort(late), timeoutMs);
  try {
    const bytes = await (typeof from === "string" ? readFile(from) : download(from, stop.signal));
    if (bytes.length <= maxBytes) return bytes;
    throw new Error("the page is larger than 5 MiB");
  } catch (error) {
    const what = `${name} (${excerpt(String(from), 200)}): ${excerpt(messageOf(error), 200)}.`;
    throw pageFault(what, SEE_THE_PAGE);
  } finally {
    clearTimeout(timer);
  }
}

/** No more than is taken is read, however long an answer is. */
async function download(from: URL, signal: AbortSignal): Promise<Uint8Array> {
  const headers = { accept: "text/markdown, text/plain;q=0.9, */*;q=0.1" };
  const response = await fetch(from, { signal, headers });
  // Another host must not decide what is generated here.
  if (new URL(response.url).origin !== from.origin) {
    throw new Error(`redirected to another host, ${response.url}`);
  }
  if (response.status !== 200) throw new Error(`the server answered ${response.status}`);
  const reader = response.body?.getReader();
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
