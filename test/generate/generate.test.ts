import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeFiles } from "../../scripts/lib/files.js";
import { generate as emit } from "../../scripts/generate/emit.js";
import { call } from "../commands.js";
import { richDocument, textOf } from "./documents.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "generate-"));
  await mkdir(join(root, "spec"));
  await writeFile(join(root, "spec/openapi.json"), textOf(richDocument));
});
afterEach(() => rm(root, { recursive: true }));

async function generate(...args: string[]) {
  const outcome = await call("generate", ["--root", root, ...args]);
  expect(outcome.stderr).not.toMatch(/^\s+at /m);
  return outcome;
}

const generated = async (): Promise<Record<string, string>> => {
  const names = (await readdir(join(root, "generated"))).sort();
  const read = (name: string) => readFile(join(root, "generated", name), "utf8");
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)])));
};

describe("npm run generate", () => {
  test("writes generated/ into a root that has only the document, and then finds it up to date", async () => {
    expect(await generate()).toMatchObject({ code: 0, stderr: "" });
    expect(Object.keys(await generated())).toEqual(["operations.ts", "paths.ts", "zones.ts"]);
    expect(await generate("--check")).toMatchObject({ code: 0, stderr: "" });
  });

  test("names each file that is stale or missing, and corrects them when run", async () => {
    await writeFiles(root, await emit(textOf(richDocument)));
    const before = await generated();
    await writeFile(join(root, "generated/zones.ts"), `${before["zones.ts"]} `);
    await rm(join(root, "generated/paths.ts"));
    const { code, stdout, stderr } = await generate("--check");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.split("\n")).toEqual([
      "Out of date: generated/zones.ts",
      "Out of date: generated/paths.ts",
      "Run `npm run generate` and commit what it changes.",
      "",
    ]);
    expect(Object.keys(await generated())).toEqual(["operations.ts", "zones.ts"]);
    expect(await generate()).toMatchObject({ code: 0 });
    expect(await generated()).toEqual(before);
  });

  test.each([
    ["is missing", undefined, /openapi\.json cannot be read: ENOENT/],
    ["is not UTF-8", Uint8Array.of(0x22, 0xff, 0x22), /openapi\.json cannot be read: .*utf-8/],
    ["cannot be turned into code", "{}", /openapi\.json cannot be turned into code: /],
  ])("refuses a document that %s, and leaves generated/ alone", async (_, content, message) => {
    await mkdir(join(root, "generated"));
    await writeFile(join(root, "generated/zones.ts"), "before");
    await rm(join(root, "spec/openapi.json"));
    if (content !== undefined) await writeFile(join(root, "spec/openapi.json"), content);
    const { code, stdout, stderr, lastLine } = await generate();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(message);
    expect(lastLine).toBe("Run `npm run pull`, which writes this file.");
    expect(await generated()).toEqual({ "zones.ts": "before" });
  });
});
