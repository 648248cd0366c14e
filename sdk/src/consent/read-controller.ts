import { type Address, zeroAddress } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { consentRegistryAbi } from "../generated/abis.ts";

/** Who speaks for a subject. */
export type ControllerStatus = {
  /** the subject itself, or its controller in force; none for a provisional subject that nobody has taken over */
  controller: Address | undefined;
  /** who takes over, unless somebody contests before `inForceFrom` (seconds) */
  pending: { account: Address; inForceFrom: number } | undefined;
  /** nonce that the next hand-over must carry; a contest names the one before */
  nonce: number;
};

/** Reads who signs and claims for a subject, and whether somebody is about to take over. */
export async function readController(
  { publicClient, deployment }: SalusReader,
  { dataset, subject, blockNumber }: { dataset: bigint; subject: Address; blockNumber?: bigint },
): Promise<ControllerStatus> {
  const registry = { address: deployment.contracts.ConsentRegistry, abi: consentRegistryAbi } as const;
  const args = [dataset, subject] as const;
  try {
    const [controller, handOver] = await Promise.all([
      publicClient.readContract({ ...registry, functionName: "controllerOf", args, blockNumber }),
      publicClient.readContract({ ...registry, functionName: "handOverOf", args, blockNumber }),
    ]);
    const { account, inForceFrom, nonce } = handOver;
    const waits = account !== zeroAddress && controller !== account;
    return {
      controller: controller === zeroAddress ? undefined : controller,
      pending: waits ? { account, inForceFrom } : undefined,
      nonce,
    };
  } catch (error) {
    throw await explainRevert(error);
  }
}
