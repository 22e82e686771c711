import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { writeFiles } from "../../scripts/lib/files.js";
import type { JsonObject } from "../../scripts/lib/json.js";
import type { Refusal } from "../../scripts/lib/refusal.js";
import type { Fragment } from "../../scripts/pull/findings.js";
import { fragmentsIn } from "../../scripts/pull/fragments.js";
import { accept, prepare } from "../../scripts/pull/prepare.js";

export const packageRoot = new URL("../../", import.meta.url);
/** A page of the same operations as Make's: what is tested with it outlives a change of that page. */
export const seed = readFileSync(new URL("pages/api-tokens.md", import.meta.url), "utf8");
export const hosts = ["make.com", "make.celonis.com"];

/** A sound document with one operation, with `more` in its root. */
export const openapi = (more: object = {}): JsonObject => ({
  openapi: "3.0.0",
  info: { title: "Things", version: "1.0.0" },
  servers: [{ url: "https://eu1.make.com/api/v2" }, { url: "https://us1.make.com/api/v2" }],
  security: [{ token: ["things:read"] }],
  components: {
    securitySchemes: { token: { type: "apiKey", in: "header", name: "Authorization" } },
  },
  paths: { "/things": { get: operation() } },
  ...more,
});

export const operation = (more: object = {}): JsonObject => ({
  responses: { 200: { description: "Done" } },
  ...more,
});

/** The same with more components. */
export const withComponents = (components: object, more: object = {}): JsonObject => {
  const document = openapi(more);
  return { ...document, components: { ...(document["components"] as JsonObject), ...components } };
};

/** A page with each document, or text, in a fenced block of its own. */
export const page = (...documents: (object | string)[]): string =>
  documents
    .map((document, index) => {
      const text = typeof document === "string" ? document : JSON.stringify(document, null, 2);
      return `## Operation ${index}\n\n> What it does.\n\n\`\`\`json\n${text}\n\`\`\`\n`;
    })
    .join("\n");

/** The fragments of a page. */
export const pageOf = (text: string): Fragment[] =>
  fragmentsIn(new Map([["page", Buffer.from(text)]]));

/** What a page comes to, in memory: the document, and what is noted; throws as the pull does. */
export async function take(text: string) {
  const { document, notes } = await accept(pageOf(text), hosts);
  return { document, notes: notes.map(({ where, what }) => `${where}: ${what}`) };
}

/** The refusal of a page. */
export async function refusalOf(text: string): Promise<Refusal> {
  return take(text).then(
    () => Promise.reject(new Error("it was taken")),
    (error: Refusal) => error,
  );
}

/** Pulls the seed page into a root, and leaves it there as `page.md`, for the next pull. */
export async function pullSeed(root: string): Promise<void> {
  const pages = [{ name: "api-tokens", url: "page.md" }];
  await write(root, "spec/sources.json", JSON.stringify({ pages, hosts }));
  await write(root, "page.md", seed);
  await writeFiles(root, (await prepare(root)).files);
}

/** A root whose pages are files in it. */
export async function rootWith(pages: Record<string, string>, more: Record<string, string> = {}) {
  const root = await mkdtemp(join(tmpdir(), "pull-"));
  const sources = {
    pages: Object.keys(pages).map((name) => ({ name, url: `docs/${name}.md` })),
    hosts,
  };
  await write(root, "spec/sources.json", JSON.stringify(sources, null, 2));
  for (const [name, text] of Object.entries(pages)) await write(root, `docs/${name}.md`, text);
  for (const [name, text] of Object.entries(more)) await write(root, name, text);
  return root;
}

export async function write(root: string, name: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), text);
}

/** Every file below `root`: name → text. */
export async function tree(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name.slice(root.length + 1), await readFile(name, "utf8")]),
    ),
  );
}
