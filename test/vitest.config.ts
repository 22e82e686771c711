import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const DEPENDENCIES = "test/**/node_modules/**";
/** Each has a process of its own: they change what is global, and nock keeps `fetch` for good. */
const ISOLATED = ["test/client/pollution.test.ts", "test/client/routes.test.ts"];

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  // So that a test can name the package as its users do.
  resolve: { tsconfigPaths: true },
  test: {
    setupFiles: ["test/specification/hold-every-exchange.ts"],
    // Each core; vitest itself would leave one out, which is half of two.
    maxWorkers: "100%",
    // Tests that run at the same time do little but wait.
    maxConcurrency: 16,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: "shared",
          include: ["test/**/*.test.ts"],
          exclude: [DEPENDENCIES, ...ISOLATED],
          // One process for many files, so that the compiler and the parsers are loaded once.
          isolate: false,
        },
      },
      { extends: true, test: { name: "isolated", include: ISOLATED } },
    ],
  },
});
