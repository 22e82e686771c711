// Imports end in .ts: Node itself runs this file, because no package is installed beside the token.
import { runCommand } from "./lib/command.ts";
import { isReleased, makeGitHubRelease } from "./release/publish/github-release.ts";
import { publishToRegistry } from "./release/publish/registry.ts";
import { pushTag } from "./release/publish/tag.ts";
import { withTarball } from "./release/publish/tarball.ts";
import { readVersion } from "./release/publish/version.ts";

const steps = [pushTag, publishToRegistry, makeGitHubRelease];

// Publishes the version in package.json. Each step first looks whether it is done, so that a run
// that died is finished by the next one.
await runCommand({ check: false, pending: true }, async ({ root, pending }) => {
  const version = await readVersion(root);
  if (pending) {
    console.log(`pending=${!(await isReleased(version))}`);
    return true;
  }
  await withTarball(version, async (tarball) => {
    for (const step of steps) console.log(await step(version, tarball));
  });
  return true;
});
