import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { given } from "./given.js";

/** For run.ts, which prepares what the tests are given. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: { tsconfigPaths: true },
  test: {
    include: ["test/e2e/*.test.ts", ...(given().isHeavy ? ["test/e2e/heavy/*.test.ts"] : [])],
    pool: "forks",
    maxWorkers: "100%",
    reporters: ["verbose"],
    // Below these, each command has a limit of its own (commands.ts), and ends with it.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
