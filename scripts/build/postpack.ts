import { rename } from "node:fs/promises";
import { runCommand } from "../lib/command.js";
import { MANIFEST, ORIGINAL } from "./manifest.js";

// Puts the repository's package.json back.
await runCommand({ root: false, check: false }, async () => {
  await rename(ORIGINAL, MANIFEST);
  return true;
});
