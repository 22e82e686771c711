import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

test("the kit works with node:test too", async () => {
  const args = ["--import", "tsx", "--test", "--test-reporter=tap"];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...args, "test/rotation-job/rotation-job.node.ts"],
    { cwd: ROOT },
  );
  expect(stdout).toMatch(/^# pass 1$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
});
