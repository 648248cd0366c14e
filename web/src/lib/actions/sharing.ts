import { auditHistory, MOST_ENTRIES } from "@salus/sdk/log/audit-history";
import { datasetQuery, datasetsQuery, datasetUseQuery } from "@salus/sdk/generated/queryTexts";
import type { DatasetQuery } from "@salus/sdk/generated/queries";
import { parseConsentFile } from "@salus/sdk/records/consent-file";
import type { ConsentLeaf } from "@salus/sdk/trees/leaves";
import { lightReader } from "#lib/chain/light.ts";
import { currencyOf } from "#lib/config.ts";
import type { App } from "#lib/context.ts";
import { institutionOf, titleOf } from "#lib/data/asset-words.ts";
import { readDatasetDescriptor } from "#lib/data/descriptor.ts";
import type { PersonalUses, Sharing } from "#lib/data/sharing.ts";
import type { Hex } from "#lib/data/types.ts";
import { getPublicFile } from "#lib/gateways/public-file.ts";
import { gatewayTarget } from "#lib/gateways/reach.ts";
import { askText } from "#lib/graph/ask-text.ts";
import { lastWordOf } from "#lib/sharing/last-word.ts";
import { inPlainWords } from "#lib/sharing/plain-error.ts";
import { signerOf } from "#lib/sharing/signer.ts";
import { standingOf } from "#lib/sharing/standing.ts";
import { subjectKeys, type SubjectKey } from "#lib/sharing/subjects.ts";
import { expectedOrders, personalUses, untoldUses } from "#lib/sharing/uses.ts";

/*
 * What a signed-in person reads about their own records. No server is ever asked for one person's pseudonyms: every
 * dataset's public list is fetched, and this device looks for the person in it. Loaded on demand.
 */

type Asset = NonNullable<DatasetQuery["asset"]>;

/** Most datasets and receipts that are looked through. */
const DATASETS = 200;
const RECEIPTS = 1000;

/** The person's place in a dataset, before the chain was asked. */
interface Place {
  asset: Asset;
  key: SubjectKey;
  leaf: ConsentLeaf;
}

/** Every place that keeps a record of the person. */
export const readSharings = (app: App): Promise<Sharing[]> =>
  inPlainWords(async () => {
    const { assets } = await askText(datasetsQuery, { first: DATASETS });
    const keys = await subjectKeys(
      app,
      assets.map(({ id }) => id),
    );
    const places = await Promise.all(assets.map(({ id }, index) => findPlace(app, id, keys[index]!)));
    return Promise.all(places.flatMap((place) => (place ? [sharingOf(app, place)] : [])));
  });

/** Every use of a cohort that the person was asked to be in, newest first, held against the chain. */
export const readPersonalUses = (app: App): Promise<PersonalUses> =>
  inPlainWords(async () => {
    const sharings = await readSharings(app);
    const all = await Promise.all(sharings.map((sharing) => usesOf(app, sharing)));
    return {
      uses: all.flatMap(({ uses }) => uses).sort((a, b) => b.at - a.at),
      untold: all.flatMap(({ untold }) => untold).sort((a, b) => b.at - a.at),
    };
  });

async function findPlace(app: App, id: Hex, key: SubjectKey): Promise<Place | null> {
  const { asset } = await askText(datasetQuery, { id });
  const files = readDatasetDescriptor(asset?.descriptor?.raw).leafFiles;
  if (!asset?.version || !files) return null; // Its description was not found yet: nothing can be looked up in it.
  const names = [...new Set([asset.custodian.name, ...app.config.gateways])];
  const { leaves } = parseConsentFile(await getPublicFile(names, files.consents), asset.version.consentRoot);
  const leaf = leaves.find(({ subject }) => subject.toLowerCase() === key.address.toLowerCase());
  return leaf ? { asset, key, leaf } : null;
}

async function sharingOf(app: App, { asset, key, leaf }: Place): Promise<Sharing> {
  const slot = await lastWordOf(asset.id, key.address);
  const { publisher } = readDatasetDescriptor(asset.descriptor?.raw);
  return {
    dataset: asset.id,
    title: titleOf("Dataset", asset.id, asset.descriptor),
    custodian: publisher ?? institutionOf(asset.custodian.name),
    gateway: { name: asset.custodian.name, number: asset.custodian.number },
    subject: key.address,
    nonce: slot?.nonce ?? 0,
    ...standingOf(leaf, slot, Date.now() / 1000),
    offeredModes: BigInt(asset.modes),
    sinceVersion: leaf.originVersion,
    weight: leaf.weight,
    currency: currencyOf(app.config, asset.token.id),
  };
}

async function usesOf(app: App, sharing: Sharing): Promise<PersonalUses> {
  const [key] = await subjectKeys(app, [sharing.dataset]);
  const now = Math.floor(Date.now() / 1000);
  const until = String(now + 86_400);
  const asked = { dataset: sharing.dataset, from: "0", until, first: RECEIPTS };
  const { receipts } = await askText(datasetUseQuery, asked);
  const gateway = gatewayTarget(app.config, sharing.gateway);
  const { entries, untold } = await auditHistory(lightReader(app.config), gateway, {
    dataset: BigInt(sharing.dataset),
    signer: signerOf(key!),
    expected: expectedOrders(sharing, receipts),
    now,
  });
  // A full answer may have left older orders out: nothing follows from their absence.
  const whole = entries.length < MOST_ENTRIES;
  return {
    uses: personalUses(sharing, entries, receipts),
    untold: whole ? untoldUses(sharing, untold, receipts) : [],
  };
}
