import type { RequestSigner } from "@salus/sdk/gateway/requests";
import { signTypedData } from "viem/accounts";
import type { SubjectKey } from "./subjects.ts";

/** Signs with a subject's key: messages only, so that no code for transactions is loaded. */
export function signerOf({
  address,
  privateKey,
}: SubjectKey): RequestSigner & { address: SubjectKey["address"] } {
  const sign = (message: object) => signTypedData({ ...message, privateKey } as never);
  return { address, signTypedData: sign } as RequestSigner & { address: SubjectKey["address"] };
}
