import type { Hex } from "viem";
import { SalusError } from "../errors.ts";
import { concat, toHex } from "./bytes.ts";
import type { DatasetContext } from "./context.ts";
import { domainTag, keccak256 } from "./hash.ts";
import { hpkeOpen, hpkeSeal, type RecipientKey } from "./hpke.ts";
import { decodeShareBatch, encodeShareBatch, type RecordShare } from "./share-batch.ts";
import { encodeWords, type WordField } from "./words.ts";

/** One gateway of a gateway set: its index and the X25519 key that key shares are sealed to. */
export type GatewayKey = { index: number; hpkePublicKey: Hex };

/** The gateways that hold a dataset's key shares, ascending by index, and how many must agree. */
export type GatewaySet = { gateways: readonly GatewayKey[]; threshold: number };

/** What the sealed key shares of one version are bound to. */
export type ShareBatchContext = DatasetContext & { version: number; gatewaySet: GatewaySet; gateway: number };

const memberFields = [
  { name: "index", type: "uint256" },
  { name: "hpkePublicKey", type: "bytes32" },
] as const satisfies readonly WordField[];

const batchFields = [
  { name: "chainId", type: "uint256" },
  { name: "registry", type: "address" },
  { name: "dataset", type: "uint256" },
  { name: "version", type: "uint16" },
  { name: "gatewaySet", type: "bytes32" },
  { name: "gateway", type: "uint256" },
] as const satisfies readonly WordField[];

const SET_TAG = domainTag("salus.gateway-set.v1");
const BATCH_TAG = domainTag("salus.share-batch.v1");

/**
 * Digest of a gateway set: keccak256(tag ‖ threshold ‖ n ‖ n × (index, HPKE public key)).
 *
 * @throws SDK_INVALID_INPUT unless 2 ≤ threshold ≤ n ≤ 255 and the indexes ascend
 */
export function gatewaySetDigest(set: GatewaySet): Hex {
  assertGatewaySet(set);
  const counts = encodeWords(
    [
      { name: "threshold", type: "uint256" },
      { name: "size", type: "uint256" },
    ],
    { threshold: set.threshold, size: set.gateways.length },
  );
  const members = set.gateways.map((gateway) => encodeWords(memberFields, gateway));
  return toHex(keccak256(concat(SET_TAG, counts, ...members)));
}

/** @throws SDK_INVALID_INPUT unless 2 ≤ threshold ≤ n ≤ 255, and the indexes are distinct, ascending uint16 */
export function assertGatewaySet({ gateways, threshold }: GatewaySet): void {
  const indexes = gateways.map((gateway) => gateway.index);
  const ascending = indexes.every(
    (index, i) =>
      Number.isInteger(index) && index >= 0 && index < 65_536 && (i === 0 || index > indexes[i - 1]!),
  );
  if (ascending && Number.isInteger(threshold) && threshold >= 2 && threshold <= indexes.length) {
    if (indexes.length <= 255) return;
  }
  throw new SalusError({
    code: "SDK_INVALID_INPUT",
    message: `A gateway set has 2 to 255 gateways with ascending indexes and a threshold from 2 to their number; got ${threshold} of [${indexes.join(", ")}].`,
    details: { indexes, threshold },
  });
}

function encodeBatchContext(context: ShareBatchContext): Uint8Array {
  const gatewaySet = gatewaySetDigest(context.gatewaySet);
  return concat(BATCH_TAG, encodeWords(batchFields, { ...context, gatewaySet }));
}

/**
 * Seals all key shares that one gateway holds of one version in a single HPKE message, because an HPKE operation costs
 * as much as a few dozen records.
 *
 * @param context its `gateway` must be in the set; the message goes to that gateway's key
 * @throws SDK_UNKNOWN_GATEWAY, SDK_HPKE_KEY_INVALID, SDK_INVALID_INPUT, SDK_SHARE_BATCH_MALFORMED
 */
export async function sealShares(parameters: {
  context: ShareBatchContext;
  shares: readonly RecordShare[];
}): Promise<Uint8Array> {
  return sealShareBatch({ ...parameters, batch: encodeShareBatch(parameters.shares) });
}

/** {@link sealShares} of an encoded batch, which is wiped. @throws as {@link sealShares} */
export async function sealShareBatch(parameters: {
  context: ShareBatchContext;
  batch: Uint8Array;
}): Promise<Uint8Array> {
  const { context, batch: plaintext } = parameters;
  const member = context.gatewaySet.gateways.find(({ index }) => index === context.gateway);
  if (!member) throw unknownGateway(context.gateway);
  const info = encodeBatchContext(context);
  const sealed = await hpkeSeal({ recipientPublicKey: member.hpkePublicKey, info, plaintext });
  plaintext.fill(0);
  return sealed;
}

/**
 * Opens the key shares that {@link sealShares} sealed to this gateway.
 *
 * @throws SDK_SEALED_OPEN_FAILED when key, chain, registry, dataset, version, gateway set or index differ, or bytes were
 *   changed; SDK_SEALED_MALFORMED, SDK_SHARE_BATCH_MALFORMED
 */
export async function openShares(parameters: {
  context: ShareBatchContext;
  recipientKey: RecipientKey;
  sealed: Uint8Array;
}): Promise<RecordShare[]> {
  const { context, recipientKey, sealed } = parameters;
  const plaintext = await hpkeOpen({ recipientKey, info: encodeBatchContext(context), sealed });
  const shares = decodeShareBatch(plaintext);
  plaintext.fill(0);
  return shares;
}

/** The error for a gateway that is not in the set. */
export function unknownGateway(gateway: number): SalusError {
  return new SalusError({
    code: "SDK_UNKNOWN_GATEWAY",
    message: `Gateway ${gateway} is not in the dataset's gateway set.`,
    details: { gateway },
  });
}
