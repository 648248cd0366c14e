import type { Hex } from "viem";
import type { Deployment } from "./deployment.ts";
import { typedData, type SignedTypes } from "./typed-data.ts";
import { typedDigest } from "./typed-digest.ts";

/**
 * The EIP-712 digest of a signed struct: for an order its id, for a receipt, failure or report what gateways sign.
 * @example const id = hashStruct(deployment, "Order", order);
 */
export function hashStruct<T extends keyof SignedTypes>(
  deployment: Deployment,
  primaryType: T,
  message: SignedTypes[T],
): Hex {
  return typedDigest(typedData(deployment, primaryType, message) as never);
}
