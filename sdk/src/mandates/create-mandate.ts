import type { Hex } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { hashStruct } from "../chain/hash-struct.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { mandatesAbi } from "../generated/abis.ts";
import { readAllowance, signPermit } from "../chain/permit.ts";
import type { MandateDraft } from "./build-mandate.ts";

/**
 * Opens a mandate and prepays its runs in one transaction: by the standing allowance where it is enough, else with a
 * permit that the buyer signs (ERC-2612).
 *
 * @returns the mandate's id
 * @throws Mandates_… and ERC20… errors with a hint
 */
export async function createMandate(
  salus: SalusWriter,
  { mandate, prepaid, token }: MandateDraft,
  options?: SendOptions,
): Promise<{ id: Hex }> {
  const spender = salus.deployment.contracts.Mandates;
  const call = { address: spender, abi: mandatesAbi } as const;
  if ((await readAllowance(salus, { token, spender })) >= prepaid) {
    await send(salus, { ...call, functionName: "create", args: [mandate, "0x"] }, options);
  } else {
    const permit = await signPermit(salus, { token, spender, value: prepaid });
    await send(salus, { ...call, functionName: "createWithPermit", args: [mandate, "0x", permit] }, options);
  }
  return { id: hashStruct(salus.deployment, "Mandate", mandate) };
}
