import { join } from "node:path";
import { ROOT, writeBuild } from "./build/bundle.ts";
import { runCommand } from "./lib/command.ts";

// Writes dist/.
await runCommand([], () => writeBuild(join(ROOT, "dist")));
