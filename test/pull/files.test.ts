import { spawnSync } from "node:child_process";
import { promises } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { outdated, writeFiles, type Files } from "../../scripts/lib/files.js";
import type * as Lock from "../../scripts/lib/lock.js";
import { withLock } from "../../scripts/lib/lock.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "files-"));
});
afterEach(() => rm(root, { recursive: true }));

const tree = async () =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(root, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
        .map(async (path) => [path.slice(root.length + 1), await readFile(path, "utf8")]),
    ),
  );
const files = (entries: Record<string, string | null>): Files => new Map(Object.entries(entries));

describe("writeFiles", () => {
  test("writes what differs, makes folders, and deletes what must not be there", async () => {
    await writeFiles(root, files({ "a/old": "1", "a/kept": "2" }));
    await writeFiles(root, files({ "a/old": null, "a/kept": "2", "b/c/new": "3" }));
    expect(await tree()).toEqual({ "a/kept": "2", "b/c/new": "3" });
  });

  test("keeps bytes that are no text", async () => {
    const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, 0xff, 0x0d, 0x0a);
    await writeFiles(root, new Map([["page", bytes]]));
    expect(new Uint8Array(await readFile(join(root, "page")))).toEqual(bytes);
    expect(await outdated(root, new Map([["page", bytes]]))).toEqual([]);
  });

  test("changes nothing when a file cannot be staged", async () => {
    await writeFiles(root, files({ "a/one": "old", blocked: "a file, not a folder" }));
    const before = await tree();
    const after = files({ "new/zero": "new", "a/one": "new", "blocked/two": "new" });
    await expect(writeFiles(root, after)).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(await tree()).toEqual(before);
    expect(await readdir(root)).toEqual(["a", "blocked"]);
  });

  test("takes back what was renamed when a later rename fails", async () => {
    await writeFiles(root, files({ "a/one": "old", "b/two": "old" }));
    const before = await tree();
    const { rename } = promises;
    vi.spyOn(promises, "rename")
      .mockImplementationOnce(rename)
      .mockImplementationOnce(rename)
      .mockRejectedValueOnce(new Error("disk"));
    syncBuiltinESMExports();
    onTestFinished(() => {
      vi.restoreAllMocks();
      syncBuiltinESMExports();
    });
    const after = files({ "new/zero": "new", "a/one": "new", "b/two": "new" });
    await expect(writeFiles(root, after)).rejects.toThrow("disk");
    expect(await tree()).toEqual(before);
    expect(await readdir(root)).toEqual(["a", "b"]);
  });

  test("removes what a killed run has left behind", async () => {
    await writeFiles(root, files({ "a/one": "1" }));
    await writeFile(join(root, "a/.two.staged-by-make-api-tokens"), "half");
    await writeFile(join(root, "a/two.staged"), "of somebody else");
    await writeFiles(root, files({ "a/one": "1" }));
    expect(await tree()).toEqual({ "a/one": "1", "a/two.staged": "of somebody else" });
  });
});

test("a pipe in place of a file is refused, and not waited for", async () => {
  spawnSync("mkfifo", [join(root, "pipe")]);
  await expect(outdated(root, files({ pipe: "text" }))).rejects.toThrow("pipe cannot be read");
});

test("outdated names the files that differ, are missing, or must not be there", async () => {
  await writeFiles(root, files({ same: "1", differs: "1", extra: "1" }));
  const wanted = files({ same: "1", differs: "2", missing: "3", extra: null, gone: null });
  expect(await outdated(root, wanted)).toEqual(["differs", "missing", "extra"]);
});

