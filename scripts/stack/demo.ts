import { createHash } from "node:crypto";
import { LOCAL_CHAIN_ID } from "./chain.ts";
import { type Deployment, deploymentPath } from "./deployment.ts";
import type { StackContext } from "./service.ts";
import type { StackUrls } from "./state.ts";
import { runTask } from "./task.ts";

/** What the demo world's function gets. */
export interface DemoWorldTarget {
  rpcUrl: string;
  chainId: number;
  subgraphUrl: string;
  gateways: { name: string; url: string }[];
  /** Path of the addresses file. */
  deploymentFile: string;
  stateDir: string;
}

/**
 * Fills the demo world once for each deployment. A fill that was cut short runs again, so the function must find what
 * is already there.
 */
export async function fillDemoWorld(
  context: StackContext,
  { urls, deployment, module }: { urls: StackUrls; deployment: Deployment; module: string },
): Promise<void> {
  const key = createHash("sha256").update(JSON.stringify(deployment)).digest("hex");
  if (context.state.data.demoFilledFor === key) return;
  const target: DemoWorldTarget = {
    rpcUrl: urls.rpc,
    chainId: LOCAL_CHAIN_ID,
    subgraphUrl: urls.subgraph,
    gateways: urls.gateways,
    deploymentFile: deploymentPath(context.stateDir),
    stateDir: context.stateDir,
  };
  const start = performance.now();
  await runTask(context, { name: "demo", module, functionName: "fillDemoWorld", argument: target });
  context.state.update({ demoFilledFor: key });
  context.say(`demo world: filled in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
