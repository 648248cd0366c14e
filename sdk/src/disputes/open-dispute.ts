import type { Address, Hex } from "viem";
import type { SalusReader, SalusWriter } from "../chain/client.ts";
import { readAllowance, signPermit } from "../chain/permit.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { hashStruct } from "../chain/hash-struct.ts";
import { assetRegistryAbi } from "../generated/abi/assetRegistry.ts";
import { disputesAbi } from "../generated/abi/disputes.ts";
import type { Order } from "../types.ts";
import { readDisputeOffer } from "./read-dispute.ts";

/** Nothing yet: evidence can follow while the time for it runs. */
export const NO_EVIDENCE_YET: Hex = `0x${"00".repeat(32)}`;

/**
 * Opens a dispute about a delivered order as its buyer or as the operator of its custodian, within its dispute window. The
 * bond is taken by the standing allowance where it is enough, else with a permit that the sender signs (ERC-2612).
 *
 * @param evidence SHA-256 of the first document; more can follow
 * @returns the dispute's id, which is the order's
 * @throws Disputes_… and AccessEscrow_… errors with a hint
 */
export async function openDispute(
  salus: SalusWriter,
  { order, evidence = NO_EVIDENCE_YET }: { order: Order; evidence?: Hex },
  options?: SendOptions,
): Promise<{ id: Hex; bond: bigint }> {
  const opener = salus.walletClient.account.address;
  const party = opener.toLowerCase() === order.buyer.toLowerCase() ? "Buyer" : "Custodian";
  const { bond } = await readDisputeOffer(salus, { order, opener, party });
  const token = await tokenOf(salus, order);
  const spender = order.arbitrator;
  const call = { address: spender, abi: disputesAbi } as const;
  if ((await readAllowance(salus, { token, spender })) >= bond) {
    await send(salus, { ...call, functionName: "open", args: [order, evidence] }, options);
  } else {
    const permit = await signPermit(salus, { token, spender, value: bond });
    await send(salus, { ...call, functionName: "openWithPermit", args: [order, evidence, permit] }, options);
  }
  return { id: hashStruct(salus.deployment, "Order", order), bond };
}

/** The token in which an order is paid, and a bond about it. */
export function tokenOf(
  { publicClient, deployment }: SalusReader,
  { token }: Pick<Order, "token">,
): Promise<Address> {
  const registry = { address: deployment.contracts.AssetRegistry, abi: assetRegistryAbi } as const;
  return publicClient.readContract({ ...registry, functionName: "tokenAt", args: [token] });
}
