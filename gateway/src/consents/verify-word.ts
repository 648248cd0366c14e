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
 * Whether a revocation is signed by one who may revoke, as of a block: the person; who is about to take a provisional
 * subject over; for one that nobody controls yet the holder of its code, and its custodian; for what was granted by two
 * persons the custodian alone, too; a proxy with that right. The registry checks the same, so that what is taken here is
 * taken on chain, at the latest when a hand-over comes into force.
 *
 * @param at the block with the subject's slot in it
 */
export async function isRevocationSigned(
  context: Context,
  revocation: Revocation,
  signed: SignedRevocation,
  at: { block: Block; slot: ConsentSlot },
): Promise<boolean> {
  const { dataset, subject } = revocation;
  const { codeKey, twoPerson, proxy } = signed;
  if (proxy) return isProxys(context, revocation, signed, { proxy, ...at });
  const typed = typedData(context.deployment, "Revocation", revocation);
  const by = (signer: Address) => verifySignature(context.chain, signer, typed, signed.signature);
  const { controller, pending } = await controllerAt(context.chain, { dataset, subject }, at.block);
  if (codeKey !== undefined) {
    if (!isAddressEqual(provisionalSubject(dataset, codeKey), subject)) return false;
    if (controller !== undefined && !isAddressEqual(controller, subject)) return false;
    return (await by(codeKey)) || isCustodians(context, dataset, by);
  }
  if (twoPerson) {
    const { modes } = await custodyOf(context.chain, dataset);
    if (((modes | at.slot.modes) & MODES.TWO_PERSON) === 0) return false;
    return isCustodians(context, dataset, by);
  }
  return (await by(controller ?? subject)) || (pending !== undefined && by(pending.account));
}

function controllerAt(chain: ChainView, about: { dataset: bigint; subject: Address }, block?: Block) {
  const at = block ? { blockNumber: block.number } : {};
  return chain.read((reader) => readController(reader, { ...about, ...at }));
}

/** Whether a key with the right to revoke says so, within its reach above the slot's nonce. */
async function isProxys(
  { chain, deployment }: Context,
  revocation: Revocation,
  { signature }: SignedRevocation,
  { proxy: { key, since }, block, slot }: { proxy: ProxySpeaker; block: Block; slot: ConsentSlot },
): Promise<boolean> {
  const { dataset, subject, maxNonce } = revocation;
  const standing = await chain.read((reader) =>
    readProxy(reader, { dataset, subject, proxy: key, blockNumber: block.number }),
  );
  if ((standing.rights & PROXY_RIGHTS.REVOKE) === 0 || standing.since !== since) return false;
  if (block.time >= standing.expiry || maxNonce > slot.nonce + PROXY.PROXY_REACH) return false;
  const typed = typedData(deployment, "ProxyRevocation", { ...revocation, proxy: key, since });
  return verifySignature(chain, key, typed, signature);
}

/** A removed gateway's operator still speaks for what it keeps; its signer does not. */
async function isCustodians(
  context: Context,
  dataset: bigint,
  by: (signer: Address) => Promise<boolean>,
): Promise<boolean> {
  const { operator, signer, active } = await custodianOf(context, dataset);
  return (await by(operator)) || (active && (await by(signer)));
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
