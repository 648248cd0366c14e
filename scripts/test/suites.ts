import { readdirSync } from "node:fs";
import { join } from "node:path";

/** One row of `npm test`. */
export interface Suite {
  name: string;
  /** Program and arguments; `node` is the running one. */
  args: string[];
  /** Where its counts come from. */
  report: "exit-code" | "hardhat" | "vitest";
  /** Variables of its environment that the caller's own take the place of. */
  env?: Record<string, string>;
  /** After this it counts as hung: its processes are ended and it has failed. */
  limitMinutes: number;
}

/** All suites in the order in which they run: the quick ones first, each needs only what the set-up made. */
export function suites(root: string): Suite[] {
  const vitest = (project: string, limitMinutes: number): Suite => ({
    name: project,
    args: [join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", project],
    report: "vitest",
    limitMinutes,
  });
  return [
    { name: "check", args: [join(root, "scripts/check/main.ts")], report: "exit-code", limitMinutes: 10 },
    {
      name: "contracts",
      args: [join(root, "node_modules/hardhat/dist/src/cli.js"), "test", "solidity"],
      report: "hardhat",
      limitMinutes: 20,
    },
    {
      name: "branches",
      args: [join(root, "scripts/contracts/branches/main.ts")],
      report: "exit-code",
      limitMinutes: 10,
    },
    vitest("unit", 15),
    vitest("integration", 45),
    vitest("e2e", 30),
    vitest("faults", 20),
  ];
}

/** All suites of `npm run test:deep`. */
export function deepSuites(root: string): Suite[] {
  const hardhat = (name: string, profile: string, folder: string, limitMinutes: number): Suite => ({
    name,
    args: [
      join(root, "node_modules/hardhat/dist/src/cli.js"),
      "test",
      "solidity",
      "--test-profile",
      profile,
      ...solidityTests(root, folder),
    ],
    report: "hardhat",
    limitMinutes,
  });
  const replay = (name: string, file: string): Suite => ({
    name,
    args: [join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", "integration", file],
    report: "vitest",
    limitMinutes: 120,
  });
  return [
    hardhat("gas", "gas", "gas", 20),
    {
      ...replay("interleavings", "test/integration/revocation.test.ts"),
      env: { SALUS_INTERLEAVINGS: "10000", SALUS_SHOW_TALLY: "1" },
    },
    {
      ...replay("large-record", "test/integration/records.test.ts"),
      env: { SALUS_LARGE_MIB: "1100", SALUS_SHOW_MEMORY: "1" },
    },
    replay("replay-consent", "test/integration/consent-model.test.ts"),
    replay("replay-orders", "test/integration/orders-model.test.ts"),
    hardhat("invariants", "deep", "invariants", 240),
  ];
}

function solidityTests(root: string, folder: string): string[] {
  const path = join(root, "test/contracts", folder);
  return readdirSync(path)
    .filter((file) => file.endsWith(".t.sol"))
    .map((file) => join(path, file));
}
