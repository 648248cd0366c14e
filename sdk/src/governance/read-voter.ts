import { zeroAddress, type Address } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { salusTokenAbi } from "../generated/abis.ts";

/** What an account may do in votes, now. Amounts in 10⁻¹⁸ tokens. */
export type Voter = {
  /** tokens it holds */
  balance: bigint;
  /** through whom its tokens vote; null while they do not */
  delegate: Address | null;
  /** votes it has: what is delegated to it, its own tokens included if it delegated to itself */
  votes: bigint;
};

/**
 * Reads what an account may do in votes.
 *
 * @example
 * const { votes } = await readVoter(salus, account);
 */
export async function readVoter({ publicClient, deployment }: SalusReader, account: Address): Promise<Voter> {
  const token = { address: deployment.contracts.SalusToken, abi: salusTokenAbi, args: [account] } as const;
  try {
    const [balance, delegate, votes] = await Promise.all([
      publicClient.readContract({ ...token, functionName: "balanceOf" }),
      publicClient.readContract({ ...token, functionName: "delegates" }),
      publicClient.readContract({ ...token, functionName: "getVotes" }),
    ]);
    return { balance, delegate: delegate === zeroAddress ? null : delegate, votes };
  } catch (error) {
    throw await explainRevert(error);
  }
}
