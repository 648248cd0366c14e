import { type Hex, isHex } from "viem";
import { hashVersion } from "@salus/sdk/chain/encode-struct";
import { digestFromCid } from "@salus/sdk/cid";
import { type GatewaySet, openShares } from "@salus/sdk/crypto/seal-shares";
import type { PutVersionResponse } from "@salus/sdk/gateway/types";
import { assetRegistryAbi } from "@salus/sdk/generated/abis";
import { assertOneConsentPerRecord, checkShares } from "@salus/sdk/records/check-version";
import { parseConsentFile } from "@salus/sdk/records/consent-file";
import { type Descriptor, parseDescriptor } from "@salus/sdk/records/descriptor";
import { type Manifest, parseManifest } from "@salus/sdk/records/manifest";
import type { Version } from "@salus/sdk/types";
import type { Upload } from "../auth/upload-token.ts";
import { gatewaySetOf } from "../chain/reads.ts";
import type { Context } from "../context.ts";
import { inConsentLine } from "../consents/last-look.ts";
import type { Db } from "../database/connect.ts";
import { reached } from "../durable/steps.ts";
import { assertNobodyErased, erasedSubjects } from "../erasure/erased-subjects.ts";
import { assertCiphertexts, claimContents } from "./contents.ts";
import { check, invalid } from "./file-invalid.ts";
import { assertHistory } from "./history.ts";
import { GatewayError, isGatewayError } from "../errors/gateway-error.ts";

/** A version as it was handed in. */
export type HandedIn = {
  upload: Upload;
  asset: bigint;
  number: number;
  version: Version;
  sealedShares: Uint8Array;
};

/**
 * Takes this gateway's key shares of a version: files and roots must agree, every share must be the one that the
 * manifest commits to. A version may come before its listing; it counts once the version on chain is this one.
 *
 * @throws GATEWAY_UPLOAD_FORBIDDEN, GATEWAY_FILE_MISSING, GATEWAY_FILE_INVALID, GATEWAY_NOT_IN_SET, GATEWAY_WRONG_SHARE
 *   (the sender is named), GATEWAY_VERSION_CONFLICT
 */
export async function acceptVersion(context: Context, handedIn: HandedIn): Promise<PutVersionResponse> {
  const { upload, asset, number, version } = handedIn;
  if (upload.asset !== asset) {
    throw new GatewayError("GATEWAY_UPLOAD_FORBIDDEN", "The upload token is for another asset.");
  }
  const versionHash = hashVersion(version);
  const effective = await compareWithChain(context, asset, number, versionHash);
  const { descriptor, manifest } = await readFiles(context, handedIn);
  await assertHistory(context, descriptor, manifest);
  const shares = await openOwnShares(context, handedIn, manifest);
  // In line with erasures: one that comes now finds this version, one that came before is found by it.
  await inConsentLine(context.db, asset, async (tx) => {
    const erased = await erasedSubjects(tx, asset);
    // What is on chain already is handed in again after a loss, erased subjects and all; of them nothing is kept.
    if (!effective) assertNobodyErased(manifest, erased);
    const kept = manifest.entries.filter(({ leaf }) => !erased.has(leaf.subject));
    if (upload.custodian === context.index) await assertCiphertexts(tx, kept);
    await claimContents(tx, manifest);
    const ids = new Set(kept.map(({ leaf }) => leaf.recordId));
    const keptShares = shares.filter(({ recordId }) => ids.has(recordId));
    await context.shares.put({ asset, originVersion: number }, keptShares, tx);
    await writeRow(tx, handedIn, { descriptor, versionHash, storedAt: context.now() });
  });
  reached("version.stored");
  const status = effective ? "effective" : "pending";
  return { asset: asset.toString(), number, status, records: manifest.entries.length };
}

async function writeRow(
  tx: Db,
  { asset, number, version }: HandedIn,
  about: { descriptor: Descriptor; versionHash: Hex; storedAt: number },
): Promise<void> {
  const { leafFiles } = about.descriptor;
  const row = {
    asset: asset.toString(),
    number,
    version_hash: about.versionHash,
    content_root: version.contentRoot,
    consent_root: version.consentRoot,
    descriptor: version.descriptor,
    consents_cid: leafFiles.consents,
    manifest_cid: leafFiles.manifest,
    changes_cid: leafFiles.changes ?? null,
    records: version.count,
    stored_at: about.storedAt,
  };
  await tx
    .insertInto("versions")
    .values(row)
    .onConflict((conflict) => conflict.columns(["asset", "number"]).doUpdateSet(row))
    .execute();
}

