import { isAddressEqual } from "viem";
import { readAsset } from "@salus/sdk/assets/read-asset";
import { provisionalSubject } from "@salus/sdk/consent/provisional-subject";
import { readController } from "@salus/sdk/consent/read-controller";
import type { SignedErasure } from "@salus/sdk/gateway/types";
import { verifyRequest } from "../auth/verify.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";

/**
 * Checks that a wish for erasure is signed by who may have it: the subject, or who controls it; for a provisional subject
 * that nobody took over, its code's key or the operator of the dataset's custodian.
 *
 * @throws GATEWAY_ERASURE_INVALID
 */
export async function assertMayErase(context: Context, signed: SignedErasure): Promise<void> {
  const { signer, signature, erasure } = signed;
  const message = { ...erasure, dataset: BigInt(erasure.dataset) };
  if (!(await verifyRequest(context.chain, { primaryType: "Erasure", message, signer, signature }))) {
    throw invalid("The signature is not its signer's over this wish for erasure.");
  }
  if (await mayErase(context, signed)) return;
  throw invalid("The signer does not speak for this subject.");
}

async function mayErase(context: Context, { signer, erasure, codeKey }: SignedErasure): Promise<boolean> {
  const about = { dataset: BigInt(erasure.dataset), subject: erasure.subject };
  const { controller, pending } = await context.chain.read((reader) => readController(reader, about));
  // A provisional subject's own address answers for it on chain until it is taken over; nobody has a key of that.
  if (controller && isAddressEqual(controller, signer)) return true;
  const untouched = controller !== undefined && isAddressEqual(controller, erasure.subject) && !pending;
  if (!untouched || !codeKey) return false;
  if (!isAddressEqual(provisionalSubject(about.dataset, codeKey), erasure.subject)) return false;
  if (isAddressEqual(codeKey, signer)) return true;
  const { cfg } = await context.chain.read((reader) => readAsset(reader, about.dataset));
  const { operator } = await context.directory.get(cfg.custodian);
  return isAddressEqual(operator, signer);
}

function invalid(message: string): GatewayError {
  return new GatewayError("GATEWAY_ERASURE_INVALID", message);
}
