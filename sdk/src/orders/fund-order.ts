import type { Hex } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { hashStruct } from "../chain/hash-struct.ts";
import { readAllowance, signPermit } from "../chain/permit.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { accessEscrowAbi } from "../generated/abis.ts";
import type { Terms } from "../types.ts";
import type { OrderDraft } from "./build-order.ts";

/**
 * Pays for an order in one transaction: by the standing allowance where it is enough, else with a permit that the buyer
 * signs (ERC-2612).
 *
 * @param terms the dataset's terms in full: paying agrees to them
 * @param evidence what the terms ask to be shown, from `encodeEvidence`; none by default
 * @returns the order's id
 * @throws AccessEscrow_… and ERC20… errors with a hint
 */
export async function fundOrder(
  salus: SalusWriter,
  { draft, terms, evidence = "0x" }: { draft: OrderDraft; terms: Terms; evidence?: Hex },
  options?: SendOptions,
): Promise<{ id: Hex }> {
  const { deployment } = salus;
  const escrow = deployment.contracts.AccessEscrow;
  const id = hashStruct(deployment, "Order", draft.order);
  const allowance = await readAllowance(salus, { token: draft.token, spender: escrow });
  const call = { address: escrow, abi: accessEscrowAbi } as const;
  if (allowance >= draft.total) {
    await send(salus, { ...call, functionName: "fund", args: [draft.order, terms, evidence, "0x"] }, options);
  } else {
    const permit = await signPermit(salus, { token: draft.token, spender: escrow, value: draft.total });
    const args = [draft.order, terms, evidence, "0x", permit] as const;
    await send(salus, { ...call, functionName: "fundWithPermit", args }, options);
  }
  return { id };
}
