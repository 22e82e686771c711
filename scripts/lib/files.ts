import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { Refusal } from "./refusal.ts";
import { excerpt, firstLines, messageOf } from "./text.ts";

/** Path relative to the root → content; `null`: there must be no such file. */
export type Files = ReadonlyMap<string, string | Uint8Array | null>;

/** A folder of the root, from which files are renamed into place; git ignores it. */
const STAGED = ".staged-by-make-api-tokens";

/** A folder outside of every repository, which goes when `body` ends. */
export async function withTemporaryFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "make-api-tokens-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The object in a JSON file; refused with this remedy if it cannot be read. */
export async function readObject(root: string, name: string, remedy: string): Promise<JsonObject> {
  try {
    const bytes = await readFile(join(root, name));
    const value: Json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isObject(value)) return value;
    throw new TypeError("it holds no object");
  } catch (error) {
    throw new Refusal(`${name} cannot be read: ${excerpt(messageOf(error), 200)}.`, remedy);
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
  const message = firstLines(names, (name) => `Out of date: ${name}`).join("\n");
  throw new Refusal(message, `Run \`${command}\` and commit what it changes.`);
}

/**
 * Stages every changed file, then renames in the order of `files`, so that the last entry is the
 * last to change. If it throws, every file is as it was; if the process is killed, each file is old
 * or new, and the next call removes what was staged.
 */
export async function writeFiles(root: string, files: Files): Promise<void> {
  const staged = join(root, STAGED);
  await rm(staged, { recursive: true, force: true });
  const changes = await differences(root, files);
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const { name, after } of changes) {
      await mkdir(dirname(join(staged, name)), { recursive: true });
      if (after !== null) await writeFile(join(staged, name), after, { flush: true });
    }
    for (const { name, before, after } of changes) {
      const path = join(root, name);
      undo.push(() => (before === null ? rm(path, { force: true }) : writeFile(path, before)));
      await mkdir(dirname(path), { recursive: true });
      if (after === null) await rm(path);
      else await rename(join(staged, name), path);
    }
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

/** The files that differ; `null`: there is none, or must be none. */
async function differences(root: string, files: Files) {
  const all = await Promise.all(
    [...files].map(async ([name, content]) => {
      const path = join(root, name);
      const before = existsSync(path) ? await readFile(path) : null;
      return { name, before, after: content === null ? null : Buffer.from(content) };
    }),
  );
  return all.filter(({ before, after }) =>
    before === null || after === null ? before !== after : !isCheckoutOf(after, before),
  );
}

/** Whether a file is the same, or what git makes of it on a system whose lines end in CRLF. */
function isCheckoutOf(content: Buffer, file: Buffer): boolean {
  const [wanted, found] = [content.toString("latin1"), file.toString("latin1")];
  return found === wanted || found === wanted.replaceAll("\n", "\r\n");
}