/** Whether the version on chain is this one; a conflict when there is another. */
async function compareWithChain(
  context: Context,
  asset: bigint,
  number: number,
  hash: Hex,
): Promise<boolean> {
  const { publicClient, deployment } = context.chain.reader;
  const onChain = await publicClient.readContract({
    address: deployment.contracts.AssetRegistry,
    abi: assetRegistryAbi,
    functionName: "versionHashOf",
    args: [asset, number],
  });
  if (onChain === hash) return true;
  if (BigInt(onChain) === 0n) return false;
  throw new GatewayError(
    "GATEWAY_VERSION_CONFLICT",
    `Version ${number} of asset ${asset} is another one on chain.`,
  );
}

async function readFiles(context: Context, { asset, number, version }: HandedIn) {
  const file = (digest: Hex, name: string) =>
    context.blobs.get(digest).catch((error: unknown) => {
      if (!isGatewayError(error, "GATEWAY_BLOB_UNKNOWN")) throw error;
      throw new GatewayError("GATEWAY_FILE_MISSING", `The ${name} of version ${number} was not uploaded.`);
    });
  const descriptorBytes = await file(version.descriptor, "descriptor");
  const descriptor = check(() => parseDescriptor(descriptorBytes));
  const manifestBytes = await file(digestFromCid(descriptor.leafFiles.manifest), "manifest");
  const consentBytes = await file(digestFromCid(descriptor.leafFiles.consents), "consent file");
  const manifest = check(() => parseManifest(manifestBytes, version.contentRoot));
  const consents = check(() => parseConsentFile(consentBytes, version.consentRoot));
  check(() =>
    assertOneConsentPerRecord(
      manifest.entries.map(({ leaf }) => leaf),
      consents.leaves,
    ),
  );
  for (const [name, header] of Object.entries({ manifest, "consent file": consents })) {
    assertHeader(context, name, header, asset, number);
  }
  assertDescriptor(descriptor, manifest, version);
  return { descriptor, manifest };
}

type Header = { chainId: number; registry: string; dataset: bigint; version: number };

function assertHeader(context: Context, file: string, header: Header, asset: bigint, number: number): void {
  const { chainId, contracts } = context.deployment;
  const right =
    header.chainId === chainId &&
    header.registry.toLowerCase() === contracts.AssetRegistry.toLowerCase() &&
    header.dataset === asset &&
    header.version === number;
  if (!right) throw invalid(`The ${file} belongs to another dataset, version or chain.`);
}

function assertDescriptor(descriptor: Descriptor, manifest: Manifest, version: Version): void {
  if (descriptor.leafFiles.version !== manifest.version) {
    throw invalid("The descriptor names the leaf files of another version.");
  }
  if (manifest.entries.length !== version.count) {
    throw invalid(`The manifest holds ${manifest.entries.length} records, the version ${version.count}.`);
  }
}

/** Opens the message for this gateway and checks each share. */
async function openOwnShares(
  context: Context,
  { asset, number, version, sealedShares, upload }: HandedIn,
  manifest: Manifest,
) {
  const set = await gatewaySetOf(context.chain, version.gatewaySet);
  const same =
    manifest.threshold === set.threshold &&
    manifest.gateways.length === set.members.length &&
    manifest.gateways.every((index, i) => index === set.members[i]);
  if (!same) throw invalid(`The manifest's gateways are not those of gateway set ${version.gatewaySet}.`);
  if (!set.members.includes(context.index)) {
    throw new GatewayError(
      "GATEWAY_NOT_IN_SET",
      `This gateway does not belong to gateway set ${version.gatewaySet}.`,
    );
  }
  const gateways = await Promise.all(
    set.members.map(async (index) => ({
      index,
      hpkePublicKey: (await context.directory.get(index)).sealingKey,
    })),
  );
  const gatewaySet: GatewaySet = { gateways, threshold: set.threshold };
  const { chainId, registry } = manifest;
  const batch = { chainId, registry, dataset: asset, version: number, gatewaySet, gateway: context.index };
  const shares = await openShares({
    context: batch,
    recipientKey: context.keys.sealing,
    sealed: sealedShares,
  }).catch((cause: unknown) => {
    throw wrongShare(upload, "the message does not open with this gateway's key and context", cause);
  });
  const { wrong, missing } = checkShares(manifest, context.index, shares);
  if (wrong.length > 0)
    throw wrongShare(upload, `${wrong.length} key shares are wrong, the first of record ${wrong[0]}`);
  if (missing.length > 0) {
    throw wrongShare(upload, `${missing.length} key shares are missing, the first of record ${missing[0]}`);
  }
  return shares;
}

function wrongShare({ signer }: Upload, what: string, cause?: unknown): GatewayError {
  const sender = isHex(signer) ? signer : "unknown";
  return new GatewayError("GATEWAY_WRONG_SHARE", `Of the key shares sent by ${sender}, ${what}.`, { cause });
}
