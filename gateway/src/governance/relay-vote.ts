import { hashTypedData, type Address, type Hex, type TransactionReceipt } from "viem";
import { isSalusError } from "@salus/sdk/errors";
import type { SalusWriter } from "@salus/sdk/chain/client";
import { salusGovernorAbi } from "@salus/sdk/generated/abi/salusGovernor";
import { salusTokenAbi } from "@salus/sdk/generated/abi/salusToken";
import { delegatorOf, submitDelegation, type SignedDelegation } from "@salus/sdk/governance/sign-delegation";
import { submitVote, type SignedVote } from "@salus/sdk/governance/sign-vote";
import { ballotData, delegationData } from "@salus/sdk/governance/signed-types";
import { verifySignature } from "../auth/verify.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { payFor } from "../relay/pay-for.ts";
import { findRelayed, type Relayed } from "../relay/spending.ts";

/* Words of token holders who have no coin of the chain's own. Only those whose word counts are carried: else anyone could
   spend the operator's gas on votes without weight. Each is carried once; asked again, its transaction is told. What was
   carried is named by everything that was signed, so that another choice under the same nonce is another word, and the
   contract refuses it. */

/**
 * Submits a signed vote at the operator's cost. Whoever asks proves nothing but the vote itself: its signature, a key's or a
 * contract's (ERC-1271), is checked here, for the nonce that came with it, before the chain is asked for anything.
 *
 * @throws GATEWAY_VOTE_REFUSED, GATEWAY_RELAY_BUDGET, GATEWAY_RELAY_RUNNING
 */
export async function relayVote(context: Context, vote: SignedVote): Promise<Hex> {
  const { proposalId, voter } = vote.ballot;
  const { publicClient, deployment } = context.chain.reader;
  const ballot = ballotData(deployment, vote.ballot);
  if (!(await verifySignature(context.chain, voter, ballot, vote.signature))) {
    throw refused(
      "The signature is not the voter's, or of another vote.",
      "Load the proposal and sign your vote again.",
    );
  }
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
  const word = `vote:${hashTypedData(ballot)}`;
  return submit(context, { word, kind: "Vote", subject: voter }, (writer) => submitVote(writer, vote));
}

/**
 * Submits a signed delegation at the operator's cost. The token takes keys' signatures only: whose it is shows from it.
 *
 * @throws GATEWAY_VOTE_REFUSED, GATEWAY_RELAY_BUDGET, GATEWAY_RELAY_RUNNING
 */
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
  const word = `delegation:${holder.toLowerCase()}:${hashTypedData(delegationData(deployment, signed.delegation))}`;
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
  const done = await findRelayed(context, about.word);
  if (done) return done;
  try {
    return (await payFor(context, { ...about, dataset: 0n }, send)).transactionHash;
  } catch (error) {
    // A contract's own refusal, before anything was sent; what the chain or the network did is another matter.
    if (!isSalusError(error) || error.code.startsWith("SDK_")) throw error;
    // Another replica may have been first: then the contract refuses what it took already.
    const meanwhile = await findRelayed(context, about.word);
    if (meanwhile) return meanwhile;
    throw refused(error.message, error.hint, error);
  }
}

function refused(message: string, hint: string, cause?: unknown): GatewayError {
  return new GatewayError("GATEWAY_VOTE_REFUSED", message, { hint, cause });
}

function unavailable(cause: unknown): never {
  throw new GatewayError("GATEWAY_CHAIN_UNAVAILABLE", "The gateway cannot see the chain.", { cause });
}
