import { parseEventLogs, type Hex } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { mandatesAbi } from "../generated/abis.ts";
import type { Mandate, Terms } from "../types.ts";

/**
 * Funds a mandate's run on the asset's current version; anyone may.
 *
 * @param terms the dataset's terms in full
 * @param evidence what the terms ask to be shown, from `encodeEvidence`; none by default
 * @returns id of the order that was funded
 * @throws Mandates_NoNewVersion, Mandates_PriceAboveMaximum, Mandates_TooLate, and what `fund` refuses
 */
export async function runMandate(
  salus: SalusWriter,
  { mandate, terms, evidence = "0x" }: { mandate: Mandate; terms: Terms; evidence?: Hex },
  options?: SendOptions,
): Promise<{ order: Hex; number: number; version: number }> {
  const { logs } = await send(
    salus,
    {
      address: salus.deployment.contracts.Mandates,
      abi: mandatesAbi,
      functionName: "run",
      args: [mandate, terms, evidence],
    },
    options,
  );
  const [event] = parseEventLogs({ abi: mandatesAbi, eventName: "MandateRun", logs });
  const { order, run, version } = event!.args;
  return { order, number: run, version };
}
