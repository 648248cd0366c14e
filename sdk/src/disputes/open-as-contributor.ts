import type { Account, Address, Hex, LocalAccount, TransactionReceipt, WalletClient } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import type { Permit } from "../chain/permit.ts";
import { send, type SendOptions } from "../chain/send.ts";
import type { Deployment } from "../chain/deployment.ts";
import { disputesAbi } from "../generated/abi/disputes.ts";
import { DISPUTE_OPENING_TYPE } from "../generated/eip712.ts";
import type { Order } from "../types.ts";
import type { Membership } from "./membership.ts";

/** What a contributor agrees to (EIP-712 `DisputeOpening`). */
export type DisputeOpening = { order: Hex; subject: Address; evidence: Hex; maxBond: bigint };

/** The typed data of an opening, as wallets and viem's `signTypedData` take it. The panel verifies it. */
export function openingTypedData(deployment: Deployment, panel: Address, message: DisputeOpening) {
  return {
    domain: {
      name: "Salus Disputes",
      version: "1",
      chainId: deployment.chainId,
      verifyingContract: panel,
    },
    types: { DisputeOpening: DISPUTE_OPENING_TYPE },
    primaryType: "DisputeOpening",
    message,
  } as const;
}

/** Signs an opening with the key that signs for the subject, so that anybody can send it. */
export function signOpening(
  deployment: Deployment,
  d: { panel: Address; opening: DisputeOpening },
  signer: Pick<LocalAccount, "signTypedData"> | (WalletClient & { account: Account }),
): Promise<Hex> {
  const data = openingTypedData(deployment, d.panel, d.opening);
  return "account" in signer
    ? signer.signTypedData({ ...data, account: signer.account } as never)
    : signer.signTypedData(data);
}

const NO_PERMIT: Permit = {
  value: 0n,
  deadline: 0n,
  v: 0,
  r: `0x${"00".repeat(32)}`,
  s: `0x${"00".repeat(32)}`,
};

/**
 * Opens a dispute for somebody whose data was used; anyone may send it. The bond is taken from whoever signs for the
 * subject, by permit or allowance.
 *
 * @param signature of `signOpening`; not needed when that person sends
 * @param permit ERC-2612, of the same person for the panel
 * @throws Disputes_… and AccessEscrow_… errors with a hint
 */
export function openDisputeAsContributor(
  salus: SalusWriter,
  d: {
    order: Order;
    opening: DisputeOpening;
    membership: Membership;
    signature?: Hex;
    permit?: Permit;
  },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const { order, opening, membership, signature = "0x", permit = NO_PERMIT } = d;
  return send(
    salus,
    {
      address: order.arbitrator,
      abi: disputesAbi,
      functionName: "openAsContributor",
      args: [order, opening, membership, signature, permit],
    },
    options,
  );
}
