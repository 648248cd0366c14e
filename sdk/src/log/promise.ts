import { type Hex, isAddressEqual, recoverTypedDataAddress, type Address } from "viem";
import { requestDomain, type RequestSigner } from "../gateway/requests.ts";

/**
 * A gateway's word that its log holds the decisions `first … size − 1` about an order, that the tree of `size` leaves has
 * this root, and that a checkpoint on chain will extend that tree by the deadline. Root and size bind every entry up to
 * there, so one promise stands for any number of decisions.
 */
export type InclusionPromise = {
  gateway: number;
  order: Hex;
  first: number;
  size: number;
  root: Hex;
  /** seconds since 1970 */
  issuedAt: number;
  deadline: number;
};

/** Longest time in seconds that a gateway may leave until a decision is covered by a checkpoint on chain. */
export const MOST_PROMISE = 86_400;

/** A promise with the signature of the gateway's signer. */
export type SignedPromise = { promise: InclusionPromise; signature: Hex };

/** EIP-712 type of a promise. */
export const PROMISE_TYPES = {
  InclusionPromise: [
    { name: "gateway", type: "uint16" },
    { name: "order", type: "bytes32" },
    { name: "first", type: "uint64" },
    { name: "size", type: "uint64" },
    { name: "root", type: "bytes32" },
    { name: "issuedAt", type: "uint40" },
    { name: "deadline", type: "uint40" },
  ],
} as const;

/** The chain and the registry that a promise is bound to. */
export type PromiseScope = { chainId: number; gatewayRegistry: Address };

function typedPromise({ chainId, gatewayRegistry }: PromiseScope, promise: InclusionPromise) {
  const message = { ...promise, first: BigInt(promise.first), size: BigInt(promise.size) };
  return {
    domain: requestDomain(chainId, gatewayRegistry),
    types: PROMISE_TYPES,
    primaryType: "InclusionPromise" as const,
    message,
  };
}

/** Signs a promise with the gateway's signer. */
export async function signPromise(
  scope: PromiseScope,
  promise: InclusionPromise,
  signer: RequestSigner,
): Promise<SignedPromise> {
  const typed = typedPromise(scope, promise);
  const signature =
    "account" in signer
      ? await signer.signTypedData({ ...typed, account: signer.account } as never)
      : await signer.signTypedData(typed as never);
  return { promise, signature };
}

/** Whether a promise was signed by a gateway's signer. A malformed signature is nobody's. */
export async function isPromiseOf(
  scope: PromiseScope,
  { promise, signature }: SignedPromise,
  signer: Address,
): Promise<boolean> {
  try {
    const recovered = await recoverTypedDataAddress({ ...typedPromise(scope, promise), signature } as never);
    return isAddressEqual(recovered, signer);
  } catch {
    return false;
  }
}
