import type { Step } from "./steps.mjs";
export const BUILD_STEPS: Step[];
