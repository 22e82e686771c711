import { checkBundles } from "./bundle.js";
import { Checks } from "./checks.js";
import { useCommandLine } from "./command-line.js";
import { compileEverywhere } from "./compilers.js";
import { checkHeavy } from "./heavy.js";
import { askJudge } from "./judge.js";
import { mergeOnce } from "./one-merge.js";
import { checkOneClass } from "./one-class.js";
import { pack, type Packed } from "./pack.js";
import { pinGitTag, pinTarball, pinVersion, pinWorkspace } from "./pins.js";
import { runEverywhere } from "./runtimes.js";
import { checkShape } from "./shape.js";
import { noteVerified } from "./verified.js";
import { installTools, openWorkplace } from "./workplace.js";

/** Runs the heavy matrix too, and notes that it has passed. */
const all = process.argv.includes("--all");
const checks = new Checks();
let tested: Packed | undefined;

await checks.group("end to end", async () => {
  await checks.check("tools of test/e2e", installTools);
  const workplace = await openWorkplace();
  const packed = await pack(workplace);
  tested = packed;
  const pinning = { checks, workplace, packed };
  const consumer = await pinTarball(pinning);

  await checks.group("shape", () => checkShape(checks, workplace, packed));
  await checks.group("bundles", () => checkBundles(checks, consumer));
  await checks.group("runtimes", () => runEverywhere(checks, consumer, workplace));
  await checks.group("command", () => useCommandLine(checks, consumer, workplace));
  await checks.group("judge", () => askJudge(checks, consumer, workplace));
  await checks.group("one class", () => checkOneClass(checks, consumer, workplace));
  await Promise.all([
    checks.group("git tag", () => pinGitTag(pinning)),
    checks.group("registry", () => pinVersion(pinning)),
    checks.group("workspace", () => pinWorkspace(pinning)),
    checks.group("compilers", () => compileEverywhere(checks, consumer)),
  ]);
  await checks.group("heavy matrix", () => checkHeavy(pinning, consumer, all));
  await checks.group("one merge", () => mergeOnce(checks));
});

const passed = checks.report();
if (passed && all && tested) await noteVerified(tested);
process.exitCode = passed ? 0 : 1;
