import { join } from "node:path";
import { generate, PULL } from "./generate/emit.ts";
import { runCommand } from "./lib/command.ts";
import { readText, refuseOutdated, writeFiles } from "./lib/files.ts";
import { Refusal } from "./lib/refusal.ts";

const spec = "spec/openapi.json";

await runCommand(["root", "check"], async ({ root, check }) => {
  const text = await readText(join(root, spec), spec, PULL);
  if (text === undefined) throw new Refusal(`${spec} is not there.`, PULL);
  // git may have turned the ends of its lines into CRLF; the generated files name its SHA-256.
  const files = await generate(text.replaceAll("\r\n", "\n"));
  if (check) await refuseOutdated(root, files, "npm run generate");
  else await writeFiles(root, files);
  console.log("generated/ is what spec/openapi.json says.");
});
