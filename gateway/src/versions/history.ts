import { digestFromCid } from "@salus/sdk/cid";
import {
  type ChangesFile,
  compareVersions,
  countChanges,
  parseChangesFile,
} from "@salus/sdk/records/changes-file";
import { assetRegistryAbi } from "@salus/sdk/generated/abis";
import { assertOrigins } from "@salus/sdk/records/check-origins";
import type { Descriptor } from "@salus/sdk/records/descriptor";
import type { Manifest } from "@salus/sdk/records/manifest";
import type { Context } from "../context.ts";
import { GatewayError, isGatewayError } from "../errors/gateway-error.ts";
import { check, invalid } from "./file-invalid.ts";

/**
 * Checks a version against the ones before it, as this gateway holds them: what it reuses stands in the version that its
 * leaf names, and its public list of added, changed and withdrawn subjects is what the two manifests give.
 *
 * @throws GATEWAY_FILE_INVALID, GATEWAY_FILE_MISSING also when the version before is not held here
 */
export async function assertHistory(
  context: Context,
  descriptor: Descriptor,
  manifest: Manifest,
): Promise<void> {
  const earlier = await earlierManifests(context, manifest);
  check(() => assertOrigins(manifest, earlier));
  const previous = earlier.get(manifest.version - 1);
  if (!previous) {
    if (descriptor.changes || descriptor.leafFiles.changes) throw invalid("A first version changes nothing.");
    return;
  }
  const listed = await readChanges(context, descriptor);
  const changes = compareVersions(previous, manifest);
  const counts = { since: previous.version, ...countChanges(changes) };
  const headerRight =
    listed.version === manifest.version &&
    listed.since === previous.version &&
    listed.dataset === manifest.dataset &&
    listed.chainId === manifest.chainId &&
    listed.registry === manifest.registry;
  const same =
    headerRight &&
    listed.changes.length === changes.length &&
    listed.changes.every(
      ({ subject, change }, i) => subject === changes[i]!.subject && change === changes[i]!.change,
    );
  if (!same) throw invalid(`The changes file is not what version ${manifest.version} changes.`);
  const stated = descriptor.changes;
  const right =
    stated && Object.entries(counts).every(([name, value]) => stated[name as keyof typeof stated] === value);
  if (!right) throw invalid(`The descriptor's counts of changes are not those of its changes file.`);
}

/**
 * The version before, and those that leaves name. What else was listed ever is found by its ciphertext, see
 * `claimContents`: a long history need not be in memory.
 */
async function earlierManifests(
  context: Context,
  { dataset, version, entries }: Manifest,
): Promise<Map<number, Manifest>> {
  const earlier = new Map<number, Manifest>();
  const named = new Set(
    [version - 1, ...entries.map(({ leaf }) => leaf.originVersion)].filter((n) => n > 0 && n < version),
  );
  if (version > 1) await assertOnChain(context, dataset, version - 1);
  for (const number of named) {
    const held = await context.versions.get(dataset, number);
    if (!held) {
      throw new GatewayError(
        "GATEWAY_FILE_MISSING",
        `This gateway does not hold version ${number} of the dataset.`,
        {
          hint: `Hand in version ${number} to this gateway first.`,
        },
      );
    }
    earlier.set(number, held.manifest);
  }
  return earlier;
}

/** What this gateway holds of a version may be replaced until it is on chain; nothing is built on that. */
async function assertOnChain(context: Context, dataset: bigint, number: number): Promise<void> {
  const { publicClient, deployment } = context.chain.reader;
  const onChain = await publicClient.readContract({
    address: deployment.contracts.AssetRegistry,
    abi: assetRegistryAbi,
    functionName: "versionHashOf",
    args: [dataset, number],
  });
  const held = await context.versions.get(dataset, number);
  if (held?.hash === onChain) return;
  throw new GatewayError(
    "GATEWAY_FILE_MISSING",
    `This gateway does not hold version ${number} of the dataset as it is on chain.`,
    { hint: `Hand in version ${number} to this gateway, and have it listed, first.` },
  );
}

async function readChanges({ blobs }: Context, { leafFiles }: Descriptor): Promise<ChangesFile> {
  if (!leafFiles.changes) throw invalid("The descriptor names no file of what this version changes.");
  const bytes = await blobs.get(digestFromCid(leafFiles.changes)).catch((error: unknown) => {
    if (!isGatewayError(error, "GATEWAY_BLOB_UNKNOWN")) throw error;
    throw new GatewayError("GATEWAY_FILE_MISSING", "The changes file of the version was not uploaded.");
  });
  return check(() => parseChangesFile(bytes));
}
