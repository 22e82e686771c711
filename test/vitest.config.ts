import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  // So that a test can name the package as its users do.
  resolve: { tsconfigPaths: true },
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/testing-kit/hold-to-specification.ts"],
    exclude: ["test/*/node_modules/**"],
    // Each core; vitest itself would leave one out, which is half of two.
    maxWorkers: "100%",
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
