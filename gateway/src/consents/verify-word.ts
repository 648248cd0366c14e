import { type Address, type Hex, isAddressEqual } from "viem";
import { typedData } from "@salus/sdk/chain/typed-data";
import { provisionalSubject } from "@salus/sdk/consent/provisional-subject";
import { readController } from "@salus/sdk/consent/read-controller";
import type { ConsentSlot } from "@salus/sdk/consent/types";
import type { SignedRevocation } from "@salus/sdk/gateway/types";
import { MODES } from "@salus/sdk/generated/constants";
import type { RegisteredGateway } from "@salus/sdk/gateways/read-gateways";
import type { Revocation } from "@salus/sdk/types";
import { verifySignature } from "../auth/verify.ts";
import { custodyOf } from "../chain/reads.ts";
import type { Context } from "../context.ts";

/** Who signs for a subject at the head: its controller in force, else itself. */
export async function personOf(
  { chain }: Context,
  { dataset, subject }: { dataset: bigint; subject: Address },
): Promise<Address> {
  const { controller } = await chain.read((reader) => readController(reader, { dataset, subject }));
  return controller ?? subject;
}

/**
 * Whether a revocation is signed by one who may revoke: the person; for a provisional subject that nobody controls yet
 * the holder of its code, and its custodian; for what was granted by two persons the custodian alone, too. The same as
 * the registry checks, so that what is taken here is taken on chain.
 */
export async function isRevocationSigned(
  context: Context,
  revocation: Revocation,
  signed: SignedRevocation,
  slot: ConsentSlot,
): Promise<boolean> {
  const { dataset, subject } = revocation;
  const typed = typedData(context.deployment, "Revocation", revocation);
  const by = (signer: Address) => verifySignature(context.chain, signer, typed, signed.signature);
  const { codeKey, twoPerson } = signed;
  if (codeKey !== undefined) {
    if (!isAddressEqual(provisionalSubject(dataset, codeKey), subject)) return false;
    if (await isControlled(context, dataset, subject)) return false;
    return (await by(codeKey)) || isCustodians(context, dataset, by);
  }
  if (twoPerson) {
    const { modes } = await custodyOf(context.chain, dataset);
    if (((modes | slot.modes) & MODES.TWO_PERSON) === 0) return false;
    return isCustodians(context, dataset, by);
  }
  return by(await personOf(context, { dataset, subject }));
}

/** Whether somebody has taken a provisional subject over. */
async function isControlled({ chain }: Context, dataset: bigint, subject: Address): Promise<boolean> {
  const { controller } = await chain.read((reader) => readController(reader, { dataset, subject }));
  return controller !== undefined && !isAddressEqual(controller, subject);
}

/** A removed gateway's operator still speaks for what it keeps; its signer does not. */
async function isCustodians(
  context: Context,
  dataset: bigint,
  by: (signer: Address) => Promise<boolean>,
): Promise<boolean> {
  const { operator, signer, active } = await custodianOf(context, dataset);
  return (await by(operator)) || (active && (await by(signer)));
}

/** The gateway that keeps a dataset. @throws GATEWAY_INVALID_REQUEST for a dataset that is not listed */
export async function custodianOf(context: Context, dataset: bigint): Promise<RegisteredGateway> {
  const { custodian } = await custodyOf(context.chain, dataset);
  return context.directory.get(custodian);
}

/** How a stored revocation travels. */
export function signedRevocation(row: {
  dataset: string;
  subject: Address;
  max_nonce: number;
  signature: Hex;
  code_key: Address | null;
  two_person: boolean;
}): SignedRevocation {
  const { dataset, subject, max_nonce: maxNonce, signature } = row;
  return {
    revocation: { dataset, subject, maxNonce },
    signature,
    ...(row.code_key === null ? {} : { codeKey: row.code_key }),
    ...(row.two_person ? { twoPerson: true } : {}),
  };
}
