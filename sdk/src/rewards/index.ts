export * from "./build-rewards.ts";
export * from "./ledger.ts";
export * from "./merge.ts";
export * from "./reward-file.ts";
export * from "./reward-leaf.ts";
export * from "./sum-tree.ts";
