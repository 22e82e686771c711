import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { Refusal, runCommand } from "./command.js";
import { type Files, others, outdated, withLock, writeFiles } from "./files.js";
import { generate } from "./generate/emit.js";
import { isObject, type Json, type JsonObject } from "./json.js";
import { type Fragment, pageFault } from "./pull/fragment.js";
import { guard } from "./pull/guard.js";
import { lint } from "./pull/lint.js";
import { merge } from "./pull/merge.js";
import { fragmentsOf } from "./pull/page.js";
import { asJson, asText } from "./pull/print.js";
import { readPages } from "./pull/read-pages.js";
import { compare } from "./pull/report.js";
import { readSources, type Source } from "./pull/sources.js";

const maxFragments = 10_000;

await runCommand({ json: true }, async ({ root, check, json }) => {
  const pull = async (): Promise<boolean> => {
    const { pages: sources, hosts } = await readSources(root);
    const pages = await readAll(sources);
    const merged = merge(fragmentsIn(pages));
    guard(merged, hosts);
    await lint(merged);
    const changes = compare(await committed(root), merged.document);
    const files = await filesFor(root, sources, pages, merged.document);
    process.stdout.write(json ? asJson(changes) : asText(changes, await currentVersion(root)));
    if (check) await refuseOutdated(root, files);
    else await writeFiles(root, files);
    return true;
  };
  return check ? pull() : withLock(root, pull);
});

async function readAll(sources: readonly Source[]): Promise<Map<string, Uint8Array>> {
  const show = (text: string): unknown => process.stderr.isTTY && process.stderr.write(text);
  const clear = "\r\u001b[K";
  try {
    return await readPages(sources, (done, all) => show(`${clear}Read ${done} of ${all} pages`));
  } finally {
    show(clear);
  }
}

function fragmentsIn(pages: ReadonlyMap<string, Uint8Array>): Fragment[] {
  const all: Fragment[] = [];
  for (const [name, bytes] of pages) {
    const fragments = fragmentsOf(name, bytes);
    if (fragments.length === 0)
      throw pageFault(`${name}.md: no OpenAPI in any of its code blocks.`);
    all.push(...fragments);
    const tooMany = all[maxFragments];
    if (tooMany) {
      throw pageFault(`${tooMany.page}.md:${tooMany.line}: more than ${maxFragments} fragments.`);
    }
  }
  return all;
}

/** Undefined before the first pull. */
async function committed(root: string): Promise<JsonObject | undefined> {
  try {
    const document = JSON.parse(await readFile(join(root, "spec/openapi.json"), "utf8")) as Json;
    if (isObject(document)) return document;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  }
  throw new Refusal(
    "spec/openapi.json cannot be read, so there is nothing to compare with.",
    "Restore it from version control, or delete it so that everything counts as new.",
  );
}

/** spec/openapi.json is the last to be written: until then, a pull still reports against the old. */
async function filesFor(
  root: string,
  sources: readonly Source[],
  pages: ReadonlyMap<string, Uint8Array>,
  document: JsonObject,
): Promise<Files> {
  const openapi = `${JSON.stringify(document, null, 2)}\n`;
  const written = new Map<string, string | Uint8Array>([
    ...[...pages].map(([name, bytes]) => [`spec/pages/${name}.md`, bytes] as const),
    ...(await generate(openapi)),
  ]);
  const stale = new Map([
    ...(await others(root, "spec/pages", written)),
    ...(await others(root, "generated", written)),
  ]);
  for (const { from } of sources) {
    if (typeof from === "string") stale.delete(relative(root, from));
  }
  return new Map([...written, ...stale, ["spec/openapi.json", openapi]]);
}

async function currentVersion(root: string): Promise<string | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Json;
    const version = isObject(manifest) ? manifest["version"] : undefined;
    return typeof version === "string" && /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/.test(version)
      ? version
      : undefined;
  } catch {
    return undefined;
  }
}

async function refuseOutdated(root: string, files: Files): Promise<void> {
  const names = await outdated(root, files);
  if (names.length === 0) return;
  throw new Refusal(
    names.map((name) => `Out of date: ${name}`).join("\n"),
    "Run `npm run pull` and commit what it changes.",
  );
}
