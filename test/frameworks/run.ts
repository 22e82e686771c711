import { Checks } from "../e2e/checks.js";
import { pack } from "../e2e/pack.js";
import { openWorkplace } from "../e2e/workplace.js";
import { checkNext } from "./next/check.js";

const checks = new Checks();

/** Those that are named, as in `tsx test/frameworks/run.ts 16`, or all. */
const named = process.argv.slice(2);
const majors = named.length > 0 ? named : ["14", "15", "16"];

await checks.group("frameworks", async () => {
  const workplace = await openWorkplace();
  const packed = await pack(workplace);
  for (const major of majors) {
    await checks.group(`Next.js ${major}`, () => checkNext(checks, workplace, packed, major));
  }
});

process.exitCode = checks.report() ? 0 : 1;
