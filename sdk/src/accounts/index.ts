export * from "./derive.ts";
export * from "./one-time-code.ts";
export * from "./recovery-code.ts";
