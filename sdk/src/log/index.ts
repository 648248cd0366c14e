export * from "./audit-gateway.ts";
export * from "./audit-history.ts";
export * from "./entry.ts";
export * from "./promise.ts";
export * from "./read-checkpoints.ts";
export * from "./requests.ts";
export type * from "./types.ts";
export * from "./verify-proof.ts";
