import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Tests that start real services; slow, and one at a time on the ports and folders they choose. */
const SERVICE_TESTS = "**/*.service.test.ts";

/**
 * The files that take longest, the longest first: one that begins last keeps a worker busy while the other has nothing left. A
 * first run knows no durations, and Vitest's own guess is the size of the file.
 */
const LONGEST = [
  "scripts/stack/stack.service.test.ts",
  "test/integration/gateways.test.ts",
  "web/test/filled.test.ts",
  "test/integration/admit-gateway.test.ts",
  "test/integration/rewards.test.ts",
  "test/integration/records.test.ts",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const index = LONGEST.findIndex((path) => moduleId.endsWith(path));
      return index < 0 ? LONGEST.length : index;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

/** What arbitrators and token holders decide: most of it is waiting for windows to end, so it has a stack of its own. */
const VOTES = ["test/e2e/browser-disputes.test.ts", "test/e2e/browser-governance.test.ts"];
/** On a stack with its demo world for all files of a project. */
const E2E = {
  globalSetup: "test/support/stack-setup.ts",
  fileParallelism: false,
  testTimeout: 180_000,
  hookTimeout: 300_000,
};

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
      { test: { ...E2E, name: "e2e", include: ["test/e2e/**/*.test.ts"], exclude: VOTES } },
      { test: { ...E2E, name: "e2e-votes", include: VOTES } },
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
