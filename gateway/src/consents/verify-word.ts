import { type Address, isAddressEqual } from "viem";
import { typedData } from "@salus/sdk/chain/typed-data";
import { provisionalSubject } from "@salus/sdk/consent/provisional-subject";
import { readProxy } from "@salus/sdk/consent/proxies";
import { readController } from "@salus/sdk/consent/read-controller";
import type { ConsentSlot } from "@salus/sdk/consent/types";
import type { ProxySpeaker, SignedRevocation } from "@salus/sdk/gateway/types";
import { MODES, PROXY, PROXY_RIGHTS } from "@salus/sdk/generated/constants";
import type { RegisteredGateway } from "@salus/sdk/gateways/read-gateways";
import type { Revocation } from "@salus/sdk/types";
import { verifySignature } from "../auth/verify.ts";
import { custodyOf } from "../chain/reads.ts";
import type { Block, ChainView } from "../chain/view.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { Database } from "../database/schema.ts";

/** Who signs for a subject: its controller in force, else itself. As of a block, the head by default. */
export async function personOf(
  { chain }: Context,
  { dataset, subject }: { dataset: bigint; subject: Address },
  block?: Block,
): Promise<Address> {
  const { controller } = await controllerAt(chain, { dataset, subject }, block);
  return controller ?? subject;
}

/**
 * Who signed a revocation, of those who may revoke as of a block: the person; who is about to take a provisional
 * subject over; for one that nobody controls yet the holder of its code, and its custodian; for what was granted by two
 * persons the custodian alone, too; a proxy with that right. The registry checks the same, so that what is taken here is
 * taken on chain, at the latest when a hand-over comes into force.
 *
 * @param at the block with the subject's slot in it
 * @returns undefined when it is nobody of these
 */
export async function revokerOf(
  context: Context,
  revocation: Revocation,
  signed: SignedRevocation,
  at: { block: Block; slot: ConsentSlot },
): Promise<Address | undefined> {
  const { dataset, subject } = revocation;
  const { codeKey, twoPerson, proxy } = signed;
  if (proxy) return proxyOf(context, revocation, signed, { proxy, ...at });
  const typed = revocationData(context, revocation, signed);
  const firstOf = async (signers: readonly Address[]) => {
    for (const signer of signers) {
      if (await verifySignature(context.chain, signer, typed, signed.signature)) return signer;
    }
    return undefined;
  };
  const { controller, pending } = await controllerAt(context.chain, { dataset, subject }, at.block);
  if (codeKey !== undefined) {
    if (!isAddressEqual(provisionalSubject(dataset, codeKey), subject)) return undefined;
    if (controller !== undefined && !isAddressEqual(controller, subject)) return undefined;
    return (await firstOf([codeKey])) ?? firstOf(await custodianKeys(context, dataset));
  }
  if (twoPerson) {
    const { modes } = await custodyOf(context.chain, dataset);
    if (((modes | at.slot.modes) & MODES.TWO_PERSON) === 0) return undefined;
    return firstOf(await custodianKeys(context, dataset));
  }
  return firstOf([controller ?? subject, ...(pending === undefined ? [] : [pending.account])]);
}

/** What the signer of a revocation signed. */
export function revocationData({ deployment }: Context, revocation: Revocation, { proxy }: SignedRevocation) {
  if (!proxy) return typedData(deployment, "Revocation", revocation);
  return typedData(deployment, "ProxyRevocation", { ...revocation, proxy: proxy.key, since: proxy.since });
}

function controllerAt(chain: ChainView, about: { dataset: bigint; subject: Address }, block?: Block) {
  const at = block ? { blockNumber: block.number } : {};
  return chain.read((reader) => readController(reader, { ...about, ...at }));
}

/** The key with the right to revoke, if it says so within its reach above the slot's nonce. */
async function proxyOf(
  context: Context,
  revocation: Revocation,
  signed: SignedRevocation,
  { proxy: { key, since }, block, slot }: { proxy: ProxySpeaker; block: Block; slot: ConsentSlot },
): Promise<Address | undefined> {
  const { dataset, subject, maxNonce } = revocation;
  const standing = await context.chain.read((reader) =>
    readProxy(reader, { dataset, subject, proxy: key, blockNumber: block.number }),
  );
  if ((standing.rights & PROXY_RIGHTS.REVOKE) === 0 || standing.since !== since) return undefined;
  if (block.time >= standing.expiry || maxNonce > slot.nonce + PROXY.PROXY_REACH) return undefined;
  const typed = revocationData(context, revocation, signed);
  return (await verifySignature(context.chain, key, typed, signed.signature)) ? key : undefined;
}

/** A removed gateway's operator still speaks for what it keeps; its signer does not. */
async function custodianKeys(context: Context, dataset: bigint): Promise<Address[]> {
  const { operator, signer, active } = await custodianOf(context, dataset);
  return [operator, ...(active ? [signer] : [])];
}

/** The gateway that keeps a dataset. @throws GATEWAY_ASSET_UNKNOWN for a dataset that is not listed */
export async function custodianOf(context: Context, dataset: bigint): Promise<RegisteredGateway> {
  const { custodian } = await custodyOf(context.chain, dataset);
  if (custodian === 0) {
    throw new GatewayError("GATEWAY_ASSET_UNKNOWN", `Dataset ${dataset} is not listed on this chain.`, {
      hint: "Take the dataset from the letter, or from the marketplace.",
    });
  }
  return context.directory.get(custodian);
}

/** Columns of a revocation that say who spoke. */
export const SPOKEN = [
  "dataset",
  "subject",
  "max_nonce",
  "signature",
  "code_key",
  "two_person",
  "proxy",
  "proxy_since",
] as const;

/** Those columns of a row. */
export type SpokenRow = Pick<Database["revocations"], (typeof SPOKEN)[number]>;

/** How a stored revocation travels. */
export function signedRevocation(row: SpokenRow): SignedRevocation {
  const { dataset, subject, max_nonce: maxNonce, signature, proxy, proxy_since: since } = row;
  return {
    revocation: { dataset, subject, maxNonce },
    signature,
    ...(row.code_key === null ? {} : { codeKey: row.code_key }),
    ...(row.two_person ? { twoPerson: true } : {}),
    ...(proxy === null ? {} : { proxy: { key: proxy, since: since! } }),
  };
}
