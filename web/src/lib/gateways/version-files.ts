import { readVersion } from "@salus/sdk/assets/read-listing";
import type { SalusReader } from "@salus/sdk/chain/client";
import { cidFromDigest } from "@salus/sdk/cid";
import { parseConsentFile, type ConsentFile } from "@salus/sdk/records/consent-file";
import { parseDescriptor } from "@salus/sdk/records/descriptor";
import { parseManifest, type Manifest } from "@salus/sdk/records/manifest";
import type { Version } from "@salus/sdk/types";
import { getPublicFile } from "./public-file.ts";

/** The public files of one version, checked against the roots on chain. */
export interface VersionFiles {
  version: Version;
  manifest: Manifest;
  consents: ConsentFile;
}

/**
 * The public files of a version, from whichever gateway has them.
 * @param gateways names of gateways, the likeliest first
 * @throws WEB_FILE_MISSING, SDK_FILE_… when a file is not the one that the chain names
 */
export async function readVersionFiles(
  salus: SalusReader,
  gateways: readonly string[],
  { asset, number }: { asset: bigint; number: number },
): Promise<VersionFiles> {
  const version = await readVersion(salus, asset, number);
  const descriptor = parseDescriptor(await getPublicFile(gateways, cidFromDigest(version.descriptor)));
  const [manifest, consents] = await Promise.all([
    getPublicFile(gateways, descriptor.leafFiles.manifest),
    getPublicFile(gateways, descriptor.leafFiles.consents),
  ]);
  return {
    version,
    manifest: parseManifest(manifest, version.contentRoot),
    consents: parseConsentFile(consents, version.consentRoot),
  };
}
