import type { Address, Hex, TransactionReceipt } from "viem";
import type { SalusReader, SalusWriter } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { send, type SendOptions } from "../chain/send.ts";
import type { Signer } from "../chain/sign-struct.ts";
import { salusGovernorAbi } from "../generated/abi/salusGovernor.ts";
import { ballotData, type Ballot } from "./signed-types.ts";

/** A vote with the voter's signature, or what a contract account takes for it (ERC-1271). */
export type SignedVote = { ballot: Ballot; signature: Hex };

/**
 * Signs a vote that anyone may submit, once, for its voter.
 * @param choice one of `support`
 */
export async function signVote(
  { publicClient, deployment }: SalusReader,
  { voter, id, choice, reason = "" }: { voter: Address; id: bigint; choice: number; reason?: string },
  signer: Signer,
): Promise<SignedVote> {
  const governor = { address: deployment.contracts.SalusGovernor, abi: salusGovernorAbi } as const;
  const nonce = await publicClient
    .readContract({ ...governor, functionName: "nonces", args: [voter] })
    .catch(async (error: unknown) => {
      throw await explainRevert(error);
    });
  const ballot = { proposalId: id, support: choice, voter, nonce, reason };
  const data = ballotData(deployment, ballot);
  const signature =
    "account" in signer
      ? await signer.signTypedData({ ...data, account: signer.account } as never)
      : await signer.signTypedData(data as never);
  return { ballot, signature };
}

/** Submits somebody's signed vote. Anyone may. */
export function submitVote(
  salus: SalusWriter,
  { ballot, signature }: SignedVote,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const { proposalId, support, voter, reason } = ballot;
  const governor = { address: salus.deployment.contracts.SalusGovernor, abi: salusGovernorAbi } as const;
  const args = [proposalId, support, voter, reason, "0x", signature] as const;
  return send(salus, { ...governor, functionName: "castVoteWithReasonAndParamsBySig", args }, options);
}
