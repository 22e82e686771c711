import { join } from "node:path";
import { writeBuild } from "./build/build.js";
import { ROOT } from "./build/entries.js";
import { runCommand } from "./lib/command.js";

// Writes dist/.
await runCommand([], async () => {
  await writeBuild(join(ROOT, "dist"));
});
