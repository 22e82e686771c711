import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "./refusal.js";
import { printable } from "./text.js";

const locked = new Set<string>();
const lockPrefix = ".lock-";

/**
 * One writer at a time per root: `body` runs while no other process that lives is in one. Each
 * process first shows its own file and then looks for others, so that two can never both go on;
 * a file whose process is dead counts for nothing.
 */
export async function withLock<T>(root: string, body: () => Promise<T>): Promise<T> {
  const folder = join(root, "spec");
  const own = join(folder, lockPrefix + process.pid);
  if (locked.has(own)) throw busy(folder, process.pid);
  locked.add(own);
  try {
    for (let attempt = 1; ; attempt++) {
      await writeFile(own, "").catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
        throw new Refusal(
          `${printable(root)} has no folder spec/.`,
          "Name the right one by --root.",
        );
      });
      const other = await livingWriter(folder);
      if (other === undefined) return await body();
      // Two that began at once each see the other: both step back, and one returns first.
      await rm(own, { force: true });
      if (attempt === 10) throw busy(folder, other);
      await sleep(20 + Math.random() * 100);
    }
  } finally {
    locked.delete(own);
    // Where it could not be written, an error that says so is on its way.
    await rm(own, { force: true }).catch(() => undefined);
  }
}

async function livingWriter(folder: string): Promise<number | undefined> {
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(lockPrefix) ? Number(name.slice(lockPrefix.length)) : NaN;
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    if (isAlive(pid)) return pid;
    await rm(join(folder, name), { force: true });
  }
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const busy = (folder: string, pid: number): Refusal =>
  new Refusal(
    `Another pull or generate (process ${pid}) is at work in ${printable(folder)}.`,
    `Run this again when it has ended; if it is no such process, delete ${lockPrefix}${pid} there.`,
  );
