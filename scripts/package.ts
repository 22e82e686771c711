import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./build/bundle.ts";
import { writePackage } from "./build/published.ts";
import { runCommand } from "./lib/command.ts";
import { run } from "./lib/run.ts";

// Writes what is published, and nothing else, to package/, and packs it.
await runCommand([], async () => {
  // First, so that a build that fails leaves no other version in its place.
  const old = (await readdir(ROOT)).filter((it) => it === "package" || it.endsWith(".tgz"));
  for (const name of old) await rm(join(ROOT, name), { recursive: true });
  await writePackage(join(ROOT, "package"));
  const tarball = await run("npm", ["pack", "./package", "--ignore-scripts"], { cwd: ROOT });
  console.log(`package/ and ${tarball} hold what is published.`);
});
