import { readFileSync, statSync } from "node:fs";
import { ConfigError } from "../config/config-error.ts";

/** Reads a file that its owner alone may read. @throws ConfigError naming the variable, never quoting the file */
export function readPrivateFile(variable: string, path: string): string {
  let mode: number;
  try {
    mode = statSync(path).mode;
  } catch (cause) {
    throw new ConfigError(variable, "the file cannot be read", cause);
  }
  if ((mode & 0o077) !== 0) {
    throw new ConfigError(variable, "others than its owner may read the file; chmod it to 600");
  }
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(variable, "the file cannot be read", cause);
  }
}
