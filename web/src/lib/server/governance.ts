import { accessEscrowAbi, salusGovernorAbi, timelockControllerAbi } from "@salus/sdk/generated/abis";
import { proposalStates } from "@salus/sdk/governance/types";
import { createPublicClient, http, type Address } from "viem";
import type { ParameterView, ProposalState } from "#lib/data/types.ts";
import { WebError } from "#lib/errors.ts";
import { formatBps, formatDuration } from "#lib/format.ts";

const TIMEOUT_MS = 5_000;

/** What is read of the chain for the page of votes. */
export interface GovernanceFacts {
  parameters: ParameterView[];
  /** By proposal id, 32 bytes. */
  states: Record<string, ProposalState>;
}

/**
 * The settings that token holders govern, and the states of proposals, from the chain itself.
 * @throws WEB_DEPLOYMENT, WEB_RPC_UNREACHABLE
 */
export async function readGovernance(
  rpcUrl: string,
  contracts: Record<string, Address>,
  proposals: readonly `0x${string}`[],
): Promise<GovernanceFacts> {
  const { AccessEscrow, SalusGovernor, TimelockController } = contracts;
  if (!AccessEscrow || !SalusGovernor || !TimelockController) throw new WebError("WEB_DEPLOYMENT");
  const client = createPublicClient({
    transport: http(rpcUrl, { timeout: TIMEOUT_MS, retryCount: 0, batch: true }),
  });
  const escrow = { address: AccessEscrow, abi: accessEscrowAbi } as const;
  const governor = { address: SalusGovernor, abi: salusGovernorAbi } as const;
  const timelock = { address: TimelockController, abi: timelockControllerAbi } as const;
  try {
    const [feeBps, maxDelivery, disputeWindow, votingDelay, votingPeriod, delay, ...states] =
      await Promise.all([
        client.readContract({ ...escrow, functionName: "feeBps" }),
        client.readContract({ ...escrow, functionName: "maxDelivery" }),
        client.readContract({ ...escrow, functionName: "disputeWindow" }),
        client.readContract({ ...governor, functionName: "votingDelay" }),
        client.readContract({ ...governor, functionName: "votingPeriod" }),
        client.readContract({ ...timelock, functionName: "getMinDelay" }),
        ...proposals.map((id) =>
          client.readContract({
            ...governor,
            functionName: "state",
            args: [BigInt(id)],
            blockTag: "pending",
          }),
        ),
      ]);
    return {
      parameters: [
        {
          name: "Protocol fee",
          value: formatBps(feeBps),
          about: "Of the price of each new order, to the commons.",
        },
        {
          name: "Longest delivery",
          value: formatDuration(maxDelivery),
          about: "After that a new order that was not delivered is paid back.",
        },
        {
          name: "Dispute window",
          value: formatDuration(disputeWindow),
          about: "Between a receipt and the moment when the payment is shared out.",
        },
        {
          name: "Wait before a vote",
          value: formatDuration(Number(votingDelay)),
          about: "Between a proposal and its vote.",
        },
        {
          name: "Length of a vote",
          value: formatDuration(Number(votingPeriod)),
          about: "How long a vote is open.",
        },
        {
          name: "Wait after a vote",
          value: formatDuration(Number(delay)),
          about: "Before what was decided takes effect.",
        },
      ],
      states: Object.fromEntries(
        proposals.map((id, index) => [id, proposalStates[states[index]!] as ProposalState]),
      ),
    };
  } catch (cause) {
    throw new WebError("WEB_RPC_UNREACHABLE", { cause });
  }
}
