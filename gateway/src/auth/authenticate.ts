import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import * as v from "valibot";
import type { Address, Hex } from "viem";
import { AUTHORIZATION_SCHEME, decodeHeader } from "@salus/sdk/gateway/requests";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { RequestFacts } from "../policy/facts.ts";
import { REASONS } from "../policy/reasons.ts";
import { isFresh, takeNonce } from "./nonces.ts";
import { verifyRequest } from "./verify.ts";

/** Who signed a request, with the facts that the policy judges it by. */
export type Authenticated = { signer: Address; facts: Omit<RequestFacts, "entitled"> };

const headerSchema = v.object({
  signer: v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{40}$/)),
  issuedAt: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 40 - 1)),
  nonce: v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{64}$/)),
  signature: v.pipe(v.string(), v.regex(/^0x([0-9a-fA-F]{2}){1,2048}$/)),
});

/**
 * Reads and checks a request's `authorization` header. The nonce is taken when the signature holds, so that nobody can
 * use up another's nonces.
 *
 * @throws GATEWAY_UNSIGNED when there is no well-formed header
 */
export async function authenticate(context: Context, request: FastifyRequest): Promise<Authenticated> {
  const header = readHeader(request);
  const { signer, issuedAt, nonce } = header;
  const signatureValid = await isSigned(context, request, header);
  const now = context.now();
  const fresh = isFresh(issuedAt, now);
  const replayed = signatureValid && fresh && !(await takeNonce(context.db, signer, nonce, now));
  return { signer, facts: { signatureValid, fresh, replayed } };
}

/**
 * {@link authenticate}, for requests about which nothing but the signer is judged.
 *
 * @throws GATEWAY_UNSIGNED, GATEWAY_SIGNATURE_INVALID, GATEWAY_REQUEST_STALE, GATEWAY_REQUEST_REPLAYED
 */
export async function requireSigner(context: Context, request: FastifyRequest): Promise<Address> {
  const { signer, facts } = await authenticate(context, request);
  assertRequest(facts);
  return signer;
}

/**
 * Who signed a request, without taking its nonce: for what is told again to the same caller.
 *
 * @returns nothing when the signature does not hold, or is stale
 * @throws GATEWAY_UNSIGNED
 */
export async function readCaller(context: Context, request: FastifyRequest): Promise<Address | undefined> {
  const header = readHeader(request);
  const holds = isFresh(header.issuedAt, context.now()) && (await isSigned(context, request, header));
  return holds ? header.signer : undefined;
}

function isSigned(context: Context, request: FastifyRequest, header: Header): Promise<boolean> {
  const { signer, issuedAt, nonce, signature } = header;
  const message = {
    signer,
    method: request.method,
    path: request.url,
    body: digestOfBody(request),
    gateway: context.index,
    issuedAt,
    nonce,
  };
  return verifyRequest(context.chain, { primaryType: "Request", message, signer, signature });
}

/** @throws the refusal for a request with these facts */
export function assertRequest({ signatureValid, fresh, replayed }: Authenticated["facts"]): void {
  if (!signatureValid) throw refused("GATEWAY_SIGNATURE_INVALID");
  if (!fresh) throw refused("GATEWAY_REQUEST_STALE");
  if (replayed) throw refused("GATEWAY_REQUEST_REPLAYED");
}

/**
 * Does what a request asks for before it is judged. Where that fails, whoever did not sign it rightly is told so, and not
 * what is wrong with it.
 *
 * @throws the refusal for a request with these facts, or else what the work throws
 */
export async function underSignature<T>(
  facts: Authenticated["facts"] | Promise<Authenticated["facts"]>,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    assertRequest(await facts);
    throw error;
  }
}

function refused(code: "GATEWAY_SIGNATURE_INVALID" | "GATEWAY_REQUEST_STALE" | "GATEWAY_REQUEST_REPLAYED") {
  return new GatewayError(code, REASONS[code].message);
}

type Header = { signer: Address; issuedAt: number; nonce: Hex; signature: Hex };

function readHeader(request: FastifyRequest): Header {
  const [scheme, value] = (request.headers.authorization ?? "").split(" ");
  const parsed =
    scheme === AUTHORIZATION_SCHEME && value ? v.safeParse(headerSchema, decodeHeader(value)) : undefined;
  if (parsed?.success) return parsed.output as Header;
  throw new GatewayError("GATEWAY_UNSIGNED", "The request carries no well-formed signature.");
}

/** Digest of the body as it came, kept by the content parsers. */
function digestOfBody(request: FastifyRequest): Hex {
  const raw = request.rawBody ?? Buffer.alloc(0);
  return `0x${createHash("sha256").update(raw).digest("hex")}`;
}
