import type { Hex } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { SalusError } from "../errors.ts";
import { signUploadToken } from "../gateway/sign-upload-token.ts";
import { readGatewaySet } from "../gateways/read-gateways.ts";
import { buildVersion, type BuiltVersion } from "../records/build-version.ts";
import type { DescriptorDraft } from "../records/descriptor.ts";
import type { LargeRecord, NewRecord } from "../records/prepare-record.ts";
import type { ConsentLeaf } from "../trees/leaves.ts";
import type { Listing, Version } from "../types.ts";
import { assetId } from "./asset-id.ts";
import { handInVersion, storeAt, targetOf, versionOf } from "./hand-in-version.ts";
import { listDataset } from "./list-dataset.ts";

/** What an institution lists. */
export type CohortListing = {
  listing: Listing;
  /**
   * one record for each subject, in the clear; they leave this process only encrypted. Read once, some hundred at a time, so
   * that a source that makes them as they are asked for keeps memory small.
   */
  records: Iterable<NewRecord | LargeRecord> | AsyncIterable<NewRecord | LargeRecord>;
  /** one leaf for each subject */
  consents: readonly ConsentLeaf[];
  descriptor: DescriptorDraft;
  /** digest of the rules by which subjects were chosen */
  eligibility: Hex;
  custodySignature?: Hex;
  /** told after each step: encrypted and stored records, then gateways that took their shares, then the chain */
  onProgress?: (done: { step: "records" | "gateways" | "listed"; done: number; of: number }) => void;
};

const FIRST_VERSION = 1;

/**
 * Lists a cohort: encrypts each record, stores the ciphertexts at the custodian, gives every gateway of the set its key
 * shares, and lists the dataset in one transaction. Nothing is for sale until that last step.
 *
 * @example
 * const { asset } = await listCohort(salus, { listing, records, consents, descriptor, eligibility });
 *
 * @throws what `buildVersion`, the gateways (`GatewayRequestError`) and the registry refuse
 */
export async function listCohort(
  salus: SalusWriter,
  cohort: CohortListing,
): Promise<{ asset: bigint; version: Version; built: BuiltVersion }> {
  const { deployment } = salus;
  const { listing, onProgress } = cohort;
  const curator = salus.walletClient.account.address;
  const dataset = assetId(curator, listing.salt);
  const set = await readGatewaySet(salus, listing.gatewaySet);
  const gateways = set.gateways.map((gateway) => targetOf(salus, gateway));
  const custodian = gateways.find(({ index }) => index === listing.custodian);
  if (!custodian) throw custodianOutside(listing);
  const upload = await signUploadToken({
    signer: salus.walletClient,
    chainId: deployment.chainId,
    gatewayRegistry: deployment.contracts.GatewayRegistry,
    asset: dataset,
    curator,
    salt: listing.salt,
    custodian: listing.custodian,
  });
  let stored = 0;
  const built = await buildVersion({
    context: {
      chainId: deployment.chainId,
      registry: deployment.contracts.AssetRegistry,
      dataset,
      version: FIRST_VERSION,
    },
    gatewaySet: set.gateways.map(({ index, sealingKey }) => ({ index, hpkePublicKey: sealingKey })),
    threshold: set.threshold,
    records: cohort.records,
    consents: cohort.consents,
    descriptor: cohort.descriptor,
    ...storeAt(custodian, upload, (records) => {
      stored += records;
      onProgress?.({ step: "records", done: stored, of: cohort.consents.length });
    }),
  });
  const version = versionOf(built, listing.gatewaySet, cohort.eligibility);
  for (const [place, gateway] of gateways.entries()) {
    await handInVersion(gateway, { asset: dataset, number: FIRST_VERSION, version, built, upload });
    onProgress?.({ step: "gateways", done: place + 1, of: gateways.length });
  }
  const { custodySignature } = cohort;
  const { asset } = await listDataset(salus, { listing, version, custodySignature });
  onProgress?.({ step: "listed", done: 1, of: 1 });
  return { asset, version, built };
}

function custodianOutside({ custodian, gatewaySet }: Listing): SalusError {
  return new SalusError({
    code: "SDK_UNKNOWN_GATEWAY",
    message: `Gateway ${custodian} is not in set ${gatewaySet}.`,
    hint: "Choose a custodian among the members of the gateway set.",
    details: { custodian, gatewaySet },
  });
}
