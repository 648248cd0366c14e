import type { Address, Hex, TransactionReceipt } from "viem";
import { isSalusError } from "@salus/sdk/errors";
import type { SalusWriter } from "@salus/sdk/chain/client";
import { salusGovernorAbi } from "@salus/sdk/generated/abi/salusGovernor";
import { salusTokenAbi } from "@salus/sdk/generated/abi/salusToken";
import { delegatorOf, submitDelegation, type SignedDelegation } from "@salus/sdk/governance/sign-delegation";
import { submitVote, type SignedVote } from "@salus/sdk/governance/sign-vote";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { payFor } from "../relay/pay-for.ts";
import type { Relayed } from "../relay/spending.ts";

/* Words of token holders who have no coin of the chain's own. Only those whose word counts are carried: else anyone could
   spend the operator's gas on votes without weight. */

/** Submits a signed vote at the operator's cost. @throws GATEWAY_VOTE_REFUSED */
export async function relayVote(context: Context, vote: SignedVote): Promise<Hex> {
  const { proposalId, voter } = vote.ballot;
  const { publicClient, deployment } = context.chain.reader;
  const governor = { address: deployment.contracts.SalusGovernor, abi: salusGovernorAbi } as const;
  const start = await publicClient
    .readContract({ ...governor, functionName: "proposalSnapshot", args: [proposalId] })
    .catch(unavailable);
  const { timestamp } = await publicClient.getBlock().catch(unavailable);
  if (start === 0n || start >= timestamp) {
    throw refused(
      "There is no such vote now.",
      "Look at the proposal: its vote has not begun, or it does not exist.",
    );
  }
  const args = [voter, start] as const;
  const weight = await publicClient
    .readContract({ ...governor, functionName: "getVotes", args })
    .catch(unavailable);
  if (weight === 0n) {
    throw refused(
      "The voter had no votes when this vote began.",
      "Delegate tokens before a vote begins, for the next one.",
    );
  }
  const word = `vote:${proposalId}:${voter.toLowerCase()}:${vote.ballot.nonce}`;
  return submit(context, { word, kind: "Vote", subject: voter }, (writer) => submitVote(writer, vote));
}

/** Submits a signed delegation at the operator's cost. @throws GATEWAY_VOTE_REFUSED */
export async function relayDelegation(context: Context, signed: SignedDelegation): Promise<Hex> {
  const { publicClient, deployment } = context.chain.reader;
  const holder = await holderOf(context, signed);
  const token = { address: deployment.contracts.SalusToken, abi: salusTokenAbi } as const;
  const balance = await publicClient
    .readContract({ ...token, functionName: "balanceOf", args: [holder] })
    .catch(unavailable);
  if (balance === 0n) {
    throw refused(
      "The signer holds no tokens.",
      "Sign with the account that holds the tokens, for its present nonce.",
    );
  }
  const word = `delegation:${holder.toLowerCase()}:${signed.delegation.nonce}`;
  return submit(context, { word, kind: "Delegation", subject: holder }, (writer) =>
    submitDelegation(writer, signed),
  );
}

async function holderOf(context: Context, signed: SignedDelegation): Promise<Address> {
  try {
    return await delegatorOf(context.chain.reader.deployment, signed);
  } catch (error) {
    throw refused("The signature is none.", "Sign the delegation again.", error);
  }
}

/** Token holders' words belong to no dataset; their gas counts for the holder and for the day. */
async function submit(
  context: Context,
  about: Omit<Relayed, "dataset">,
  send: (writer: SalusWriter) => Promise<TransactionReceipt>,
): Promise<Hex> {
  try {
    return (await payFor(context, { ...about, dataset: 0n }, send)).transactionHash;
  } catch (error) {
    // A contract's own refusal, before anything was sent; what the chain or the network did is another matter.
    if (!isSalusError(error) || error.code.startsWith("SDK_")) throw error;
    throw refused(error.message, error.hint, error);
  }
}

function refused(message: string, hint: string, cause?: unknown): GatewayError {
  return new GatewayError("GATEWAY_VOTE_REFUSED", message, { hint, cause });
}

function unavailable(cause: unknown): never {
  throw new GatewayError("GATEWAY_CHAIN_UNAVAILABLE", "The gateway cannot see the chain.", { cause });
}
