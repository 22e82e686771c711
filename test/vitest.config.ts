import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Their files share a process, so that the compiler and the parsers are loaded once. */
const SHARED = "test/{generate,project,pull}/**/*.test.ts";
const DEPENDENCIES = "test/*/node_modules/**";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  // So that a test can name the package as its users do.
  resolve: { tsconfigPaths: true },
  test: {
    setupFiles: ["test/specification/hold-every-exchange.ts"],
    // Each core; vitest itself would leave one out, which is half of two.
    maxWorkers: "100%",
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: "shared", include: [SHARED], exclude: [DEPENDENCIES], isolate: false },
      },
      {
        extends: true,
        test: {
          name: "isolated",
          include: ["test/**/*.test.ts"],
          exclude: [DEPENDENCIES, SHARED],
        },
      },
    ],
  },
});
