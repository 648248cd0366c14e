import type { ReleasedShares } from "@salus/sdk/gateway/release-shares";
import { getBlob } from "@salus/sdk/gateway/get-blob";
import { releaseShares } from "@salus/sdk/gateway/release-shares";
import { readGatewaySet } from "@salus/sdk/gateways/read-gateways";
import { cidFromDigest } from "@salus/sdk/cid";
import type { ManifestEntry } from "@salus/sdk/records/manifest";
import { openRecord, type ReleasedShare } from "@salus/sdk/records/open-record";
import { walletOf } from "#lib/chain/connect.ts";
import type { App } from "#lib/context.ts";
import type { Hex } from "#lib/data/types.ts";
import { toErrorView, type ErrorView } from "#lib/errors.ts";
import { gatewayAddress, gatewayTarget } from "#lib/gateways/reach.ts";
import { readVersionFiles, type VersionFiles } from "#lib/gateways/version-files.ts";
import { whenFinal } from "#lib/gateways/when-final.ts";
import { sumUpRefusals, type Refusal } from "#lib/orders/refusals.ts";
import { readDelivered, type DeliveredOrder } from "./results.ts";

/*
 * Fetching, combining and opening the records of a download. Loaded on demand.
 */

/** Records opened at the same time. */
const AT_ONCE = 6;

/** What a download brought. */
export interface Download {
  /** Plaintext of each opened record, as it was sealed by the institution. */
  records: { recordId: Hex; plaintext: Uint8Array }[];
  /** Records whose keys were refused, by reason. */
  refused: Refusal[];
  /** Records that could not be opened, with what went wrong. */
  failed: { recordId: Hex; error: ErrorView }[];
  /** Gateways that did not answer or whose shares were wrong, by name. */
  faults: { gateway: string; error: ErrorView }[];
}

/**
 * Asks every gateway of the set for its key shares, fetches the ciphertexts and opens what enough shares were released
 * for. The first answer of a gateway fixes what it releases: asking again gives the same.
 */
export async function downloadRecords(
  app: App,
  id: Hex,
  onProgress: (done: number, of: number) => void,
): Promise<Download> {
  const delivered = await readDelivered(app, id);
  const { salus, entry } = delivered;
  const { gateways } = await readGatewaySet(salus, entry.order.gatewaySet);
  const { released, faults } = await gatherShares(app, delivered, gateways);
  const executor = gateways.find(({ index }) => index === entry.order.custodian)!.name;
  const names = [executor, ...gateways.map(({ name }) => name).filter((name) => name !== executor)];
  const at = { asset: entry.order.asset, number: entry.order.version };
  const files = await readVersionFiles(salus, names, at);
  const jobs = openable(files, released);
  const records: Download["records"] = [];
  const failed: Download["failed"] = [];
  await inTurns(jobs, AT_ONCE, async ({ entry: one, shares }) => {
    const { recordId } = one.leaf;
    try {
      records.push({ recordId, plaintext: await openOne(executor, files, one, shares) });
    } catch (error) {
      failed.push({ recordId, error: toErrorView(error) });
    }
    onProgress(records.length + failed.length, jobs.length);
  });
  return { records, refused: sumUpRefusals(released), failed, faults };
}

async function gatherShares(
  app: App,
  { salus, entry }: DeliveredOrder,
  gateways: readonly { name: string; index: number }[],
): Promise<{ released: ReleasedShares[]; faults: Download["faults"] }> {
  const signer = await walletOf(app);
  const released: ReleasedShares[] = [];
  const faults: Download["faults"] = [];
  await Promise.all(
    gateways.map(async ({ name, index }) => {
      try {
        const target = gatewayTarget(app.config, { name, number: index });
        const { id, order, recipientKey } = entry;
        const escrow = salus.deployment.contracts.AccessEscrow;
        const asked = { id, order, signer, recipientKey, escrow };
        released.push(await whenFinal(() => releaseShares(target, asked)));
      } catch (error) {
        faults.push({ gateway: name, error: toErrorView(error) });
      }
    }),
  );
  // With nobody's shares there is nothing to show but the reason.
  if (released.length === 0 && faults[0]) throw faults[0].error;
  return { released, faults };
}

/** The records for which at least the threshold of gateways released a share. */
function openable(
  { manifest }: VersionFiles,
  released: readonly ReleasedShares[],
): { entry: ManifestEntry; shares: ReleasedShare[] }[] {
  const sharesOf = new Map<string, ReleasedShare[]>();
  for (const { gateway, shares } of released) {
    for (const { recordId, ...share } of shares) {
      const key = recordId.toLowerCase();
      sharesOf.set(key, [...(sharesOf.get(key) ?? []), { ...share, gateway }]);
    }
  }
  return manifest.entries.flatMap((entry) => {
    const shares = sharesOf.get(entry.leaf.recordId.toLowerCase()) ?? [];
    return shares.length >= manifest.threshold ? [{ entry, shares }] : [];
  });
}

async function openOne(
  executor: string,
  { manifest }: VersionFiles,
  entry: ManifestEntry,
  shares: readonly ReleasedShare[],
): Promise<Uint8Array> {
  const envelope = await getBlob(gatewayAddress(executor), cidFromDigest(entry.leaf.content));
  const { plaintext } = await openRecord({ context: manifest, entry, envelope, shares, servedBy: executor });
  return plaintext;
}

async function inTurns<T>(
  items: readonly T[],
  width: number,
  run: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
