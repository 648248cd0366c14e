import type { Address, Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { slashingAbi } from "../generated/abi/slashing.ts";
import { contributorLeaf, type ContributorLeaf } from "../trees/leaves.ts";
import { buildTree } from "../trees/tree.ts";
import type { Order } from "../types.ts";
import type { SignedBy } from "./report-two-receipts.ts";

/**
 * Reports a gateway that signed a receipt which counts someone in whose slot said no at the consent block. The sender is
 * rewarded.
 *
 * @param contributors every contributor of the receipt, as its contributors root has them
 * @param subject the one who had said no
 * @param escrow where the order is; the present escrow if left out
 * @throws SDK_LEAF_NOT_FOUND when the subject is not among them; Slashing_… errors with a hint
 */
export function reportDeniedContributor(
  salus: SalusWriter,
  d: {
    gateway: number;
    order: Order;
    signed: SignedBy;
    contributors: readonly ContributorLeaf[];
    subject: Address;
    escrow?: Address;
  },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const { AccessEscrow, Slashing } = salus.deployment.contracts;
  const proof: Hex[] = buildTree(contributorLeaf, d.contributors).proof(d.subject);
  const contributor = d.contributors.find(
    ({ subject }) => subject.toLowerCase() === d.subject.toLowerCase(),
  )!;
  const { receipt, signature } = d.signed;
  const args = [
    d.escrow ?? AccessEscrow,
    d.gateway,
    d.order,
    receipt,
    signature,
    contributor,
    proof,
  ] as const;
  return send(
    salus,
    { address: Slashing, abi: slashingAbi, functionName: "reportDeniedContributor", args },
    options,
  );
}
