import { rename } from "node:fs/promises";
import { runCommand } from "../lib/command.js";
import { MANIFEST, ORIGINAL } from "./manifest.js";

// Puts the repository's package.json back.
await runCommand([], async () => {
  await rename(ORIGINAL, MANIFEST);
});
