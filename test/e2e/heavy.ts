import { join } from "node:path";
import { Skip } from "./checks.js";
import { consumeEverywhere } from "./consumers.js";
import { pinEverywhere } from "./matrix.js";
import { checkNode2018 } from "./one-class.js";
import { PINS } from "./paths.js";
import type { Pinning } from "./pins.js";
import { pinUnderScope } from "./scope.js";
import { isVerified } from "./verified.js";
import { installTools } from "./workplace.js";

/** Every manager, compiler, test runner and bundler: minutes, so only where something new may come out. */
export async function checkHeavy(pinning: Pinning, compiled: string, all: boolean): Promise<void> {
  const { checks, workplace, packed } = pinning;
  if (!all && (await isVerified(packed))) {
    await checks.check("heavy matrix", () => {
      throw new Skip("verified for this shape and these tools (test/e2e/verified.json)");
    });
    return;
  }
  await checks.check("tools of test/pins", () => installTools(PINS, ["install", "--no-save"]));
  await checks.check("tools of test/pins/jest-29", () => installTools(join(PINS, "jest-29")));
  await checks.group("pins", () => pinEverywhere(pinning, compiled));
  await checks.group("scope", () => pinUnderScope(pinning));
  await checks.group("Node 20.18", () => checkNode2018(checks, compiled, workplace));
  await checks.group("consumers", () => consumeEverywhere(pinning));
}
