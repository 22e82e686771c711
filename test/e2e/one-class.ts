import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { existsSync } from "node:fs";
import { type Checks, Skip } from "./checks.js";
import { run } from "./commands.js";
import { runOnNode } from "./consumer.js";
import { NAME, nodeOf, NODES, PINS, PLATFORM } from "./paths.js";
import type { Workplace } from "./workplace.js";

const SCRIPT = `import { createRequire } from "node:module";
import { MakeError } from "${NAME}";
console.log(createRequire(import.meta.url)("${NAME}").MakeError === MakeError);
`;

/** One class in a process, however it is loaded, on each Node that can require ES modules. */
export async function checkOneClass(checks: Checks, folder: string, workplace: Workplace) {
  await writeFile(join(folder, "one-class.mjs"), SCRIPT);
  for (const major of NODES) {
    await checks.check(`Node ${major}: import and require give one MakeError`, async () => {
      const { env } = workplace;
      const printed = await run(nodeOf(major), ["one-class.mjs"], { cwd: folder, env });
      if (printed.trim() !== "true") throw new Error(printed);
    });
  }
}

/** Node 20.18 cannot require ES modules, and gets the CommonJS that is beside them. */
export async function checkNode2018(checks: Checks, folder: string, workplace: Workplace) {
  const program = join(PINS, `node_modules/node-20.18-${PLATFORM}/bin/node`);
  const check = (how: string, body: () => Promise<unknown>) =>
    checks.check(`Node 20.18.3: ${how}`, async () => {
      if (!existsSync(program)) throw new Skip(`npm has no Node 20.18.3 for ${PLATFORM}`);
      await body();
    });
  await check("import", () => runOnNode(folder, workplace, program));
  await check("require", () => run(program, ["require.cjs"], { cwd: folder, env: workplace.env }));
}
