import packageJson from "../package.json" with { type: "json" };

/** The software's version. */
export const VERSION: string = packageJson.version;

/** How jobs are kept apart: see compute/src/sandbox. */
export const ISOLATION = "process: no keys, no network, empty environment, memory and time limits";
