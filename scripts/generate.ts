import { generate, PULL } from "./generate/emit.ts";
import { runCommand } from "./lib/command.ts";
import { readObject, refuseOutdated, writeFiles } from "./lib/files.ts";

await runCommand(["root", "check"], async ({ root, check }) => {
  const document = await readObject(root, "spec/openapi.json", PULL);
  // As the pull writes it: git may have turned the ends of the file's lines into CRLF.
  const files = await generate(`${JSON.stringify(document, null, 2)}\n`);
  await (check ? refuseOutdated(root, files, "npm run generate") : writeFiles(root, files));
  console.log("generated/ is what spec/openapi.json says.");
});
