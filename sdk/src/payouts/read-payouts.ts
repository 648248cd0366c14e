import type { Address, Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { payoutsAbi } from "../generated/abis.ts";

/** Balance of a pot, in the token's smallest unit. */
export function readPot(salus: SalusReader, { token, pot }: { token: Address; pot: Hex }): Promise<bigint> {
  return read(salus, "potOf", [token, pot]);
}

/** What a payee can withdraw, in the token's smallest unit. */
export function readCredit(
  salus: SalusReader,
  { token, payee }: { token: Address; payee: Address },
): Promise<bigint> {
  return read(salus, "creditOf", [token, payee]);
}

async function read(
  { publicClient, deployment }: SalusReader,
  functionName: "potOf" | "creditOf",
  args: readonly [Address, Hex],
): Promise<bigint> {
  try {
    return await publicClient.readContract({
      address: deployment.contracts.Payouts,
      abi: payoutsAbi,
      functionName,
      args,
    });
  } catch (error) {
    throw await explainRevert(error);
  }
}
