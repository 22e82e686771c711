import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Refusal } from "./refusal.js";
import { printable } from "./text.js";

/** Path relative to the root → content; `null`: there must be no such file. */
export type Files = ReadonlyMap<string, string | Uint8Array | null>;

const staged = ".staged";

/** The names of the files that differ by a byte from `files`. */
export async function outdated(root: string, files: Files): Promise<string[]> {
  return (await differences(root, files)).map(({ name }) => name);
}

/**
 * Stages every changed file beside its target, then renames in the order of `files`, so that the
 * last entry is the last to change. Where it throws, everything is as it was; where the process is
 * killed, each file is old or new, and the next call removes what was staged.
 */
export async function writeFiles(root: string, files: Files): Promise<void> {
  const folders = new Set([...files.keys()].map((name) => dirname(join(root, name))));
  for (const folder of folders) await removeStaged(folder);

  const changes = await differences(root, files);
  const created: string[] = [];
  const renamed: Change[] = [];
  try {
    for (const { path, after } of changes) {
      if (after === null) continue;
      const first = await mkdir(dirname(path), { recursive: true });
      if (first !== undefined) created.push(first);
      await writeFile(path + staged, after, { flush: true });
    }
    for (const change of changes) {
      if (change.after === null) await rm(change.path);
      else await rename(change.path + staged, change.path);
      renamed.push(change);
    }
  } catch (error) {
    for (const { path, before } of renamed.reverse()) {
      if (before === null) await rm(path);
      else await writeFile(path, before, { flush: true });
    }
    for (const folder of folders) await removeStaged(folder);
    for (const folder of created) await rm(folder, { recursive: true });
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
      const before = await readFile(path).catch(absent).catch(unreadable(name));
      return { name, path, before, after: content === null ? null : Buffer.from(content) };
    }),
  );
  return all.filter(({ before, after }) =>
    before === null || after === null ? before !== after : !before.equals(after),
  );
}

/** For --check: refuses a tree that `command` would change. */
export async function refuseOutdated(root: string, files: Files, command: string): Promise<void> {
  const names = await outdated(root, files);
  if (names.length === 0) return;
  throw new Refusal(
    names.map((name) => `Out of date: ${printable(name)}`).join("\n"),
    `Run \`${command}\` and commit what it changes.`,
  );
}

/** `null` for every other file in `folder` that begins with `head`, as what this program wrote does. */
export async function others(
  root: string,
  folder: string,
  files: Files,
  head: string,
): Promise<Files> {
  const found = await readdir(join(root, folder), { withFileTypes: true }).catch(absent);
  const stale = new Map<string, null>();
  for (const entry of found ?? []) {
    const name = `${folder}/${entry.name}`;
    if (!entry.isFile() || entry.name.endsWith(staged) || files.has(name)) continue;
    if ((await readFile(join(root, name), "utf8")).startsWith(head)) stale.set(name, null);
  }
  return stale;
}

async function removeStaged(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(absent)) ?? [];
  for (const name of names) {
    if (name.endsWith(staged)) await rm(join(folder, name), { force: true });
  }
}

const unreadable =
  (name: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new Refusal(
      `${printable(name)} cannot be read (${error.code}).`,
      "Make it a file that can be read and written, then run the same command again.",
    );
  };

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
