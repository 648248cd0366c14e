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
  /**
   * Name of the line it stands in, where that is not the first one. The suites of a line run one after the other, the lines side
   * by side; none begins before the suites of the first line that stand before it have ended.
   */
  line?: string;
  /** Whether it has only what all others leave of the processors: for calculations, where nothing depends on how soon they come. */
  patient?: boolean;
  /** After this it counts as hung: its processes are ended and it has failed. */
  limitMinutes: number;
}

/**
 * All suites in the order in which they begin; each needs only what the set-up made. Those of the contracts calculate all the
 * time, and the ones after them mostly wait for blocks: they run beside them. Stacks with a demo world run one after the
 * other: three at once answered some tests too late. `check` makes generated files anew, so nothing else runs meanwhile.
 */
export function suites(root: string): Suite[] {
  const vitest = (project: string, limitMinutes: number): Suite => ({
    name: project,
    args: [join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", project],
    report: "vitest",
    limitMinutes,
  });
  const contracts = { line: "contracts", patient: true };
  return [
    { name: "check", args: [join(root, "scripts/check/main.ts")], report: "exit-code", limitMinutes: 10 },
    {
      name: "contracts",
      args: [join(root, "node_modules/hardhat/dist/src/cli.js"), "test", "solidity"],
      report: "hardhat",
      env: { SALUS_BUILD: ".cache/contracts-suite" },
      ...contracts,
      limitMinutes: 45,
    },
    {
      name: "branches",
      args: [join(root, "scripts/contracts/branches/main.ts")],
      report: "exit-code",
      ...contracts,
      limitMinutes: 45,
    },
    vitest("unit", 15),
    vitest("integration", 45),
    vitest("faults", 25),
    vitest("e2e-votes", 25),
    vitest("e2e", 30),
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
