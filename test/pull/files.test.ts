import { spawn } from "node:child_process";
import { promises } from "node:fs";
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type Files, outdated, writeFiles } from "../../scripts/lib/files.js";
import { packageRoot, tree } from "./support.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "files-"));
});
afterEach(() => rm(root, { recursive: true }));

const files = (entries: Record<string, string | null>): Files => new Map(Object.entries(entries));

describe("writeFiles", () => {
  test("writes what differs, makes folders, and deletes what must not be there", async () => {
    await writeFiles(root, files({ "a/old": "1", "a/kept": "2" }));
    await writeFiles(root, files({ "a/old": null, "a/kept": "2", "b/c/new": "3" }));
    expect(await tree(root)).toEqual({ "a/kept": "2", "b/c/new": "3" });
  });

  test("has taken everything back when it fails, however slow the disk is", async () => {
    await writeFiles(root, files({ "a/one": "old", "b/two": "old", "c/gone": "old" }));
    const before = await tree(root);
    const { rename, writeFile, rm } = promises;
    vi.spyOn(promises, "rename")
      .mockImplementationOnce(rename)
      .mockImplementationOnce(rename)
      .mockRejectedValueOnce(new Error("disk"));
    // Whatever is not awaited is late.
    for (const [name, original] of Object.entries({ writeFile, rm })) {
      vi.spyOn(promises, name as "rm").mockImplementation(async (...args) => {
        await sleep(20);
        return (original as typeof rm)(...args);
      });
    }
    syncBuiltinESMExports();
    onTestFinished(() => {
      vi.restoreAllMocks();
      syncBuiltinESMExports();
    });
    const after = files({ "new/zero": "new", "a/one": "new", "c/gone": null, "b/two": "new" });
    await expect(writeFiles(root, after)).rejects.toThrow("disk");
    expect(await tree(root)).toEqual(before);
    expect(await readdir(root)).toEqual(["a", "b", "c", "new"]);
  });
});

test("outdated names the files that differ, are missing, or must not be there", async () => {
  await writeFiles(root, files({ same: "1", differs: "1", extra: "1" }));
  const wanted = files({ same: "1", differs: "2", missing: "3", extra: null, gone: null });
  expect(await outdated(root, wanted)).toEqual(["differs", "missing", "extra"]);
});

test("a checkout with CRLF is not out of date, but a page with CRLF of its own is", async () => {
  await writeFiles(root, files({ text: "a\r\nb\r\n", page: "a\nb\r\n" }));
  expect(await outdated(root, files({ text: "a\nb\n", page: "a\nb\n" }))).toEqual(["page"]);
  expect(await outdated(root, files({ text: "a\nc\n" }))).toEqual(["text"]);
});

/**
 * Loaded before a program: kills it before its n-th step that changes the disk, or, of the steps
 * that write content, after half of the n-th.
 */
const killer = (step: number, half: boolean): string =>
  `data:text/javascript,${encodeURIComponent(`
  import fs from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  let steps = 0;
  for (const name of ${half ? '["writeFile"]' : '["writeFile", "rename", "rm", "mkdir"]'}) {
    const original = fs.promises[name];
    fs.promises[name] = async (path, ...rest) => {
      if (++steps !== ${step}) return original(path, ...rest);
      if (${half}) fs.writeFileSync(path, rest[0].slice(0, rest[0].length / 2));
      process.kill(process.pid, "SIGKILL");
      await new Promise(() => setInterval(() => {}, 1000));
    };
  }
  syncBuiltinESMExports();
`)}`;

test("a killed writer leaves old or new files, the last one last, and the next one finishes", async () => {
  const old = join(root, "old");
  const before = { "spec/a": "old", "spec/gone": "old", "last/z": "old" };
  const after = { "spec/a": "new", "new/b": "new", "spec/gone": null, "last/z": "new" };
  await writeFiles(old, files(before));
  const bundle = join(root, "files.mjs");
  const entry = fileURLToPath(new URL("scripts/lib/files.ts", packageRoot));
  const how = { bundle: true, platform: "node", format: "esm" } as const;
  await build({ entryPoints: [entry], outfile: bundle, ...how });
  const program = join(root, "program.mjs");
  const call = `writeFiles(process.argv[2], new Map(Object.entries(${JSON.stringify(after)})))`;
  await writeFile(program, `import { writeFiles } from "./files.mjs"; await ${call};`);

  const killedSteps = async (half: boolean): Promise<number> => {
    for (let step = 1; ; step++) {
      const copy = join(root, `${half}-${step}`);
      await cp(old, copy, { recursive: true });
      const args = ["--import", killer(step, half), program, copy];
      const end = await new Promise((done) =>
        spawn(process.execPath, args, { stdio: "inherit" }).on("close", (code, signal) =>
          done(signal ?? code),
        ),
      );
      const now = await tree(copy);
      for (const [name, text] of Object.entries(after)) {
        expect([before[name as "spec/a"], text ?? undefined], name).toContain(now[name]);
      }
      const late = await outdated(copy, files(after));
      expect(late).toEqual(now["last/z"] === "new" ? [] : expect.arrayContaining(["last/z"]));
      await writeFiles(copy, files(after));
      expect(await tree(copy)).toEqual({ "spec/a": "new", "new/b": "new", "last/z": "new" });
      if (end === 0) return step - 1;
      expect(end).toBe("SIGKILL");
    }
  };
  // For each file two folders; a staging and a renaming, or a removal; the staged folder, twice.
  expect(await Promise.all([false, true].map(killedSteps))).toEqual([4 * 2 + 3 * 2 + 1 + 2, 3]);
}, 60_000);
