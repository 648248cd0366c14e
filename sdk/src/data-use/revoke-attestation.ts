import type { Hex, TransactionReceipt } from "viem";
import type { SalusReader, SalusWriter } from "../chain/client.ts";
import type { Deployment } from "../chain/deployment.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { signStruct, type Signer } from "../chain/sign-struct.ts";
import type { Signed } from "../consent/types.ts";
import { dataUseAuthorityAbi } from "../generated/abis.ts";
import type { AttestationRevocation } from "../types.ts";

/** The sender withdraws an attestation of theirs for the future: what was delivered before stays delivered. */
export function revokeAttestation(
  salus: SalusWriter,
  attestation: Hex,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  return send(salus, { ...authority(salus), functionName: "revoke", args: [attestation] }, options);
}

/** Signs the withdrawal of an attestation, for those who let others send it. */
export async function signAttestationRevocation(
  deployment: Deployment,
  revocation: AttestationRevocation,
  issuer: Signer,
): Promise<Signed<AttestationRevocation>> {
  const signature = await signStruct(deployment, "AttestationRevocation", revocation, issuer);
  return { message: revocation, signature };
}

/** Sends a signed withdrawal; anyone may. */
export function submitAttestationRevocation(
  salus: SalusWriter,
  { message, signature }: Signed<AttestationRevocation>,
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const call = { ...authority(salus), functionName: "revokeFor", args: [message, signature] } as const;
  return send(salus, call, options);
}

function authority({ deployment }: Pick<SalusReader, "deployment">) {
  return { address: deployment.contracts.DataUseAuthority, abi: dataUseAuthorityAbi } as const;
}
