import { datasetQuery, datasetsQuery } from "@salus/sdk/generated/queryTexts";
import type { DatasetQuery } from "@salus/sdk/generated/queries";
import { parseConsentFile } from "@salus/sdk/records/consent-file";
import type { ConsentLeaf } from "@salus/sdk/trees/leaves";
import { currencyOf } from "#lib/config.ts";
import type { App } from "#lib/context.ts";
import { institutionOf, titleOf } from "#lib/data/asset-words.ts";
import { readDatasetDescriptor } from "#lib/data/descriptor.ts";
import type { Sharing } from "#lib/data/sharing.ts";
import type { Hex } from "#lib/data/types.ts";
import { getPublicFile } from "#lib/gateways/public-file.ts";
import { askText } from "#lib/graph/ask-text.ts";
import { lastWordOf } from "#lib/sharing/last-word.ts";
import { inPlainWords } from "#lib/sharing/plain-error.ts";
import { standingOf } from "#lib/sharing/standing.ts";
import { subjectKeys, type SubjectKey } from "#lib/sharing/subjects.ts";

/*
 * What a signed-in person reads about their own records. No server is ever asked for one person's pseudonyms: every
 * dataset's public list is fetched, and this device looks for the person in it. Loaded on demand.
 */

type Asset = NonNullable<DatasetQuery["asset"]>;

/** Most datasets that are looked through. */
const DATASETS = 200;

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
    keepers: asset.gatewaySet.members.map(({ name, number, signer }) => ({ name, number, signer })),
    threshold: asset.gatewaySet.threshold,
    subject: key.address,
    nonce: slot?.nonce ?? 0,
    ...standingOf(leaf, slot, Date.now() / 1000),
    offeredModes: BigInt(asset.modes),
    sinceVersion: leaf.originVersion,
    weight: leaf.weight,
    currency: currencyOf(app.config, asset.token.id),
  };
}
