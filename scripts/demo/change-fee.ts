import { setTimeout as sleep } from "node:timers/promises";
import {
  castVote,
  delegateVotes,
  encodeParameterChange,
  executeProposal,
  propose,
  queueProposal,
  readProposal,
  SalusError,
  support,
  type Proposal,
  type ProposalState,
  type SalusWriter,
} from "@salus/sdk";

/** Steps of a vote, told as they happen. */
export type VoteStep = "delegated" | "proposed" | "voted" | "queued" | "executed";

/**
 * Changes the protocol fee the only way there is: propose, vote, queue, execute.
 *
 * @param voters the first one proposes; all vote in favour
 * @param feeBps the new fee, in basis points
 * @param wait how to let time pass until a state is reached; by default the clock's own
 * @throws SDK_PROPOSAL_FAILED when the vote goes another way
 */
export async function changeFee(
  voters: readonly SalusWriter[],
  feeBps: number,
  { onStep, wait = waitByClock }: { onStep?: (step: VoteStep) => void; wait?: typeof waitByClock } = {},
): Promise<bigint> {
  const [proposer] = voters as readonly [SalusWriter];
  for (const voter of voters) await delegateVotes(voter, voter.walletClient.account.address);
  onStep?.("delegated");
  const draft = feeProposal(proposer, feeBps);
  // A proposer must have had the votes for a while; locally that is a second.
  await wait(3);
  const { id, proposal } = await propose(proposer, draft);
  onStep?.("proposed");
  await until(proposer, id, "Active", wait);
  for (const voter of voters)
    await castVote(voter, { id, choice: support.for, reason: "The commons needs it." });
  onStep?.("voted");
  await until(proposer, id, "Succeeded", wait);
  await queueProposal(proposer, proposal);
  onStep?.("queued");
  const { executableAt } = await readProposal(proposer, id);
  while (Number((await proposer.publicClient.getBlock()).timestamp) < executableAt) await wait(1);
  await executeProposal(proposer, proposal);
  onStep?.("executed");
  return id;
}

function feeProposal({ deployment }: SalusWriter, feeBps: number): Proposal {
  return {
    calls: [encodeParameterChange(deployment, "AccessEscrow.feeBps", [BigInt(feeBps)])],
    description: `# Change the protocol fee to ${feeBps / 100} %\n\nAffects orders funded from then on; those already funded keep the fee they were funded at.\n\nProposed at ${new Date().toISOString()}.`,
  };
}

async function until(
  salus: SalusWriter,
  id: bigint,
  wanted: ProposalState,
  wait: (seconds: number) => Promise<void>,
): Promise<void> {
  for (;;) {
    const { state } = await readProposal(salus, id);
    if (state === wanted) return;
    if (state === "Defeated" || state === "Canceled" || state === "Expired") {
      throw new SalusError({
        code: "SDK_PROPOSAL_FAILED",
        message: `The proposal is ${state.toLowerCase()}.`,
        hint: "Look at the votes; a new proposal can be made.",
      });
    }
    await wait(1);
  }
}

function waitByClock(seconds: number): Promise<void> {
  return sleep(seconds * 1000);
}
