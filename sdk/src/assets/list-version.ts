import type { Address, Hex } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { lowerHex } from "../crypto/bytes.ts";
import { SalusError } from "../errors.ts";
import { signUploadToken } from "../gateway/sign-upload-token.ts";
import { readGatewaySet } from "../gateways/read-gateways.ts";
import { buildVersion, type BuiltVersion } from "../records/build-version.ts";
import type { DescriptorDraft } from "../records/descriptor.ts";
import type { Manifest } from "../records/manifest.ts";
import type { LargeRecord, NewRecord } from "../records/prepare-record.ts";
import type { ConsentLeaf } from "../trees/leaves.ts";
import type { Version } from "../types.ts";
import { addVersion } from "./add-version.ts";
import { handInVersion, storeAt, targetOf, versionOf } from "./hand-in-version.ts";
import { readListing } from "./read-listing.ts";

/** What becomes of a dataset in its next version. */
export type NextVersion = {
  asset: bigint;
  /** who listed the dataset first; the sender by default */
  curator?: Address;
  /** the version on chain now, its root checked */
  previous: Manifest;
  /** records of new subjects, and of those whose record is to be replaced */
  records: Iterable<NewRecord | LargeRecord> | AsyncIterable<NewRecord | LargeRecord>;
  /** subjects whose record `records` replaces */
  changed?: readonly Address[];
  /** subjects who are left out from now on */
  withdrawn?: readonly Address[];
  /** one leaf for each subject of the new version */
  consents: readonly ConsentLeaf[];
  descriptor: DescriptorDraft;
  eligibility: Hex;
};

/**
 * Lists the next version of a dataset: what is unchanged keeps its ciphertext and key shares, new and changed records are
 * encrypted, and a public file names who was added, changed and withdrawn. Receipts of the versions before stay theirs.
 *
 * @throws SDK_UNKNOWN_GATEWAY, SDK_LEAF_NOT_FOUND for a changed or withdrawn subject without a record, and what
 *   `buildVersion`, the gateways (`GatewayRequestError`) and the registry refuse
 */
export async function listVersion(
  salus: SalusWriter,
  next: NextVersion,
): Promise<{ version: Version; number: number; built: BuiltVersion }> {
  const { deployment } = salus;
  const { asset, previous } = next;
  const listing = await readListing(salus, asset);
  const set = await readGatewaySet(salus, listing.gatewaySet);
  const gateways = set.gateways.map((gateway) => targetOf(salus, gateway));
  const custodian = gateways.find(({ index }) => index === listing.custodian)!;
  const upload = await signUploadToken({
    signer: salus.walletClient,
    chainId: deployment.chainId,
    gatewayRegistry: deployment.contracts.GatewayRegistry,
    asset,
    curator: next.curator ?? salus.walletClient.account.address,
    salt: listing.salt,
    custodian: listing.custodian,
  });
  const number = previous.version + 1;
  const built = await buildVersion({
    context: {
      chainId: deployment.chainId,
      registry: deployment.contracts.AssetRegistry,
      dataset: asset,
      version: number,
    },
    gatewaySet: set.gateways.map(({ index, sealingKey }) => ({ index, hpkePublicKey: sealingKey })),
    threshold: set.threshold,
    records: next.records,
    carried: carriedEntries(next),
    previous,
    consents: next.consents,
    descriptor: next.descriptor,
    ...storeAt(custodian, upload),
  });
  const version = versionOf(built, listing.gatewaySet, next.eligibility);
  for (const gateway of gateways) await handInVersion(gateway, { asset, number, version, built, upload });
  await addVersion(salus, { asset, version });
  return { version, number, built };
}

function carriedEntries({ previous, changed = [], withdrawn = [] }: NextVersion) {
  const gone = new Set([...changed, ...withdrawn].map(lowerHex));
  const carried = previous.entries.filter(({ leaf }) => !gone.delete(lowerHex(leaf.subject)));
  const [missing] = gone;
  if (!missing) return carried;
  throw new SalusError({
    code: "SDK_LEAF_NOT_FOUND",
    message: `Subject ${missing} has no record in version ${previous.version}.`,
    hint: "Name as changed or withdrawn only who has a record in the version before.",
    details: { subject: missing },
  });
}
