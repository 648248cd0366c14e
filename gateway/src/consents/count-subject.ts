import type { FastifyRequest } from "fastify";
import type { Address } from "viem";
import type { Context } from "../context.ts";
import { countSigner } from "../http/rate-limits.ts";
import { isSubjectKnown } from "./known-subject.ts";

/**
 * Counts a request for a subject whose word was proven, if this gateway holds a record of it: anybody can make keys, and
 * those of nobody count against their address.
 *
 * @throws GATEWAY_RATE_LIMITED
 */
export async function countSubject(
  context: Context,
  request: FastifyRequest,
  { dataset, subject }: { dataset: bigint | string; subject: Address },
): Promise<void> {
  const known = await isSubjectKnown(context, BigInt(dataset), subject.toLowerCase() as Address);
  if (known) await countSigner(request, `${dataset}:${subject}`);
}
