import { runCommand } from "./lib/command.ts";
import { writeFiles } from "./lib/files.ts";
import { formatReport } from "./pull/report.ts";
import { pendingRelease } from "./release/pending.ts";

// Turns what is pending into the next version.
await runCommand(["root", "bump"], async ({ root, bump }) => {
  const pending = await pendingRelease(root, bump);
  if (!pending) {
    console.log(
      "Nothing is pending: no change since the last release, no text under [Unreleased].",
    );
    return;
  }
  const { before, version, changes, files } = pending;
  await writeFiles(root, files);
  if (changes.length > 0) console.log(formatReport({ changes, notes: [] }));
  console.log(`Version ${version}, after ${before}: commit what was written.`);
});
