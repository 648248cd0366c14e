import {
  castVote,
  delegateVotes,
  executeProposal,
  propose,
  queueProposal,
  readProposal,
  salusGovernorAbi,
  support,
  type ProposedCall,
} from "@salus/sdk";
import type { TransactionReceipt } from "viem";
import { devAccount, type LocalChain } from "./local-chain.ts";

/** Lets the genesis voters vote with their tokens, and the holding period of proposers pass. */
export async function delegateAll(chain: LocalChain): Promise<void> {
  for (const voter of votersOf(chain)) await delegateVotes(voter, voter.walletClient.account.address);
  const { publicClient, deployment } = chain.reader;
  const governor = { address: deployment.contracts.SalusGovernor, abi: salusGovernorAbi } as const;
  const seconds = await publicClient.readContract({ ...governor, functionName: "holdingPeriod" });
  await chain.advance(seconds + 2);
}

/** Takes calls through a vote of everybody, from proposal to execution. */
export async function enact(
  chain: LocalChain,
  calls: readonly ProposedCall[],
  description: string,
): Promise<TransactionReceipt> {
  const [first, ...others] = votersOf(chain) as [ReturnType<LocalChain["as"]>];
  const { id, proposal } = await propose(first, { calls, description });
  const { start, end } = await readProposal(first, id);
  await until(chain, start + 1);
  for (const voter of [first, ...others]) await castVote(voter, { id, choice: support.for });
  await until(chain, end + 1);
  await queueProposal(first, proposal);
  const { executableAt } = await readProposal(first, id);
  await until(chain, executableAt);
  return executeProposal(first, proposal);
}

function votersOf(chain: LocalChain) {
  return [10, 11, 12].map((index) => chain.as(devAccount(index)));
}

async function until(chain: LocalChain, time: number): Promise<void> {
  const { timestamp } = await chain.reader.publicClient.getBlock();
  if (Number(timestamp) < time) await chain.advance(time - Number(timestamp));
}
