import { encodeFunctionData, keccak256, type Address } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { SalusError } from "../errors.ts";
import { salusGovernorAbi } from "../generated/abi/salusGovernor.ts";
import type { ProposedCall } from "./types.ts";

/**
 * A call that makes a proposal fail unless a contract has the code that it has now. Put it before the call that names the
 * contract: the governor fixes the code of what a proposal calls, and cannot know what its arguments name. A proxy keeps its
 * code while what is behind it changes.
 *
 * @throws SDK_CODE_MISSING
 */
export async function fixCode(
  { publicClient, deployment }: SalusReader,
  account: Address,
): Promise<ProposedCall> {
  const code = await publicClient.getCode({ address: account }).catch(async (error: unknown) => {
    throw await explainRevert(error);
  });
  if (!code || code === "0x") {
    throw new SalusError({
      code: "SDK_CODE_MISSING",
      message: `There is no contract at ${account}.`,
      details: { account },
    });
  }
  const args = [account, keccak256(code)] as const;
  const data = encodeFunctionData({ abi: salusGovernorAbi, functionName: "requireCode", args });
  return { target: deployment.contracts.SalusGovernor, data };
}
