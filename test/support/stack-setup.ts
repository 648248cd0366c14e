import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { startStack } from "../../scripts/stack/stack.ts";
import { portsFrom } from "./ports.ts";

/** What the tests on the one-command stack need to reach it. */
export type StackAddress = {
  rpcUrl: string;
  webUrl: string;
  subgraphUrl: string;
  gateways: { name: string; url: string }[];
  deploymentFile: string;
  stateDir: string;
};

declare module "vitest" {
  interface ProvidedContext {
    stack: StackAddress;
  }
}

/**
 * Starts the one-command stack, with its demo world, in a folder of its own, once for all files of a project of end-to-end
 * tests: on the ports that people know, and for `e2e-votes`, which may run at the same time, on others.
 * `SALUS_TEST_STATE` names a state folder to keep and reuse while writing tests.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kept = process.env["SALUS_TEST_STATE"];
  const stateDir = kept ? resolve(kept) : mkdtempSync(join(tmpdir(), "salus-e2e-"));
  const root = join(import.meta.dirname, "../..");
  const votes = project.name === "e2e-votes";
  // Whoever waits for a settlement waits for the end of this; whoever disputes on a page must be quicker.
  process.env["SALUS_DISPUTE_WINDOW"] ??= votes ? "30" : "12";
  const stack = await startStack({
    root,
    stateDir,
    ...(votes ? { ports: portsFrom(28_500) } : {}),
    say: (line) => console.log(`stack: ${line}`),
  });
  project.provide("stack", {
    rpcUrl: stack.urls.rpc,
    webUrl: stack.urls.web,
    subgraphUrl: stack.urls.subgraph,
    gateways: stack.urls.gateways,
    deploymentFile: join(stateDir, "deployment.json"),
    stateDir,
  });
  return async () => {
    await stack.stop();
    if (!kept) rmSync(stateDir, { recursive: true, force: true });
  };
}
