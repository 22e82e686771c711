import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./build/entries.js";
import { writePackage } from "./build/package.js";
import { runCommand } from "./lib/command.js";
import { run } from "./lib/run.js";

// Writes what is published, and nothing else, to package/, and packs it. Both are put into place
// when they are whole.
await runCommand([], async () => {
  const staged = join(ROOT, "package.new");
  await rm(staged, { recursive: true, force: true });
  await writePackage(join(staged, "package"));
  const tarball = await run("npm", ["pack", "./package", "--ignore-scripts"], { cwd: staged });
  await rm(join(ROOT, "package"), { recursive: true, force: true });
  for (const name of ["package", tarball]) await rename(join(staged, name), join(ROOT, name));
  await rm(staged, { recursive: true });
  console.log(`package/ and ${tarball} hold what is published.`);
});
