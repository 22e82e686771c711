import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { lstat, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "./refusal.js";
import { printable } from "./text.js";

/** The folders that this process is at work in. */
const locked = new Set<string>();
/** Longer than any pull: an older lock of a process that cannot be seen from here is left over. */
const longestWorkMs = 15 * 60_000;
const mostAttempts = 10;

/**
 * One writer at a time per root: `body` runs while no other process that lives is in one. Each
 * process first shows a file of its own and then looks for others, so that two can never both go
 * on; a file whose process is dead counts for nothing.
 */
export async function withLock<T>(root: string, body: () => Promise<T>): Promise<T> {
  const folder = join(root, "spec");
  if (locked.has(folder)) throw busy(folder, `.lock-${process.pid}`);
  locked.add(folder);
  try {
    return await whileAlone(folder, body);
  } finally {
    locked.delete(folder);
  }
}

async function whileAlone<T>(folder: string, body: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    // Containers that share a folder can have the same process numbers.
    const own = `.lock-${process.pid}-${randomBytes(4).toString("hex")}`;
    try {
      await show(folder, own);
      const other = await otherWriter(folder, own);
      if (other === undefined) return await body();
      if (attempt === mostAttempts) throw busy(folder, other);
    } finally {
      // If it could not be written, an error that says so is on its way.
      await rm(join(folder, own), { force: true }).catch(() => undefined);
    }
    // Two that began at once each see the other: both step back, and one returns first.
    await sleep(20 + Math.random() * 100);
  }
}

async function show(folder: string, name: string): Promise<void> {
  try {
    await writeFile(join(folder, name), identityOf(process.pid), { flag: "wx" });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
    throw new Refusal(
      `${printable(dirname(folder))} has no folder spec/.`,
      "Name the right one by --root.",
    );
  }
}

/** A file of another form is nobody's lock, and stays. */
const lockName = /^\.lock-([1-9]\d{0,9})(?:-[0-9a-f]{8})?$/;

/** Undefined if this process is alone, and its own file is there for others to see. */
async function otherWriter(folder: string, own: string): Promise<string | undefined> {
  const names = await readdir(folder);
  for (const name of names) {
    const [, pid] = lockName.exec(name) ?? [];
    if (pid === undefined || name === own) continue;
    if (await isAtWork(join(folder, name), Number(pid))) return name;
  }
  // Another may have taken it for one that was half written by a dead process.
  return names.includes(own) ? undefined : own;
}

/** Removes the file of a process that is gone. */
async function isAtWork(file: string, pid: number): Promise<boolean> {
  try {
    if (!(await lstat(file)).isFile()) return false;
    if (await isWrittenByWriter(file, pid)) return true;
    await rm(file, { force: true });
    return false;
  } catch (error) {
    // It has gone in the meantime.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

async function isWrittenByWriter(file: string, pid: number): Promise<boolean> {
  const written = await readFile(file, "utf8");
  const [machine = ""] = written.split(" ");
  // Half written: its process is at it, or was killed there.
  if (!written.endsWith("\n")) return isAlive(pid);
  if (machine === machineOf()) return isAlive(pid) && written === identityOf(pid);
  // Of another container or machine, or from before a restart.
  return Date.now() - (await lstat(file)).mtimeMs < longestWorkMs;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to someone else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Tells a process from a later one with its number: its machine, and its start (proc(5)). */
const identityOf = (pid: number): string => `${machineOf()} ${startOf(pid)}\n`;

/** The host, the boot and the PID namespace; the host alone on a system without /proc. */
const machineOf = (): string =>
  [
    hostname(),
    orNothing(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    orNothing(() => readlinkSync("/proc/self/ns/pid")),
  ].join("/");

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
    `Another pull or generate (process ${lockName.exec(name)?.[1]}) is at work in ${printable(folder)}.`,
    `Run this again when it has ended; if it is no such process, delete ${name} there.`,
  );
