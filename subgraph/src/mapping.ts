// The one module that graph-node loads: every handler that `subgraph.yaml` names.
export * from "./handlers/accessEscrow";
export * from "./handlers/assetRegistry";
export * from "./handlers/consentRegistry";
export * from "./handlers/dataUseAuthority";
export * from "./handlers/contributorRewards";
export * from "./handlers/descriptor";
export * from "./handlers/disputes";
export * from "./handlers/gatewayRegistry";
export * from "./handlers/logCheckpoints";
export * from "./handlers/mandates";
export * from "./handlers/panels";
export * from "./handlers/payouts";
export * from "./handlers/salusGovernor";
export * from "./handlers/salusToken";
export * from "./handlers/slashing";
export * from "./handlers/timelockController";
export * from "./handlers/usageChannel";
