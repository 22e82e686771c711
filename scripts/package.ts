import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./build/entries.js";
import { writePackage } from "./build/package.js";
import { run } from "./lib/run.js";

// Writes what is published, and nothing else, to package/, and packs it.
const folder = join(ROOT, "package");
await rm(folder, { recursive: true, force: true });
await writePackage(folder);
const tarball = await run("npm", ["pack", "./package", "--ignore-scripts"], { cwd: ROOT });
console.log(`package/ and ${tarball} hold what is published.`);
