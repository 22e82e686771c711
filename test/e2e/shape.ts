import type { Checks } from "./checks.js";
import { run } from "./commands.js";
import type { Packed } from "./pack.js";
import { tool } from "./paths.js";
import type { Workplace } from "./workplace.js";

/** The tarball, as those see it who look for what is wrong with packages. */
export async function checkShape(checks: Checks, { env }: Workplace, packed: Packed) {
  const node = (...args: string[]) => run(process.execPath, args, { env });
  const { tarball } = packed;
  await checks.check("publint finds nothing", async () => {
    const printed = await node(tool("publint/src/cli.js"), "run", "--strict", tarball);
    // Suggestions do not fail it.
    if (!printed.includes("All good!")) throw new Error(printed);
  });
  await checks.check("@arethetypeswrong/cli finds nothing", async () => {
    const args = ["--no-definitely-typed", tarball];
    await node(tool("@arethetypeswrong/cli/dist/index.js"), ...args);
  });
}
