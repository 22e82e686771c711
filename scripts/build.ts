import { join } from "node:path";
import { writeBuild } from "./build/build.js";
import { ROOT } from "./build/entries.js";

await writeBuild(join(ROOT, "dist"));
