import type { Address } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { disputesAbi } from "../generated/abi/disputes.ts";
import { panelsAbi } from "../generated/abi/panels.ts";

/** A panel's standing: elected by vote, in office, or out of it. */
export type PanelStanding = "None" | "Elected" | "Appointed" | "Retired";

const STANDINGS: readonly PanelStanding[] = ["None", "Elected", "Appointed", "Retired"];

/** A panel of arbitrators as the chain has it. */
export type Panel = {
  address: Address;
  standing: PanelStanding;
  /** in the order of their seats */
  members: readonly { address: Address; stake: bigint }[];
  /** what each must have at stake, in the stake token's smallest unit */
  stake: bigint;
  stakeToken: Address;
  /** Unix seconds */
  termEnds: number;
  /** Unix seconds; zero before */
  retiredAt: number;
  /** least bond by index of the order's token, in its smallest unit */
  floors: readonly { token: number; amount: bigint }[];
  openDisputes: bigint;
};

/** Reads a panel; one that no vote elected has the standing `None` and nothing else that counts. */
export async function readPanel(salus: SalusReader, address: Address): Promise<Panel> {
  const { publicClient, deployment } = salus;
  const panels = { address: deployment.contracts.Panels, abi: panelsAbi } as const;
  const panel = { address, abi: disputesAbi } as const;
  try {
    const [state, retiredAt, stakeToken, terms, openDisputes] = await Promise.all([
      publicClient.readContract({ ...panels, functionName: "stateOf", args: [address] }),
      publicClient.readContract({ ...panels, functionName: "retiredAt", args: [address] }),
      publicClient.readContract({ ...panels, functionName: "stakeToken" }),
      publicClient.readContract({ ...panel, functionName: "terms" }),
      publicClient.readContract({ ...panel, functionName: "openDisputes" }),
    ]);
    const stakes = await Promise.all(
      terms.members.map((member) =>
        publicClient.readContract({ ...panel, functionName: "stakeOf", args: [member] }),
      ),
    );
    return {
      address,
      standing: STANDINGS[state]!,
      members: terms.members.map((member, i) => ({ address: member, stake: stakes[i]! })),
      stake: terms.stake,
      stakeToken,
      termEnds: terms.termEnds,
      retiredAt,
      floors: terms.floors.filter(({ amount }) => amount > 0n),
      openDisputes,
    };
  } catch (error) {
    throw await explainRevert(error);
  }
}

/** Whether an arbitrator is a panel that a vote elected. */
export async function isPanel({ publicClient, deployment }: SalusReader, address: Address): Promise<boolean> {
  const call = { address: deployment.contracts.Panels, abi: panelsAbi } as const;
  return (await publicClient.readContract({ ...call, functionName: "stateOf", args: [address] })) !== 0;
}
