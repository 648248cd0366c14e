import { encodeAbiParameters, encodeFunctionData, keccak256, type Address, type Hex } from "viem";
import type { Deployment } from "../chain/deployment.ts";
import { treasuryAbi } from "../generated/abi/treasury.ts";
import { PAYMENT_ABI } from "../generated/eip712.ts";
import type { ProposedCall } from "../governance/types.ts";
import type { Payment } from "../types.ts";

/** A payment at once; amounts in the token's smallest unit. */
export function payment(token: Address, to: Address, amount: bigint): Payment {
  return { token, to, amount, start: 0n, duration: 0n };
}

/**
 * A grant: the amount goes to a wallet of its own, which releases it evenly to its owner.
 * @param start seconds since 1970
 * @param duration seconds, above zero
 */
export function grant(
  token: Address,
  to: Address,
  amount: bigint,
  { start, duration }: { start: bigint; duration: bigint },
): Payment {
  return { token, to, amount, start, duration };
}

/** The call of a proposal that pays within what may leave at once. */
export function encodePayment({ contracts }: Deployment, paid: Payment): ProposedCall {
  const data = encodeFunctionData({ abi: treasuryAbi, functionName: "pay", args: [paid] });
  return { target: contracts.Treasury, data };
}

/**
 * The call of a proposal that announces a payment of any size within the treasury's upper bound.
 * @param salt tells equal payments apart
 */
export function encodeAnnouncement({ contracts }: Deployment, announced: Payment, salt: Hex): ProposedCall {
  const data = encodeFunctionData({ abi: treasuryAbi, functionName: "announce", args: [announced, salt] });
  return { target: contracts.Treasury, data };
}

/** The call of a proposal that revokes an announced payment. */
export function encodeAnnouncementRevocation({ contracts }: Deployment, id: Hex): ProposedCall {
  const data = encodeFunctionData({ abi: treasuryAbi, functionName: "revoke", args: [id] });
  return { target: contracts.Treasury, data };
}

/** An announcement's id, as `Treasury.announcementId` computes it. */
export function announcementId(announced: Payment, salt: Hex): Hex {
  const types = [PAYMENT_ABI[0], { type: "bytes32" }] as const;
  return keccak256(encodeAbiParameters(types, [announced, salt]));
}
