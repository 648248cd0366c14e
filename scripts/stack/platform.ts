import { StackError } from "./errors.ts";

/**
 * Stops where the stack's programs do not exist: npm carries PostgreSQL, anvil and graph-node for Linux x64 only.
 * @throws STACK_PLATFORM
 */
export function requirePlatform(platform: string = process.platform, arch: string = process.arch): void {
  if (platform === "linux" && arch === "x64") return;
  throw new StackError("STACK_PLATFORM", `The local stack runs on Linux x64; this is ${platform} ${arch}.`);
}
