import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Refusal } from "./refusal.ts";
import { excerpt, firstLines, printable } from "./text.ts";

/** Path relative to the root → content; `null`: there must be no such file. */
export type Files = ReadonlyMap<string, string | Uint8Array | null>;

/** Beside the target; the name is ours alone, because such files are removed. */
const stagedFor = (path: string): string =>
  join(dirname(path), `.${basename(path)}.staged-by-make-api-tokens`);
const isStaged = (name: string): boolean => /^\..+\.staged-by-make-api-tokens$/.test(name);

/** A folder outside of every repository, which goes when `body` ends. */
export async function withTemporaryFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "make-api-tokens-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The text of a file, undefined if there is none; refused if it cannot be read as text. */
export async function readText(
  path: string,
  name: string,
  remedy: string,
): Promise<string | undefined> {
  try {
    const bytes = await readFile(path).catch(absent);
    return bytes === null ? undefined : new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(`${printable(name)} cannot be read: ${excerpt(why)}.`, remedy);
  }
}

/** The names of the files that differ from `files`, but for line ends that git has turned into CRLF. */
export async function outdated(root: string, files: Files): Promise<string[]> {
  return (await differences(root, files)).map(({ name }) => name);
}

/** For --check: refuses a tree that `command` would change. */
export async function refuseOutdated(root: string, files: Files, command: string): Promise<void> {
  const names = await outdated(root, files);
  if (names.length === 0) return;
  throw new Refusal(
    firstLines(names, (name) => `Out of date: ${printable(name)}`).join("\n"),
    `Run \`${command}\` and commit what it changes.`,
  );
}

/**
 * Stages every changed file beside its target, then renames in the order of `files`, so that the
 * last entry is the last to change. If it throws, everything is as it was; if the process is
 * killed, each file is old or new, and the next call removes what was staged.
 */
export async function writeFiles(root: string, files: Files): Promise<void> {
  const folders = new Set([...files.keys()].map((name) => dirname(join(root, name))));
  for (const folder of folders) await removeStaged(folder);
  const changes = await differences(root, files);
  const undo: (() => Promise<unknown>)[] = [];
  try {
    for (const { path, after } of changes) {
      if (after === null) continue;
      const created = await mkdir(dirname(path), { recursive: true });
      if (created !== undefined) undo.push(() => rm(created, { recursive: true }));
      undo.push(() => rm(stagedFor(path), { force: true }));
      await writeFile(stagedFor(path), after, { flag: "wx", flush: true });
    }
    for (const { path, before, after } of changes) {
      undo.push(() => (before === null ? rm(path, { force: true }) : writeFile(path, before)));
      if (after === null) await rm(path);
      else await rename(stagedFor(path), path);
    }
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

interface Change {
  name: string;
  path: string;
  before: Buffer | null;
  after: Buffer | null;
}

async function differences(root: string, files: Files): Promise<Change[]> {
  const all = await Promise.all(
    [...files].map(async ([name, content]) => {
      const path = join(root, name);
      const before = await readFile(path).catch(absent);
      return { name, path, before, after: content === null ? null : Buffer.from(content) };
    }),
  );
  return all.filter(({ before, after }) =>
    before === null || after === null ? before !== after : !isCheckoutOf(after, before),
  );
}

/** Whether a file is the same, or what git makes of it on a system whose lines end in CRLF. */
const isCheckoutOf = (content: Buffer, file: Buffer): boolean =>
  file.equals(content) ||
  (!content.includes("\r") &&
    file.equals(Buffer.from(content.toString("latin1").replaceAll("\n", "\r\n"), "latin1")));

/** `null` for every other file in `folder` that begins with `head`, as what this program wrote does. */
export async function leftovers(
  root: string,
  folder: string,
  files: Files,
  head: string,
): Promise<Files> {
  const stale = new Map<string, null>();
  for (const name of await filesIn(root, folder)) {
    if (files.has(name)) continue;
    const text = await readFile(join(root, name), "utf8");
    if (text.startsWith(head)) stale.set(name, null);
  }
  return stale;
}

/** The regular files in a folder, as names relative to the root. */
export async function filesIn(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(absent);
  return (entries ?? [])
    .filter((entry) => entry.isFile() && !isStaged(entry.name))
    .map(({ name }) => `${folder}/${name}`);
}

async function removeStaged(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(absent)) ?? [];
  for (const name of names) {
    if (isStaged(name)) await rm(join(folder, name), { force: true });
  }
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
