import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rpc } from "./rpc.ts";
import type { StackContext } from "./service.ts";
import { subgraphBlock } from "./subgraph-block.ts";
import { fileCid } from "./unixfs.ts";
import { waitUntil } from "./wait.ts";

const SUBGRAPH_NAME = "salus/local";

/**
 * Deploys the placed subgraph to a graph-node that runs elsewhere: its files are published on our IPFS address under
 * their CIDs, then the node is told the manifest's CID.
 * @param folder with `build/subgraph.yaml` and what it names
 * @param publish makes a file available under `/ipfs/<cid>`
 * @param deployed whether the node has this very subgraph already
 * @returns the subgraph's GraphQL endpoint
 */
export async function deployToGraphNode(
  context: StackContext,
  node: { query: string; admin: string },
  {
    folder,
    publish,
    deployed,
  }: { folder: string; publish: (cid: string, content: Buffer) => void; deployed: boolean },
): Promise<string> {
  const put = (content: Buffer): string => {
    const cid = fileCid(content);
    publish(cid, content);
    return cid;
  };
  const manifest = readFileSync(join(folder, "build", "subgraph.yaml"), "utf8");
  const linked = linkFiles(manifest, (path) => put(readFileSync(join(folder, "build", path))));
  const cid = put(Buffer.from(linked));
  if (!deployed) {
    await rpc(node.admin, "subgraph_create", [{ name: SUBGRAPH_NAME }]).catch((error: Error) => {
      if (!/already exists/.test(error.message)) throw error;
    });
    await rpc(node.admin, "subgraph_deploy", [{ name: SUBGRAPH_NAME, ipfs_hash: cid }], 60_000);
  }
  const url = `${node.query}/subgraphs/name/${SUBGRAPH_NAME}`;
  const answers = async (): Promise<boolean> => (await subgraphBlock(url)) !== undefined;
  await waitUntil("the subgraph on the external graph-node", answers, 120_000, context.signal);
  return url;
}

/** The manifest with each file named by its CID, as a deployed manifest has it. */
export function linkFiles(manifest: string, cidOf: (path: string) => string): string {
  return manifest.replaceAll(/^( +)file: (\S+)$/gm, (_line, indent: string, path: string) => {
    return `${indent}file:\n${indent}  /: /ipfs/${cidOf(path)}`;
  });
}
