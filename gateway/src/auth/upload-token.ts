import type { FastifyRequest } from "fastify";
import * as v from "valibot";
import { isAddressEqual, type Address, type Hex } from "viem";
import { assetId } from "@salus/sdk/assets/asset-id";
import { decodeHeader } from "@salus/sdk/gateway/requests";
import { assetRegistryAbi } from "@salus/sdk/generated/abis";
import { AssetStatus } from "@salus/sdk/generated/constants";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { LIMIT } from "../http/limits.ts";
import { networkOf } from "../http/network-of.ts";
import { countAddress, countSigner } from "../http/rate-limits.ts";
import { verifyRequest } from "./verify.ts";

/** An upload that was permitted: for which asset, by whom, and with whose trust. */
export type Upload = {
  asset: bigint;
  curator: Address;
  custodian: number;
  signer: Address;
  byOperator: boolean;
  /** where it comes from, if nobody vouches for the asset: no operator, and no listing on chain; else null */
  stranger: Hex | null;
};

const address = v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{40}$/));
const schema = v.object({
  token: v.object({
    asset: v.pipe(v.string(), v.regex(/^\d{1,78}$/)),
    curator: address,
    salt: v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{64}$/)),
    custodian: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
    expiry: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
  signer: address,
  signature: v.pipe(v.string(), v.regex(/^0x([0-9a-fA-F]{2}){1,2048}$/)),
});

/**
 * Reads and checks a request's upload token. Before an asset is listed its curator is who makes the asset's id together
 * with the salt; afterwards its owner on chain.
 *
 * @throws GATEWAY_UPLOAD_FORBIDDEN saying what is wrong
 */
export async function requireUpload(context: Context, request: FastifyRequest): Promise<Upload> {
  const header = request.headers["x-salus-upload"];
  const parsed = typeof header === "string" ? v.safeParse(schema, decodeHeader(header)) : undefined;
  if (!parsed?.success) throw forbidden("The request carries no well-formed upload token.");
  const { signature } = parsed.output as { signature: Hex };
  const signer = parsed.output.signer as Address;
  const token = { ...parsed.output.token, asset: BigInt(parsed.output.token.asset) };
  const now = context.now();
  if (token.expiry < now) throw forbidden("The upload token has expired.");
  if (token.expiry > now + LIMIT.uploadTokenSeconds)
    throw forbidden("The upload token is valid for more than 24 hours.");
  const curator = token.curator as Address;
  if (assetId(curator, token.salt as Hex) !== token.asset) {
    throw forbidden("The upload token's curator and salt do not make its asset id.");
  }
  const byOperator = await isOperator(context, token.custodian, signer);
  const listed = byOperator ? undefined : await ownerOf(context, token.asset);
  if (!byOperator && !isAddressEqual(signer, listed ?? curator)) {
    throw forbidden("The upload token is signed neither by the curator nor by the custodian's operator.");
  }
  const message = { ...token, curator };
  if (!(await verifyRequest(context.chain, { primaryType: "UploadToken", message, signer, signature }))) {
    throw forbidden("The upload token's signature is not its signer's.");
  }
  // Anybody can be the curator of an asset that is not listed yet: a new key is no reason for a new allowance.
  await (byOperator ? countSigner(request, signer) : countAddress(request));
  const stranger = byOperator || listed ? null : strangerOf(context, request.ip);
  return { asset: token.asset, curator, custodian: token.custodian, signer, byOperator, stranger };
}

async function isOperator(context: Context, custodian: number, signer: Address): Promise<boolean> {
  const gateway = (await context.directory.all()).get(custodian);
  return gateway !== undefined && gateway.active && isAddressEqual(gateway.operator, signer);
}

/** The owner of a listed asset: its custodian has agreed to it. */
async function ownerOf(context: Context, asset: bigint): Promise<Address | undefined> {
  const { publicClient, deployment } = context.chain.reader;
  const registry = { address: deployment.contracts.AssetRegistry, abi: assetRegistryAbi } as const;
  const cfg = await publicClient.readContract({ ...registry, functionName: "cfgOf", args: [asset] });
  if (cfg.status === AssetStatus.None) return undefined;
  return publicClient.readContract({ ...registry, functionName: "ownerOf", args: [asset] });
}

/** Whoever uploads for an asset that nobody vouches for, by their network; kept so that no address can be read from it. */
function strangerOf({ keys }: Context, address: string): Hex {
  return keys.derive("stranger", networkOf(address));
}

function forbidden(message: string): GatewayError {
  return new GatewayError("GATEWAY_UPLOAD_FORBIDDEN", message);
}
