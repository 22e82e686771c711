// Imports end in .ts: Node itself runs this file, because no package is installed beside the token.
import { runCommand } from "./lib/command.ts";
import { isReleased, lookAtGitHub } from "./release/publish/github-release.ts";
import { lookAtRegistry } from "./release/publish/registry.ts";
import type { Step } from "./release/publish/step.ts";
import { lookAtTag } from "./release/publish/tag.ts";
import { withTarball } from "./release/publish/tarball.ts";
import { readVersion } from "./release/publish/version.ts";

const steps: readonly Step[] = [lookAtTag, lookAtRegistry, lookAtGitHub];

// Publishes the version in package.json. All steps look before the first does anything, so that
// nothing is begun that another step refuses; and what is done is not done again, so that a run that
// died is finished by the next one.
await runCommand(["root", "pending"], async ({ root, pending }) => {
  const version = await readVersion(root);
  if (pending) {
    console.log(`pending=${!(await isReleased(version))}`);
    return;
  }
  await withTarball(version, async (tarball) => {
    const rest = [];
    for (const look of steps) rest.push(await look(version, tarball));
    for (const finish of rest) console.log(await finish());
  });
});
