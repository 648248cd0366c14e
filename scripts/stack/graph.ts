import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashPaths } from "../bootstrap/steps.mjs";
import type { Deployment } from "./deployment.ts";
import { StackError } from "./errors.ts";
import { flags } from "./flags.ts";
import { programPath } from "./packages.ts";
import type { Database } from "./postgres.ts";
import { subgraphBlock } from "./subgraph-block.ts";
import { deployToGraphNode } from "./external-graph.ts";
import type { IpfsRouter } from "./ipfs.ts";
import { type Service, type ServiceSpec, type StackContext, startService } from "./service.ts";

/** Database of graph-node. */
export const GRAPH_DATABASE = "graph";
/** The name under which `gnd dev` serves the one subgraph it was given. */
const SUBGRAPH_NAME = "subgraph-0";

export interface GraphNode {
  /** Undefined when graph-node runs elsewhere. */
  own?: { service: Service; spec: ServiceSpec };
  /** GraphQL endpoint of the subgraph. */
  url: string;
}

export interface GraphInputs {
  database: Database;
  deployment: Deployment;
  rpcUrl: string;
  ipfs: IpfsRouter;
  /** Folder with the built subgraph: `subgraph.yaml` and what it names. */
  build: string;
  /** A graph-node that runs elsewhere. */
  external?: { query: string; admin: string };
}

/**
 * Starts graph-node on the built subgraph, with the deployed addresses written into its manifest, and waits until it
 * answers. Its database is made anew when the chain's first block, an address or the build is another than last time.
 */
export async function startGraphNode(context: StackContext, inputs: GraphInputs): Promise<GraphNode> {
  const folder = join(context.stateDir, "graph");
  const network = placeSubgraph(folder, inputs);
  const key = graphKey(context, folder);
  const deployed = context.state.data.graphKey === key;
  if (inputs.external) {
    const url = await deployToGraphNode(context, inputs.external, {
      folder,
      publish: inputs.ipfs.publish,
      deployed,
    });
    context.state.update({ graphKey: key });
    return { url };
  }
  if (!deployed) {
    await inputs.database.recreate(GRAPH_DATABASE);
    context.state.update({ graphKey: key });
  }
  const port = (name: string): string => String(context.ports[`graph-${name}`]);
  const url = `http://127.0.0.1:${port("query")}/subgraphs/name/${SUBGRAPH_NAME}`;
  const spec: ServiceSpec = {
    name: "graph-node",
    command: programPath(context.root, "gnd"),
    args: [
      "dev",
      ...flags({
        "ethereum-rpc": `${network}:${inputs.rpcUrl}`,
        ipfs: inputs.ipfs.url,
        "postgres-url": inputs.database.urlOf(GRAPH_DATABASE),
        "http-port": port("query"),
        "admin-port": port("admin"),
        "index-node-port": port("index"),
        "metrics-port": port("metrics"),
      }),
    ],
    cwd: folder,
    env: { ETHEREUM_POLLING_INTERVAL: "200", GRAPH_LOG: "info" },
    stopSignal: "SIGINT",
    ready: async () => (await subgraphBlock(url)) !== undefined,
    readyTimeoutMs: 90_000,
  };
  return { own: { service: await startService(context, spec), spec }, url };
}

/** Copies the build and sets the addresses; returns the network's name in the manifest. */
function placeSubgraph(folder: string, { build, deployment }: GraphInputs): string {
  const manifest = join(build, "subgraph.yaml");
  if (!existsSync(manifest))
    throw new StackError("STACK_MISSING", `The built subgraph ${manifest} is missing.`);
  rmSync(folder, { recursive: true, force: true });
  cpSync(build, join(folder, "build"), { recursive: true });
  const text = setAddresses(readFileSync(manifest, "utf8"), deployment);
  // gnd reads both: the manifest of the folder that it runs in, and the one that it deploys from build/.
  for (const path of ["subgraph.yaml", "build/subgraph.yaml"]) writeFileSync(join(folder, path), text);
  const network = /^\s+network: *(\S+)/m.exec(text)?.[1];
  if (!network) throw new StackError("STACK_SUBGRAPH", "The subgraph's manifest names no network.");
  return network;
}

/**
 * The manifest with each data source's address, by the contract of the same name, and the deployment's first block.
 * @throws STACK_DEPLOYMENT when a data source's name is no deployed contract
 */
export function setAddresses(manifest: string, { contracts, startBlock = 0 }: Deployment): string {
  let name = "";
  let inSource = false;
  const lines = manifest.split("\n").map((line) => {
    const top = /^ {2}- kind: |^\w/.test(line);
    if (top) inSource = false;
    name = /^ {4}name: *(\S+)/.exec(line)?.[1] ?? (top ? "" : name);
    if (/^ {4}\w/.test(line)) inSource = /^ {4}source:/.test(line);
    if (!inSource) return line;
    if (/^ {6}address:/.test(line)) return `      address: "${addressOf(contracts, name)}"`;
    return /^ {6}startBlock:/.test(line) ? `      startBlock: ${startBlock}` : line;
  });
  return lines.join("\n");
}

function addressOf(contracts: Record<string, string>, name: string): string {
  const address = contracts[name];
  if (address) return address;
  throw new StackError(
    "STACK_DEPLOYMENT",
    `The subgraph's data source ${name} has the name of no deployed contract.`,
    {
      hint: "Name it like the contract in the deployment file.",
    },
  );
}

function graphKey(context: StackContext, folder: string): string {
  const hash = createHash("sha256").update(context.state.data.genesis?.hash ?? "");
  const files = ["subgraph.yaml"];
  hash.update(hashPaths(folder, files)).update(hashPaths(join(folder, "build"), ["."]));
  return hash.digest("hex");
}
