import { lockHolder } from "../bootstrap/lock.mjs";
import { LOCAL_CHAIN_ID } from "./chain.ts";
import { readDeployment } from "./deployment.ts";
import { subgraphBlock } from "./subgraph-block.ts";
import { rpc } from "./rpc.ts";
import { lockPath, readState } from "./state.ts";
import { answers } from "./wait.ts";

/** What `npm run status -- --json` prints. A part that does not answer has null where its answer would stand. */
export interface StackStatus {
  ready: boolean;
  chain: { url: string | null; chainId: number; block: number | null };
  subgraph: { url: string | null; block: number | null };
  gateways: { name: string; url: string }[];
  web: { url: string | null };
  contracts: Record<string, string>;
}

/**
 * The recorded addresses and what the parts answer now. Ready means: the supervisor lives, had finished its start, and
 * every part answers.
 */
export async function stackStatus(stateDir: string): Promise<StackStatus> {
  const state = readState(stateDir);
  const urls = state?.urls;
  const running = lockHolder(lockPath(stateDir)) !== undefined;
  const [block, indexed, web, ...gateways] = await Promise.all([
    quietly(async () => Number(await rpc<string>(urls?.rpc ?? "", "eth_blockNumber", [], 3000))),
    quietly(() => subgraphBlock(urls?.subgraph ?? "")),
    quietly(() => answers(urls?.web.replace("localhost", "127.0.0.1") ?? "")),
    ...(urls?.gateways ?? []).map(({ url }) => quietly(() => answers(`${url}/ready`))),
  ]);
  const allAnswer =
    block !== null && indexed !== null && web === true && gateways.every((answer) => answer === true);
  return {
    ready: running && state?.phase === "ready" && gateways.length > 0 && allAnswer,
    chain: { url: urls?.rpc ?? null, chainId: LOCAL_CHAIN_ID, block },
    subgraph: { url: urls?.subgraph ?? null, block: indexed },
    gateways: urls?.gateways ?? [],
    web: { url: urls?.web ?? null },
    contracts: readDeployment(stateDir).contracts,
  };
}

/** A part that cannot be reached is reported as not answering; that is the answer here, not an error. */
async function quietly<T>(probe: () => Promise<T | undefined>): Promise<T | null> {
  try {
    return (await probe()) ?? null;
  } catch {
    return null;
  }
}
