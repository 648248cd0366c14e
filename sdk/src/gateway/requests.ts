import type { Account, Address, Hex, LocalAccount, TypedDataDomain, WalletClient } from "viem";
import { randomBytes, sha256, toHex } from "../crypto/index.ts";

/**
 * Messages that people, buyers, curators and gateways sign (EIP-712) to ask something of a gateway. Each names its
 * addressee, so that one gateway cannot pass it on to another in the asker's name, and carries a time and a nonce, so
 * that it serves once.
 */
export const REQUEST_TYPES = {
  /** Any authenticated HTTP request: what is asked (method, path), of whom, with which body. */
  Request: [
    { name: "signer", type: "address" },
    { name: "method", type: "string" },
    { name: "path", type: "string" },
    { name: "body", type: "bytes32" },
    { name: "gateway", type: "uint16" },
    { name: "issuedAt", type: "uint40" },
    { name: "nonce", type: "bytes32" },
  ],
  /** A subject's question who used their record. */
  AccessLogRequest: [
    { name: "dataset", type: "uint256" },
    { name: "subject", type: "address" },
    { name: "gateway", type: "uint16" },
    { name: "issuedAt", type: "uint40" },
    { name: "nonce", type: "bytes32" },
  ],
  /**
   * A wish that a subject's record be erased, in every version of a dataset and for good. It names no gateway: whoever has
   * it passes it on to the others.
   */
  Erasure: [
    { name: "dataset", type: "uint256" },
    { name: "subject", type: "address" },
    { name: "issuedAt", type: "uint40" },
    { name: "nonce", type: "bytes32" },
  ],
  /** A gateway's word that it holds neither key shares nor ciphertext of a subject any more. */
  ErasureReceipt: [
    { name: "dataset", type: "uint256" },
    { name: "subject", type: "address" },
    { name: "request", type: "bytes32" },
    { name: "gateway", type: "uint16" },
    { name: "records", type: "uint32" },
    { name: "erasedAt", type: "uint40" },
  ],
  /** Permission to upload the files of one asset to any of its gateways until it expires. */
  UploadToken: [
    { name: "asset", type: "uint256" },
    { name: "curator", type: "address" },
    { name: "salt", type: "bytes32" },
    { name: "custodian", type: "uint16" },
    { name: "expiry", type: "uint40" },
  ],
  /**
   * A developer's application for an approval of one use of a dataset. It names no gateway: every gateway of the dataset may
   * have it. What a person wrote stands beside it, under its digest.
   */
  Application: [
    { name: "applicant", type: "address" },
    { name: "dataset", type: "uint256" },
    { name: "uses", type: "uint128" },
    { name: "country", type: "uint16" },
    { name: "disease", type: "bytes32" },
    { name: "project", type: "bytes32" },
    { name: "text", type: "bytes32" },
    { name: "issuedAt", type: "uint40" },
    { name: "nonce", type: "bytes32" },
  ],
  /** A committee's refusal of an application. Approvals are attestations. */
  Refusal: [
    { name: "application", type: "bytes32" },
    { name: "issuer", type: "address" },
    { name: "reason", type: "string" },
    { name: "issuedAt", type: "uint40" },
    { name: "nonce", type: "bytes32" },
  ],
  /** An operator's local veto of a whole dataset (subject zero) or of one subject. */
  Veto: [
    { name: "dataset", type: "uint256" },
    { name: "subject", type: "address" },
    { name: "gateway", type: "uint16" },
    { name: "issuedAt", type: "uint40" },
    { name: "nonce", type: "bytes32" },
  ],
} as const;

/** Seconds that a signed request stays good; also the clock difference that is tolerated. */
export const REQUEST_LIFETIME = 120;

/** Domain of all request signatures: the chain and its gateway registry. */
export function requestDomain(chainId: number, gatewayRegistry: Address): TypedDataDomain {
  return { name: "Salus Gateway", version: "1", chainId, verifyingContract: gatewayRegistry };
}

/** Who signs: an account with its key at hand, or a wallet client. */
export type RequestSigner =
  (Pick<LocalAccount, "signTypedData"> & { address: Address }) | (WalletClient & { account: Account });

/** The signer's address. */
export function addressOf(signer: RequestSigner): Address {
  return "account" in signer ? signer.account.address : signer.address;
}

/** The gateway that a request is addressed to, and the chain it is on. */
export type GatewayTarget = {
  /** base address such as `https://gateway.example` */
  url: string;
  /** its number in the registry */
  index: number;
  chainId: number;
  gatewayRegistry: Address;
  /** replaces the platform's fetch */
  fetch?: typeof globalThis.fetch;
};

type PrimaryType = keyof typeof REQUEST_TYPES;

/** Signs one of {@link REQUEST_TYPES}. */
export async function signRequest(parameters: {
  signer: RequestSigner;
  chainId: number;
  gatewayRegistry: Address;
  primaryType: PrimaryType;
  message: Record<string, unknown>;
}): Promise<Hex> {
  const { signer, chainId, gatewayRegistry, primaryType, message } = parameters;
  const typed = {
    domain: requestDomain(chainId, gatewayRegistry),
    types: { [primaryType]: REQUEST_TYPES[primaryType] },
    primaryType,
    message,
  };
  return "account" in signer
    ? signer.signTypedData({ ...typed, account: signer.account } as never)
    : signer.signTypedData(typed as never);
}

/** Time and nonce of a new request. */
export function freshness(): { issuedAt: number; nonce: Hex } {
  return { issuedAt: Math.floor(Date.now() / 1000), nonce: toHex(randomBytes(32)) };
}

/** What a `Request` signs of a body: its SHA-256; that of nothing for no body. */
export function bodyDigest(body: Uint8Array): Hex {
  return toHex(sha256(body));
}

/** Scheme in the `authorization` header: `Salus <base64url of JSON {signer, issuedAt, nonce, signature}>`. */
export const AUTHORIZATION_SCHEME = "Salus";

/** What the `authorization` header carries. */
export type RequestAuthorization = { signer: Address; issuedAt: number; nonce: Hex; signature: Hex };

/** What the `x-salus-upload` header carries, in the same encoding without a scheme. */
export type UploadAuthorization = {
  token: { asset: string; curator: Address; salt: Hex; custodian: number; expiry: number };
  signer: Address;
  signature: Hex;
};

/** JSON as base64url text, for headers. */
export function encodeHeader(value: RequestAuthorization | UploadAuthorization): string {
  const binary = String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value)));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Reads what {@link encodeHeader} wrote; undefined if it is not base64url JSON. */
export function decodeHeader(text: string): unknown {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (c) => c.charCodeAt(0))));
  } catch {
    return undefined;
  }
}
