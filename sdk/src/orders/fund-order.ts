import type { Hex } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { hashStruct } from "../chain/hash-struct.ts";
import { readAllowance, signPermit } from "../chain/permit.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { accessEscrowAbi } from "../generated/abis.ts";
import type { Terms } from "../types.ts";
import { checkAgreement } from "./check-agreement.ts";
import type { OrderDraft } from "./build-order.ts";

/**
 * Pays for an order in one transaction: by the standing allowance where it is enough, else with a permit that the buyer
 * signs (ERC-2612).
 *
 * @param terms the dataset's terms in full: paying agrees to them
 * @param agreement text of the data-use agreement that the buyer was shown; another text than the terms' is refused
 * @param evidence what the terms ask to be shown, from `encodeEvidence`; none by default
 * @returns the order's id
 * @throws SDK_AGREEMENT_MISMATCH, AccessEscrow_… and ERC20… errors with a hint
 */
export async function fundOrder(
  salus: SalusWriter,
  {
    draft,
    terms,
    agreement,
    evidence = "0x",
  }: { draft: OrderDraft; terms: Terms; agreement?: string; evidence?: Hex },
  options?: SendOptions,
): Promise<{ id: Hex }> {
  const { order, total, token } = draft;
  if (agreement !== undefined) checkAgreement(terms, agreement);
  const spender = salus.deployment.contracts.AccessEscrow;
  const call = { address: spender, abi: accessEscrowAbi } as const;
  if ((await readAllowance(salus, { token, spender })) >= total) {
    await send(salus, { ...call, functionName: "fund", args: [order, terms, evidence, "0x"] }, options);
  } else {
    const permit = await signPermit(salus, { token, spender, value: total });
    await send(
      salus,
      { ...call, functionName: "fundWithPermit", args: [order, terms, evidence, "0x", permit] },
      options,
    );
  }
  return { id: hashStruct(salus.deployment, "Order", order) };
}
