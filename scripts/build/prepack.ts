import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../lib/command.js";
import { writeBuild } from "./build.js";
import { ROOT } from "./entries.js";
import { MANIFEST, ORIGINAL, publishedManifest, readManifest } from "./manifest.js";

// Puts the published package.json in place for `npm pack` and `npm publish` in the root.
await runCommand([], async () => {
  await writeBuild(join(ROOT, "dist"));
  const manifest = await readManifest();
  // Without scripts, it is the published one: another npm packs here, too, and has the original.
  if ("scripts" in manifest) await copyFile(MANIFEST, ORIGINAL);
  await writeFile(MANIFEST, publishedManifest(manifest));
});
