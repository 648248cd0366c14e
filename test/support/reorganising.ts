import { decodeShareBatch, openSealed } from "@salus/sdk/crypto/index";
import { fromBase64 } from "@salus/sdk/gateway/base64";
import { GatewayRequestError, sendForJson } from "@salus/sdk/gateway/http";
import type { PeerSharesResponse } from "@salus/sdk/gateway/types";
import { toWire } from "@salus/sdk/gateway/wire";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { keysOf } from "../../gateway/src/keys/keys.ts";
import { readPlainKeys } from "../../gateway/src/keys/plain-file.ts";
import { memoryVault } from "../../gateway/src/keys/raw-keys.ts";
import type { Dataset, Placed } from "./gateway-market.ts";
import { until, type GatewayNetwork } from "./gateway-network.ts";

/* A real chain whose blocks come, and are taken away, when the test says so; and what gateways hand out meanwhile. */

/** The network's chain in the hand of a test. Final is what has two blocks above it. */
export function chainInHand({ rpc }: GatewayNetwork) {
  const mine = async (blocks = 1) => {
    for (let i = 0; i < blocks; i += 1) await rpc("evm_mine");
  };
  const hasWaiting = async () => {
    const { pending } = (await rpc("txpool_status")) as { pending: string };
    return Number(pending) > 0;
  };
  /** Waits until a transaction waits for its block. */
  const sent = () => until(hasWaiting);
  return {
    mine,
    sent,
    hasWaiting,
    /** No block comes by itself any more. */
    hold: () => rpc("evm_setIntervalMining", [0]),
    /** A block comes every second. */
    letGo: () => rpc("evm_setIntervalMining", [1]),
    /** Others take the place of the newest blocks; what they held is in none of them, and waits nowhere. */
    takeAway: (blocks: number) => rpc("anvil_reorg", [blocks, []]),
    /** Mines one block as soon as the work has sent its transaction. */
    async inNextBlock<T>(work: Promise<T>): Promise<T> {
      await Promise.race([sent(), work]);
      await mine();
      return work;
    },
  };
}

/** What one gateway answers an order's executor: whose key shares it hands out, and why not the others'. */
export type Handed = {
  /** subjects, lower case */
  released: string[];
  /** reasons by subject */
  refused: Record<string, string>;
  /** of the refusal of the order as a whole */
  code?: string;
};

/** Asks a gateway for the key shares of all records of an order, with the keys of gateway 1, its executor. */
export async function askShares(
  network: GatewayNetwork,
  { dataset, placed, gateway }: { dataset: Dataset; placed: Placed; gateway: number },
): Promise<Handed> {
  const { entries } = dataset.built.manifest;
  const subjectOf = (recordId: string) =>
    entries.find(({ leaf }) => leaf.recordId === recordId)!.leaf.subject.toLowerCase();
  const { spec, salt } = placed.submission;
  const recordIds = entries.map(({ leaf }) => leaf.recordId);
  const signer = privateKeyToAccount(network.gateways[0]!.keys.signerKey);
  const json = { order: toWire("Order", placed.order), spec, salt, recordIds };
  try {
    const answer = await sendForJson<PeerSharesResponse>(network.gateways[gateway - 1]!.target(), {
      method: "POST",
      path: "/v1/peer/shares",
      json,
      signer,
    });
    const shares = decodeShareBatch(await openFor(network, placed, answer));
    return {
      released: shares.map(({ recordId }) => subjectOf(recordId)),
      refused: Object.fromEntries(answer.refused.map(({ recordId, code }) => [subjectOf(recordId), code])),
    };
  } catch (error) {
    if (!(error instanceof GatewayRequestError)) throw error;
    return { released: [], refused: {}, code: error.code };
  }
}

async function openFor(
  { folder, deployment }: GatewayNetwork,
  { id }: Placed,
  { sealed }: PeerSharesResponse,
) {
  const vault = memoryVault(readPlainKeys(join(folder, "gateway-1", "keys.json")));
  const context = {
    chainId: deployment.chainId,
    escrow: deployment.contracts.AccessEscrow,
    orderId: id,
    purpose: "key-release",
  } as const;
  return openSealed({ recipientKey: (await keysOf(vault)).sealing, context, sealed: fromBase64(sealed) });
}
