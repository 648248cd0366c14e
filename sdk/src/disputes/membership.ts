import { decodeFunctionData, type Address, type Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { SalusError } from "../errors.ts";
import { accessEscrowAbi } from "../generated/abis.ts";
import { findDelivery } from "../orders/find-delivery.ts";
import { contributorLeaf, type ContributorLeaf } from "../trees/leaves.ts";
import { buildTree } from "../trees/tree.ts";
import type { Order, Receipt } from "../types.ts";

/** Shows a panel that a subject is counted in an order's receipt. */
export type Membership = {
  receipt: Receipt;
  signature: Hex;
  contributor: ContributorLeaf;
  proof: readonly Hex[];
};

/**
 * Builds what a contributor shows, from public data: receipt and executor's signature from the transaction that delivered
 * the order, the proof from the cohort that anyone can compute.
 *
 * @param contributors every contributor of the receipt
 * @throws SDK_NOT_DELIVERED, SDK_LEAF_NOT_FOUND, SDK_SIGNATURE_NOT_FOUND when a relayer's own contract delivered it
 */
export async function proveMembership(
  salus: SalusReader,
  d: { id: Hex; order: Order; contributors: readonly ContributorLeaf[]; subject: Address },
): Promise<Membership> {
  const { receipt, transactionHash } = await findDelivery(salus, d.id);
  const proof = buildTree(contributorLeaf, d.contributors).proof(d.subject);
  const subject = d.subject.toLowerCase();
  const contributor = d.contributors.find((leaf) => leaf.subject.toLowerCase() === subject)!;
  const signature = await executorSignature(salus, transactionHash, d.order.custodian);
  return { receipt, signature, contributor, proof };
}

async function executorSignature({ publicClient }: SalusReader, hash: Hex, custodian: number): Promise<Hex> {
  const { input } = await publicClient.getTransaction({ hash }).catch(async (error) => {
    throw await explainRevert(error);
  });
  const signatures = signaturesIn(input);
  const own = signatures.find(({ gateway }) => gateway === custodian);
  if (own) return own.signature;
  throw new SalusError({
    code: "SDK_SIGNATURE_NOT_FOUND",
    message: `Transaction ${hash} does not carry the custodian's signature over the receipt.`,
    hint: "Ask a gateway of the order's set for the receipt's signatures.",
    details: { hash },
  });
}

function signaturesIn(data: Hex): readonly { gateway: number; signature: Hex }[] {
  try {
    const call = decodeFunctionData({ abi: accessEscrowAbi, data });
    return call.functionName === "deliver" ? call.args[2] : [];
  } catch {
    // Another contract's call: whoever asked gets told that the signature is not there.
    return [];
  }
}
