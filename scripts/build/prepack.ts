import { copyFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeBuild } from "./build.js";
import { ROOT } from "./entries.js";
import { publishedManifest, readManifest } from "./manifest.js";

/** npm packs no `*.orig`. */
const original = join(ROOT, "package.json.orig");
const manifest = join(ROOT, "package.json");

/** Around `npm pack` and `npm publish` in the root: the package.json that is published takes its place. */
if (process.argv[2] === "--restore") {
  await rename(original, manifest);
} else {
  await writeBuild(join(ROOT, "dist"));
  const published = publishedManifest(await readManifest());
  await copyFile(manifest, original);
  await writeFile(manifest, published);
}
