import type { Hex } from "viem";
import { cidFromDigest } from "../cid.ts";
import type { SalusReader } from "../chain/client.ts";
import { putBlob } from "../gateway/put-blob.ts";
import { putBlobs } from "../gateway/put-blobs.ts";
import { putVersion } from "../gateway/put-version.ts";
import type { GatewayTarget } from "../gateway/requests.ts";
import type { UploadToken } from "../gateway/sign-upload-token.ts";
import { uploadStream } from "../gateway/upload-stream.ts";
import type { RegisteredGateway } from "../gateways/read-gateways.ts";
import type { BuildVersionParameters, BuiltVersion } from "../records/build-version.ts";
import { descriptorDigest } from "../records/descriptor.ts";
import type { ContentFile } from "../records/leaf-file.ts";
import type { Version } from "../types.ts";

/** Files above this go in pieces, which survive a broken connection. */
const IN_ONE_PIECE = 16 * 1024 * 1024;

/** How a request to a registered gateway is addressed. */
export function targetOf({ deployment }: SalusReader, { url, index }: RegisteredGateway): GatewayTarget {
  return { url, index, chainId: deployment.chainId, gatewayRegistry: deployment.contracts.GatewayRegistry };
}

/** Where `buildVersion` puts its ciphertexts: at the custodian, the small ones many at a time. */
export function storeAt(
  custodian: GatewayTarget,
  upload: UploadToken,
  onStored?: (records: number) => void,
): Required<Pick<BuildVersionParameters, "storeBatch" | "storeLarge">> {
  return {
    async storeBatch(ciphertexts) {
      await putBlobs(custodian, { blobs: ciphertexts.map(({ bytes }) => bytes), upload });
      onStored?.(ciphertexts.length);
    },
    async storeLarge({ size, envelope, content }) {
      const cid = () => cidFromDigest(content());
      await uploadStream(custodian, { upload, size, source: () => envelope, cid });
      onStored?.(1);
    },
  };
}

/** A built version as it goes on chain. */
export function versionOf(built: BuiltVersion, gatewaySet: number, eligibility: Hex): Version {
  return {
    contentRoot: built.contentRoot,
    consentRoot: built.consentRoot,
    count: built.recordCount,
    gatewaySet,
    eligibility,
    descriptor: descriptorDigest(built.descriptorFile),
  };
}

/** Gives one gateway the files of a version and its key shares. @throws GatewayRequestError */
export async function handInVersion(
  gateway: GatewayTarget,
  about: { asset: bigint; number: number; version: Version; built: BuiltVersion; upload: UploadToken },
): Promise<void> {
  const { asset, number, version, built, upload } = about;
  const { descriptorFile, consentFile, manifestFile, changesFile } = built;
  for (const file of [descriptorFile, consentFile, manifestFile, changesFile]) {
    if (file) await putFile(gateway, file, upload);
  }
  const { bytes: sealedShares } = built.sealedShares.find((each) => each.gateway === gateway.index)!;
  await putVersion(gateway, { asset, number, version, sealedShares, upload });
}

async function putFile(
  gateway: GatewayTarget,
  { cid, bytes }: ContentFile,
  upload: UploadToken,
): Promise<void> {
  if (bytes.length <= IN_ONE_PIECE) {
    await putBlob(gateway, { bytes, upload });
    return;
  }
  async function* from(offset: number) {
    yield bytes.subarray(offset);
  }
  await uploadStream(gateway, { upload, size: bytes.length, source: from, cid: () => cid });
}
