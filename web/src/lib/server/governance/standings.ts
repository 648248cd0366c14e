import type { SalusReader } from "@salus/sdk/chain/client";
import { salusGovernorAbi } from "@salus/sdk/generated/abis";
import { readProposalState } from "@salus/sdk/governance/read-proposal-state";
import type { ProposalState } from "@salus/sdk/governance/types";
import type { Hex, ProposalSummary } from "#lib/data/types.ts";
import { fromChain } from "./chain.ts";

/** What only the chain says for sure of a proposal. */
export interface Standing {
  state: ProposalState;
  /** Votes for and abstentions that it needs; before voting opens, those that it would need now. */
  quorum: bigint;
}

/** States and quorums of proposals, from the governor itself. @throws WEB_RPC_UNREACHABLE */
export function readStandings(
  reader: SalusReader,
  proposals: readonly Pick<ProposalSummary, "id" | "startsAt">[],
): Promise<Standing[]> {
  const { publicClient, deployment } = reader;
  const governor = { address: deployment.contracts.SalusGovernor, abi: salusGovernorAbi } as const;
  const blockTag = "pending";
  return fromChain(async () => {
    const { timestamp } = await publicClient.getBlock();
    return Promise.all(
      proposals.map(async ({ id, startsAt }) => {
        const counted = startsAt < Number(timestamp) ? BigInt(startsAt) : timestamp - 1n;
        const [state, quorum] = await Promise.all([
          readProposalState(reader, BigInt(id)),
          publicClient.readContract({ ...governor, functionName: "quorum", args: [counted], blockTag }),
        ]);
        return { state, quorum };
      }),
    );
  });
}

/** Whether the governor knows a proposal, which the index may not have read yet. */
export async function isProposed({ publicClient, deployment }: SalusReader, id: Hex): Promise<boolean> {
  const governor = { address: deployment.contracts.SalusGovernor, abi: salusGovernorAbi } as const;
  const at = await fromChain(() =>
    publicClient.readContract({ ...governor, functionName: "proposalSnapshot", args: [BigInt(id)] }),
  );
  return at > 0n;
}
