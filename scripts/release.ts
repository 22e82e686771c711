import { runCommand } from "./lib/command.js";
import { writeFiles } from "./lib/files.js";
import { withLock } from "./lib/lock.js";
import { formatReport } from "./pull/report.js";
import { pendingRelease } from "./release/pending.js";

// Turns what is pending into the next version.
await runCommand(["root", "bump"], async ({ root, bump }) =>
  withLock(root, async () => {
    const pending = await pendingRelease(root, bump);
    if (!pending) {
      console.log(
        "Nothing is pending: no change since the last release, no text under [Unreleased].",
      );
      return;
    }
    await writeFiles(root, pending.files);
    if (pending.changes.length > 0) {
      console.log(formatReport({ changes: pending.changes, notes: [] }));
    }
    console.log(`Version ${pending.version}, after ${pending.before}: commit what was written.`);
  }),
);
