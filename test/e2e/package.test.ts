import { expect, test } from "vitest";
import { run } from "./commands.js";
import { given } from "./given.js";
import { tool } from "./tools.js";
import { openWorkplace } from "./workplace.js";

const { packed } = given();
const workplace = await openWorkplace();

test("publint finds nothing", async () => {
  const args = [tool("publint/src/cli.js"), "run", "--strict", packed.tarball];
  // Suggestions do not fail it.
  expect(await run(process.execPath, args, workplace)).toContain("All good!");
});

test("@arethetypeswrong/cli finds nothing", async () => {
  const cli = tool("@arethetypeswrong/cli/dist/index.js");
  await run(process.execPath, [cli, "--no-definitely-typed", packed.tarball], workplace);
});
