/**
 * Node's own crypto module where there is one; null in browsers, which have WebCrypto only. It is the faster of the two:
 * its calls copy nothing and need no thread.
 */
export const nodeCrypto =
  (
    globalThis as { process?: { getBuiltinModule?: (name: string) => typeof import("node:crypto") } }
  ).process?.getBuiltinModule?.("node:crypto") ?? null;
