import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  // So that a test can name the package as its users do.
  resolve: { tsconfigPaths: true },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "test/**/node_modules/**"],
    // Many files share a process, so that the compiler and the parsers are loaded once. Each file
    // restores what it changes.
    isolate: false,
    // One more than there are cores, because many tests wait for processes and servers.
    maxWorkers: availableParallelism() + 1,
    // Tests that run at the same time do little but wait.
    maxConcurrency: 16,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
