import { castVote } from "@salus/sdk/governance/cast-vote";
import { delegateVotes } from "@salus/sdk/governance/delegate-votes";
import { executeProposal } from "@salus/sdk/governance/execute-proposal";
import { propose } from "@salus/sdk/governance/propose";
import { queueProposal } from "@salus/sdk/governance/queue-proposal";
import { readVotingStanding } from "@salus/sdk/governance/read-voting-standing";
import {
  readProposer,
  whyNotPropose,
  type NoProposalReason,
  type Proposer,
} from "@salus/sdk/governance/read-proposer";
import { readVoter, type Voter } from "@salus/sdk/governance/read-voter";
import { support, type Proposal } from "@salus/sdk/governance/types";
import { whyNotVote, type NoVoteReason } from "@salus/sdk/governance/why-not-vote";
import type { SendOptions } from "@salus/sdk/chain/send";
import type { SalusReader } from "@salus/sdk/chain/client";
import type { TransactionReceipt } from "viem";
import { readerOf, writerOf } from "#lib/chain/connect.ts";
import { walletOf } from "#lib/chain/wallet.ts";
import type { App } from "#lib/context.ts";
import type { Hex, VoteChoice } from "#lib/data/types.ts";
import type { Outcome } from "#lib/transactions/model.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";

/*
 * What a token holder does with votes. Loaded on demand: it brings the chain library with it.
 */

type Sent = { hash: Hex; block: number };

const SUPPORT: Record<VoteChoice, number> = {
  For: support.for,
  Against: support.against,
  Abstain: support.abstain,
};

/** Gas that a vote with a long reason, or a delegation, stays below. */
const GAS_OF_A_WORD = 400_000n;

/** Whoever is signed in, as a voter. */
export interface MyVotes extends Voter {
  account: Hex;
  /** Whether a gateway carries what they sign, since they have no coin to send it themselves. */
  carried: boolean;
}

/** How whoever is signed in stands to votes in general. @throws WEB_NO_ACCOUNT, WEB_NO_WALLET */
export async function readMyVotes(app: App): Promise<MyVotes> {
  const { address: account } = await walletOf(app);
  const reader = readerOf(app.config);
  const [voter, carried] = await Promise.all([readVoter(reader, account), lacksCoin(reader, account)]);
  return { account, carried, ...voter };
}

/** Whoever is signed in, as a proposer. */
export interface MyProposing {
  voter: Voter;
  proposer: Proposer;
  /** Why they cannot propose now; null when they can. */
  reason: NoProposalReason | null;
}

/** Whether whoever is signed in may propose. @throws WEB_NO_ACCOUNT, WEB_NO_WALLET */
export async function readMyProposing(app: App): Promise<MyProposing> {
  const { address: account } = await walletOf(app);
  const reader = readerOf(app.config);
  const [voter, proposer] = await Promise.all([readVoter(reader, account), readProposer(reader, account)]);
  return { voter, proposer, reason: whyNotPropose(proposer) };
}

/** How they stand to one proposal. */
export interface MyBallot {
  account: Hex;
  /** Whether a gateway carries what they sign, since they have no coin to send it themselves. */
  carried: boolean;
  voter: Voter;
  /** Votes that count here; null before voting opens. */
  votes: bigint | null;
  /** Why they cannot vote; null when they can. */
  reason: NoVoteReason | null;
}

/** How whoever is signed in stands to one proposal. @throws WEB_NO_ACCOUNT, WEB_NO_WALLET */
export async function readMyBallot(app: App, id: Hex): Promise<MyBallot> {
  const { address: account } = await walletOf(app);
  const reader = readerOf(app.config);
  const [voter, ballot, carried] = await Promise.all([
    readVoter(reader, account),
    readVotingStanding(reader, BigInt(id), account),
    lacksCoin(reader, account),
  ]);
  return { account, carried, voter, votes: ballot.votes, reason: whyNotVote(account, voter, ballot) };
}

/**
 * Gives the votes of the signed-in person's tokens to an account, which may be their own. Whoever has no coin signs, and a
 * gateway carries it.
 */
export async function delegate(app: App, to: Hex | "self", progress: Progress): Promise<Outcome> {
  const salus = await writerOf(app);
  const { account } = salus.walletClient;
  const delegatee = to === "self" ? account.address : to;
  if (!(await lacksCoin(salus, account.address))) {
    return sentOf(await delegateVotes(salus, delegatee, telling(progress)));
  }
  const { carryDelegation } = await import("./carried-votes.ts");
  return carryDelegation(app, salus, delegatee, progress);
}

/** Votes, with a reason that everyone can read. Whoever has no coin signs, and a gateway carries it. */
export async function vote(
  app: App,
  { id, choice, reason }: { id: Hex; choice: VoteChoice; reason: string },
  progress: Progress,
): Promise<Outcome> {
  const salus = await writerOf(app);
  const { address: voter } = salus.walletClient.account;
  const ballot = { id: BigInt(id), choice: SUPPORT[choice], reason: reason.trim() };
  if (!(await lacksCoin(salus, voter))) return sentOf(await castVote(salus, ballot, telling(progress)));
  return (await import("./carried-votes.ts")).carryVote(app, salus, ballot, progress);
}

/** Whether an account cannot pay for a vote or a delegation itself. */
async function lacksCoin({ publicClient }: SalusReader, account: Hex): Promise<boolean> {
  const [coin, price] = await Promise.all([
    publicClient.getBalance({ address: account }),
    publicClient.getGasPrice(),
  ]);
  return coin < price * GAS_OF_A_WORD;
}

/** Puts a proposal to the vote. @returns its id as 32 bytes, with the transaction */
export async function proposeNow(
  app: App,
  proposal: Proposal,
  progress: Progress,
): Promise<{ hash: Hex; id: Hex }> {
  const salus = await writerOf(app);
  let hash: Hex | undefined;
  const { id } = await propose(salus, proposal, {
    onStep: (step) => {
      if (step.step !== "sent") return;
      hash = step.hash;
      progress.sent(hash);
    },
  });
  return { hash: hash!, id: `0x${id.toString(16).padStart(64, "0")}` };
}

/** Queues a proposal that was accepted; anyone may. */
export async function queue(app: App, proposal: Proposal, progress: Progress): Promise<Sent> {
  return sentOf(await queueProposal(await writerOf(app), proposal, telling(progress)));
}

/** Carries out a queued proposal whose time has come; anyone may. */
export async function carryOut(app: App, proposal: Proposal, progress: Progress): Promise<Sent> {
  return sentOf(await executeProposal(await writerOf(app), proposal, telling(progress)));
}

function telling(progress: Progress): SendOptions {
  return { onStep: (step) => void (step.step === "sent" && progress.sent(step.hash)) };
}

function sentOf({ transactionHash, blockNumber }: TransactionReceipt): Sent {
  return { hash: transactionHash, block: Number(blockNumber) };
}