describe("withLock", () => {
  beforeEach(() => mkdir(join(root, "spec")));

  test("lets one in and refuses the next, in the same process", async () => {
    await withLock(root, async () => {
      await expect(withLock(root, async () => "second")).rejects.toThrow(/at work in/);
    });
    expect(await withLock(root, async () => "third")).toBe("third");
    expect(await readdir(join(root, "spec"))).toEqual([]);
  });

  test("refuses while another process that lives is in it", async () => {
    await writeFile(join(root, `spec/.lock-${process.ppid}`), "");
    await expect(withLock(root, async () => "second")).rejects.toThrow(
      `Another pull or generate (process ${process.ppid}) is at work`,
    );
    expect(await readdir(join(root, "spec"))).toEqual([`.lock-${process.ppid}`]);
  });

  test("takes over from a process that died", async () => {
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    await writeFile(join(root, `spec/.lock-${dead}`), "");
    expect(await withLock(root, async () => "taken over")).toBe("taken over");
    expect(await readdir(join(root, "spec"))).toEqual([]);
  });

  test("takes over from an earlier process with the number of one that lives", async () => {
    await withLock(root, async () => {
      const [own = ""] = await readdir(join(root, "spec"));
      const [machine] = (await readFile(join(root, "spec", own), "utf8")).split(" ");
      await writeFile(join(root, `spec/.lock-${process.ppid}`), `${machine} 1\n`);
      await writeFile(join(root, "spec/.lock-2"), "another-boot/pid:[1] 1\n");
      await utimes(join(root, "spec/.lock-2"), 1, 1);
    });
    expect(await withLock(root, async () => "taken over")).toBe("taken over");
    expect(await readdir(join(root, "spec"))).toEqual([]);
  });

  test("heeds a process that cannot be seen from here, while it can be at work", async () => {
    await writeFile(join(root, "spec/.lock-2"), "another-boot/pid:[1] 1\n");
    await expect(withLock(root, async () => "second")).rejects.toThrow(/process 2\) is at work/);
  });

  test("passes by what is no lock, and leaves it", async () => {
    const names = [".lock-", ".lock-0", ".lock--1", ".lock-1e3", ".lock-abc"];
    for (const name of names) await writeFile(join(root, "spec", name), "");
    expect(await withLock(root, async () => "free")).toBe("free");
    expect((await readdir(join(root, "spec"))).sort()).toEqual([...names].sort());
  });

  test("never takes the lock of another container for its own, whatever its number", async () => {
    const other = `.lock-${process.pid}-00000000`;
    await writeFile(join(root, "spec", other), "another-host/boot/pid:[1] 1\n");
    await expect(withLock(root, async () => "second")).rejects.toThrow(/is at work/);
    expect(await readdir(join(root, "spec"))).toEqual([other]);
  });

  test("passes by a pipe and a folder with the name of a lock", async () => {
    spawnSync("mkfifo", [join(root, "spec/.lock-2-00000000")]);
    await mkdir(join(root, "spec/.lock-3-00000000"));
    expect(await withLock(root, async () => "free")).toBe("free");
    expect(await readdir(join(root, "spec"))).toHaveLength(2);
  });

  test("lets in one after another of several with one number that come at once", async () => {
    const log: string[] = [];
    const modules: (typeof Lock)[] = [];
    for (let count = 0; count < 3; count++) {
      // Each has a module of its own, as processes do.
      vi.resetModules();
      modules.push(await import("../../scripts/lib/lock.js"));
    }
    const ends = await Promise.all(
      modules.map((lock) => {
        const work = async () => void log.push("in", await sleep(5, "out"));
        return lock.withLock(root, work).then(
          () => "done",
          (error: Error) => error.message,
        );
      }),
    );
    expect(ends).toContain("done");
    expect(ends.filter((end) => end !== "done").join()).toMatch(/^(?:Another pull .*)?$/);
    const inTurn = ends.flatMap((end) => (end === "done" ? ["in", "out"] : []));
    expect(log).toEqual(inTurn);
    expect(await readdir(join(root, "spec"))).toEqual([]);
  });

  test("is left when the work fails", async () => {
    await expect(withLock(root, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await readdir(join(root, "spec"))).toEqual([]);
  });

  test("names a root that has no spec/", async () => {
    await expect(withLock(join(root, "typo"), async () => 1)).rejects.toThrow(/no folder spec\//);
  });
});
