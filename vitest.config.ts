import { defineConfig } from "vitest/config";

/** Tests that start real services; slow, and one at a time on the ports and folders they choose. */
const SERVICE_TESTS = "**/*.service.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "{sdk,compute,gateway,scripts,bench}/**/*.test.ts",
            "{web,subgraph}/{src,scripts}/**/*.test.ts",
          ],
          exclude: ["**/node_modules/**", "**/build/**", SERVICE_TESTS],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "integration",
          include: [
            "test/integration/**/*.test.ts",
            "test/subgraph/**/*.test.ts",
            "web/test/**/*.test.ts",
            `{gateway,scripts}/${SERVICE_TESTS}`,
          ],
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "e2e",
          // One stack with its demo world for all of them.
          globalSetup: "test/support/stack-setup.ts",
          include: ["test/e2e/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
