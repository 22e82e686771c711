import { fileURLToPath } from "node:url";
import { Refusal } from "../lib/refusal.ts";
import { attempt } from "../lib/run.ts";
import { firstLines } from "../lib/text.ts";

/** Refuses a root whose `src/` does not compile, in the compiler's words. */
export async function refuseUncompiled(root: string): Promise<void> {
  const tsc = fileURLToPath(import.meta.resolve("typescript/bin/tsc"));
  const args = [tsc, "--project", "src", "--noEmit", "--pretty", "false"];
  const { ok, complaint } = await attempt(process.execPath, args, { cwd: root });
  if (ok) return;
  const lines = complaint.split("\n");
  throw new Refusal(
    `src/ does not compile:\n${firstLines(lines, (line) => line).join("\n")}`,
    `Begin with ${lines[0]?.split("(")[0]} (\`npm ci\` writes node_modules/, \`npm run generate\` generated/), then run the same command again.`,
  );
}
