import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "./refusal.js";
import { printable } from "./text.js";

const locked = new Set<string>();
const prefix = ".lock-";
/** No pull takes as long, so that a lock of a process that cannot be seen from here is left over. */
const longestWorkMs = 15 * 60_000;

/**
 * One writer at a time per root: `body` runs while no other process that lives is in one. Each
 * process first shows its own file and then looks for others, so that two can never both go on;
 * a file whose process is dead counts for nothing.
 */
export async function withLock<T>(root: string, body: () => Promise<T>): Promise<T> {
  const folder = join(root, "spec");
  const name = `${prefix}${process.pid}`;
  const own = join(folder, name);
  if (locked.has(own)) throw busy(folder, name);
  locked.add(own);
  try {
    for (let attempt = 1; ; attempt++) {
      await writeFile(own, identityOf(process.pid)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
        throw new Refusal(
          `${printable(root)} has no folder spec/.`,
          "Name the right one by --root.",
        );
      });
      const other = await livingWriter(folder, name);
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

/** A file of another form is nobody's lock, and stays. */
const lockName = /^\.lock-([1-9]\d{0,9})$/;

async function livingWriter(folder: string, own: string): Promise<string | undefined> {
  for (const name of await readdir(folder)) {
    const [, pid] = lockName.exec(name) ?? [];
    if (pid === undefined || name === own || !lstatSync(join(folder, name)).isFile()) continue;
    if (await isAtWork(join(folder, name), Number(pid))) return name;
    await rm(join(folder, name), { force: true });
  }
  return undefined;
}

async function isAtWork(file: string, pid: number): Promise<boolean> {
  try {
    const written = await readFile(file, "utf8");
    const [machine = ""] = written.split(" ");
    // Half written: its process is at it, or was killed there.
    if (!written.endsWith("\n")) return isAlive(pid);
    if (machine === machineOf()) return isAlive(pid) && written === identityOf(pid);
    // Of another container or machine, or from before a restart.
    return Date.now() - (await stat(file)).mtimeMs < longestWorkMs;
  } catch {
    // It has gone in the meantime.
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to someone else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Tells a process from a later one with its number: where it lives, and since when (proc(5)). */
const identityOf = (pid: number): string => `${machineOf()} ${startOf(pid)}\n`;

/** The boot and the PID namespace; the same text everywhere on a system without /proc. */
const machineOf = (): string =>
  `${orNothing(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim())}/${orNothing(() => readlinkSync("/proc/self/ns/pid"))}`;

/** The 22nd field of stat; the second, a name in parentheses, may hold spaces. */
const startOf = (pid: number): string =>
  orNothing(
    () => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19] ?? "",
  );

function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

const busy = (folder: string, name: string): Refusal =>
  new Refusal(
    `Another pull or generate (process ${name.slice(prefix.length)}) is at work in ${printable(folder)}.`,
    `Run this again when it has ended; if it is no such process, delete ${name} there.`,
  );
