import { copyFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeBuild } from "./build.js";
import { ROOT } from "./entries.js";
import { publishedManifest, readManifest } from "./manifest.js";

/** npm never packs a file with this ending. */
const original = join(ROOT, "package.json.orig");
const manifest = join(ROOT, "package.json");

/** Puts the published package.json in place for `npm pack` and `npm publish` in the root. */
if (process.argv[2] === "--restore") {
  await rename(original, manifest);
} else {
  await writeBuild(join(ROOT, "dist"));
  const published = publishedManifest(await readManifest());
  await copyFile(manifest, original);
  await writeFile(manifest, published);
}
