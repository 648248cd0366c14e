export * from "./derive.ts";
export * from "./recovery-code.ts";
