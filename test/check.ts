import { spawn } from "node:child_process";
import { once } from "node:events";

// `npm run check`. Side by side, because none keeps two cores busy.
const CHECKS = [
  "tsc --incremental --tsBuildInfoFile node_modules/.cache/tsc.json",
  "prettier --check --cache --cache-strategy content .",
  "oxlint --type-aware",
  "tsx scripts/generate.ts --check",
];

const ends = CHECKS.map((check) => once(spawn(check, { shell: true, stdio: "inherit" }), "close"));
const isGood = (await Promise.all(ends)).every(([code]) => code === 0);
process.exitCode = isGood ? 0 : 1;
