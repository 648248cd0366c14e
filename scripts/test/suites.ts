import { join } from "node:path";

/** One row of `npm test`. */
export interface Suite {
  name: string;
  /** Program and arguments; `node` is the running one. */
  args: string[];
  /** Where its counts come from. */
  report: "exit-code" | "hardhat" | "vitest";
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
    vitest("integration", 20),
    vitest("e2e", 25),
    vitest("faults", 15),
  ];
}
