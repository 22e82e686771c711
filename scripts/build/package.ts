import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeBuild } from "./build.js";
import { ROOT } from "./entries.js";
import { publishedManifest, readManifest } from "./manifest.js";

/** npm publishes these whatever package.json says. */
const ALWAYS = ["README.md", "LICENSE"];

/**
 * Builds the package, and writes all that is published, and nothing else, to a new or empty folder:
 * for `npm pack <folder>`, `npm publish <folder>`, or the commit of a tag.
 */
export async function writePackage(folder: string): Promise<void> {
  const manifest = await readManifest();
  await writeBuild(join(folder, "dist"));
  await writeFile(join(folder, "package.json"), publishedManifest(manifest));
  for (const name of [...manifest.files.filter((it) => it !== "dist"), ...ALWAYS]) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  }
}
