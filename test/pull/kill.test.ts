import { spawn } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outdated, writeFiles, type Files } from "../../scripts/lib/files.js";
import { withLock } from "../../scripts/lib/lock.js";
import { GENERATED } from "../../scripts/generate/emit.js";
import { prepare } from "../../scripts/pull/prepare.js";
import { call, start } from "../commands.js";
import { packageRoot, rootWith, seed, tree } from "./support.js";

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
      if (${half}) {
        const [content] = rest;
        fs.writeFileSync(path, content.slice(0, content.length / 2));
      }
      process.kill(process.pid, "SIGKILL");
      await new Promise(() => setInterval(() => {}, 1000));
    };
  }
  syncBuiltinESMExports();
`)}`;

let scratch: string;
let old: string;
let before: Record<string, string>;
let files: Files;
let after: Record<string, string>;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "kill-"));
  old = await rootWith({ a: seed });
  const first = await prepare(old);
  await writeFiles(old, first.files);
  await writeFile(join(old, "generated/older.ts"), `${GENERATED} an older generator`);
  const changed = seed.replaceAll('"label"', '"title"').replaceAll("eu2", "eu3");
  await writeFile(join(old, "docs/a.md"), changed);
  before = await tree(old);
  ({ files } = await prepare(old));
  const mended = await copy();
  await writeFiles(mended, files);
  after = await tree(mended);
});
afterAll(async () => {
  await rm(scratch, { recursive: true });
  await rm(old, { recursive: true });
});

let copies = 0;
async function copy(): Promise<string> {
  const root = join(scratch, String(copies++));
  await cp(old, root, { recursive: true });
  return root;
}

/** Each file is the old or the new one; a new openapi.json means that all else is new. */
async function expectOldOrNew(root: string): Promise<void> {
  const now = await tree(root);
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    expect([before[name], after[name]], name).toContain(now[name]);
  }
  const late = await outdated(root, files);
  if (now["spec/openapi.json"] === after["spec/openapi.json"]) expect(late).toEqual([]);
  else expect(late).toContain("spec/openapi.json");
}

describe("a pull that is killed leaves old or new files, and the next one mends the tree", () => {
  test("at every step that changes the disk", async () => {
    const outfile = join(scratch, "files.mjs");
    const stdin = {
      contents: 'export { withLock } from "./lock.js"; export { writeFiles } from "./files.js";',
      resolveDir: fileURLToPath(new URL("scripts/lib", packageRoot)),
    };
    await build({ stdin, outfile, bundle: true, platform: "node", format: "esm" });
    const content = [...files].map(([name, text]) => [
      name,
      text === null ? null : Buffer.from(text).toString("base64"),
    ]);
    const program = join(scratch, "program.mjs");
    await writeFile(
      program,
      `
      import { withLock, writeFiles } from "./files.mjs";
      const content = ${JSON.stringify(content)};
      const files = new Map(content.map(([name, text]) => [name, text && Buffer.from(text, "base64")]));
      await withLock(process.argv[2], () => writeFiles(process.argv[2], files));
    `,
    );
    const write = (root: string, step: number, half: boolean) =>
      new Promise<string | number | null>((done) => {
        const args = ["--import", killer(step, half), program, root];
        spawn(process.execPath, args, { stdio: "inherit" }).on("close", (code, signal) =>
          done(signal ?? code),
        );
      });

    const killedSteps = async (half: boolean): Promise<number> => {
      for (let step = 1; ; step++) {
        const root = await copy();
        const end = await write(root, step, half);
        await expectOldOrNew(root);
        await withLock(root, () => writeFiles(root, files));
        expect(await tree(root)).toEqual(after);
        if (end === 0) return step - 1;
        expect(end).toBe("SIGKILL");
      }
    };
    // The lock twice; a folder, a staging and a renaming for each changed file; a removal.
    const steps = 2 + 3 * 5 + 1;
    const writes = 1 + 5;
    expect(await Promise.all([false, true].map(killedSteps))).toEqual([steps, writes]);
  }, 120_000);

  test("as a command, with --check telling it", async () => {
    const root = await copy();
    const killed = await start("pull", ["--root", root], {
      nodeArgs: ["--import", killer(15, false)],
    });
    expect(killed.code).toBe("SIGKILL");
    await expectOldOrNew(root);
    expect(await tree(root)).not.toEqual(before);
    const check = await call("pull", ["--root", root, "--check"]);
    expect(check.code).toBe(1);
    expect(check.stdout).toContain("zone eu3: ");
    expect(check.stderr).toContain("Out of date: spec/openapi.json\n");
    const mended = await call("pull", ["--root", root]);
    expect({ ...mended, tree: await tree(root) }).toMatchObject({ code: 0, tree: after });
  });
});
