import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./lib/command.js";
import { Refusal } from "./lib/refusal.js";
import { printable } from "./lib/text.js";
import { type Files, leftovers, refuseOutdated, writeFiles } from "./lib/files.js";
import { withLock } from "./lib/lock.js";
import { GENERATED, generate } from "./generate/emit.js";

await runCommand(["root", "check"], async ({ root, check }) => {
  if (check) await refuseOutdated(root, await generatedFiles(root), "npm run generate");
  else await withLock(root, async () => writeFiles(root, await generatedFiles(root)));
  console.log("generated/ is what spec/openapi.json says.");
});

/** The generated files, and the removal of those that an earlier generator left. */
async function generatedFiles(root: string): Promise<Files> {
  const files = await generate(await readSpec(root));
  return new Map([...files, ...(await leftovers(root, "generated", files, GENERATED))]);
}

async function readSpec(root: string): Promise<string> {
  try {
    const bytes = await readFile(join(root, "spec/openapi.json"));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(
      `spec/openapi.json cannot be read: ${printable(why)}.`,
      "Run `npm run pull`, which writes this file.",
    );
  }
}
