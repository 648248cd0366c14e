import type { Address, Hex, TransactionReceipt } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { consentRegistryAbi } from "../generated/abis.ts";
import type { Contest, HandOver } from "../types.ts";
import type { Signed } from "./types.ts";

/** A hand-over with both signatures. */
export type SignedByBoth = {
  message: HandOver;
  /** address of the code's key */
  codeKey: Address;
  codeSignature: Hex;
  custodianSignature: Hex;
};

/** Submits a hand-over that both have signed; anyone may. The controller speaks once the delay is over. */
export function submitHandOver(
  salus: SalusWriter,
  { message, codeKey, codeSignature, custodianSignature }: SignedByBoth,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.ConsentRegistry,
      abi: consentRegistryAbi,
      functionName: "handOver",
      args: [message, codeKey, codeSignature, custodianSignature],
    },
    options,
  );
}

/** Submits an objection to a hand-over; anyone may. */
export function submitContest(
  salus: SalusWriter,
  { message, codeKey, signature }: Signed<Contest> & { codeKey: Address },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(
    salus,
    {
      address: salus.deployment.contracts.ConsentRegistry,
      abi: consentRegistryAbi,
      functionName: "contest",
      args: [message, codeKey, signature],
    },
    options,
  );
}
