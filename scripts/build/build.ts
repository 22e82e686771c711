import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleCode } from "./code.js";
import { bundleDeclarations } from "./declarations.js";
import { type Bundled, COMMAND, ENTRIES, type Files } from "./entries.js";
import { refuseSources } from "./refuse-sources.js";
import { thirdPartyLicences } from "./third-party.js";

/** The files of the package's `dist/`, in memory. */
async function build(): Promise<Files> {
  const parts: Bundled[] = [await bundleCode(COMMAND, "esm")];
  for (const entry of ENTRIES) {
    parts.push(await bundleCode(entry, "esm"), await bundleCode(entry, "cjs"));
    parts.push(await bundleDeclarations(entry));
  }
  const licences = await thirdPartyLicences(parts.flatMap(({ inputs }) => inputs));
  return new Map([...parts.flatMap(({ files }) => [...files]), ["THIRD-PARTY.txt", licences]]);
}

/** Builds into a folder, and leaves nothing else in it. */
export async function writeBuild(folder: string): Promise<void> {
  const files = await build().catch(refuseSources);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files) await writeFile(join(folder, name), content);
}
