import { type Address, hashTypedData, isAddressEqual, recoverTypedDataAddress } from "viem";
import { SalusError } from "../errors.ts";
import type { RegisteredGateway } from "../gateways/read-gateways.ts";
import { sendForJson } from "./http.ts";
import {
  addressOf,
  freshness,
  type GatewayTarget,
  REQUEST_TYPES,
  requestDomain,
  type RequestSigner,
  signRequest,
} from "./requests.ts";
import type { ErasureResponse, SignedErasure } from "./types.ts";

/** Whose record is to be erased, and who says so. */
export type ErasureWish = {
  dataset: bigint;
  /** the signer by default */
  subject?: Address;
  /** the subject's key, or its controller's; for a provisional subject its custodian's operator or the code's key */
  signer: RequestSigner;
  /** for a provisional subject: address of its code's key */
  codeKey?: Address;
};

/** Signs the wish to erase a subject's records. It serves for every gateway of the dataset, and cannot be taken back. */
export async function signErasure(
  { chainId, gatewayRegistry }: Pick<GatewayTarget, "chainId" | "gatewayRegistry">,
  { dataset, signer, subject = addressOf(signer), codeKey }: ErasureWish,
): Promise<SignedErasure> {
  const message = { dataset, subject, ...freshness() };
  const signature = await signRequest({ signer, chainId, gatewayRegistry, primaryType: "Erasure", message });
  return {
    erasure: { ...message, dataset: dataset.toString() },
    signer: addressOf(signer),
    signature,
    ...(codeKey ? { codeKey } : {}),
  };
}

/**
 * Hands a signed wish for erasure to any gateway of the dataset: it erases, passes the wish on to the others, and answers
 * with the receipts there are. Handing it in again tells how far it is; see {@link checkErasure}.
 *
 * @throws GatewayRequestError `GATEWAY_ERASURE_INVALID`, `GATEWAY_RECORD_UNKNOWN` and others
 */
export function eraseRecords(gateway: GatewayTarget, signed: SignedErasure): Promise<ErasureResponse> {
  return sendForJson(gateway, { method: "POST", path: "/v1/erasures", json: signed });
}

/**
 * Checks the receipts of an erasure without trust in who gave them: each signed by its gateway over this very wish. With
 * n − t + 1 of them fewer than t gateways are left, and the record's key cannot be put together any more.
 *
 * @param set the dataset's gateway set, from the chain
 * @returns the gateways that confirmed, ascending, and whether they are enough
 * @throws SDK_ERASURE_RECEIPT_WRONG naming the gateway
 */
export async function checkErasure(
  { chainId, gatewayRegistry }: Pick<GatewayTarget, "chainId" | "gatewayRegistry">,
  set: { gateways: readonly Pick<RegisteredGateway, "index" | "signer">[]; threshold: number },
  { erasure }: SignedErasure,
  { receipts }: Pick<ErasureResponse, "receipts">,
): Promise<{ gateways: number[]; erased: boolean }> {
  const domain = requestDomain(chainId, gatewayRegistry);
  const wish = hashTypedData({
    domain,
    types: { Erasure: REQUEST_TYPES.Erasure },
    primaryType: "Erasure",
    message: { ...erasure, dataset: BigInt(erasure.dataset) },
  });
  const confirmed = new Set<number>();
  for (const { receipt, signature } of receipts) {
    const member = set.gateways.find(({ index }) => index === receipt.gateway);
    const signer = await recoverTypedDataAddress({
      domain,
      types: { ErasureReceipt: REQUEST_TYPES.ErasureReceipt },
      primaryType: "ErasureReceipt",
      message: { ...receipt, dataset: BigInt(receipt.dataset) },
      signature,
    });
    const right =
      member &&
      isAddressEqual(signer, member.signer) &&
      receipt.request === wish &&
      receipt.dataset === erasure.dataset &&
      isAddressEqual(receipt.subject, erasure.subject);
    if (!right) throw wrongReceipt(receipt.gateway);
    confirmed.add(receipt.gateway);
  }
  const needed = set.gateways.length - set.threshold + 1;
  return { gateways: [...confirmed].sort((a, b) => a - b), erased: confirmed.size >= needed };
}

function wrongReceipt(gateway: number): SalusError {
  return new SalusError({
    code: "SDK_ERASURE_RECEIPT_WRONG",
    message: `The erasure receipt of gateway ${gateway} is not its own word on this wish.`,
    details: { gateway },
  });
}
