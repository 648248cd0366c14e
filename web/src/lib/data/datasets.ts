import { countriesOf } from "@salus/sdk/data-use/countries";
import {
  DatasetDocument,
  DatasetsDocument,
  OrdersByAssetDocument,
  ProtocolDocument,
  type DatasetQuery,
  type DatasetsQuery,
  type DatasetsQueryVariables,
  type OrdersByAssetQuery,
} from "@salus/sdk/generated/queries";
import type { PublicConfig } from "#lib/config.ts";
import { ask, type GraphClient } from "#lib/graph/client.ts";
import { parseMoney } from "#lib/money.ts";
import { codesNamed } from "#lib/terms/conditions.ts";
import { decide } from "#lib/terms/decide.ts";
import { ACTIVITIES, askedOf } from "#lib/terms/uses.ts";
import { parseAssetId } from "./asset-words.ts";
import { datasetSummary, datesPacked } from "./dataset-summary.ts";
import { readDatasetDescriptor } from "./descriptor.ts";
import type { DatasetDetail, DatasetSummary, UseRecord } from "./types.ts";

/** What a search asks for; empty fields ask for nothing. */
export interface DatasetFilter {
  /** Words of a condition. */
  condition: string;
  /** Name of a use of `ACTIVITIES`: only datasets that permit it. */
  purpose: string;
  /** Highest price, in whole units of the token; text as typed. */
  maxPrice: string;
}

type Config = Pick<PublicConfig, "currencies">;
type AssetPart = DatasetsQuery["assets"][number];
type Where = NonNullable<DatasetsQueryVariables["where"]>;

/** Finished uses that a dataset's page lists. */
const USES = 50;

/** Reads a filter from a page's address. */
export function filterFrom(query: URLSearchParams): DatasetFilter {
  const text = (name: string) => (query.get(name) ?? "").trim().slice(0, 200);
  return { condition: text("condition"), purpose: text("purpose"), maxPrice: text("price") };
}

/**
 * Datasets that match, newest first. Words are looked for by the index; price and purpose depend on a token's decimals
 * and on rules that the index does not know, so they are applied here.
 */
export async function searchDatasets(
  graph: GraphClient,
  config: Config,
  filter: DatasetFilter,
): Promise<DatasetSummary[]> {
  const { assets } = await ask(graph, DatasetsDocument, { where: whereOf(filter) });
  return assets
    .filter((asset) => permitsPurpose(asset, filter.purpose))
    .map((asset) => datasetSummary(asset, config))
    .filter((dataset) => costsAtMost(dataset, filter.maxPrice));
}

/** One dataset with everything its page shows; null when there is none of that id. */
export async function readDataset(
  graph: GraphClient,
  config: Config,
  text: string,
): Promise<DatasetDetail | null> {
  const id = parseAssetId(text);
  if (!id) return null;
  const [{ asset }, { orders }, { protocol }] = await Promise.all([
    ask(graph, DatasetDocument, { id }),
    ask(graph, OrdersByAssetDocument, { asset: id, first: USES }),
    ask(graph, ProtocolDocument, {}),
  ]);
  if (asset?.kind !== "Dataset") return null;
  return datasetDetail(asset, { config, orders, feeBps: protocol?.feeBps ?? 0 });
}

function datasetDetail(
  asset: NonNullable<DatasetQuery["asset"]>,
  about: { config: Config; orders: OrdersByAssetQuery["orders"]; feeBps: number },
): DatasetDetail {
  const summary = datasetSummary(asset, about.config);
  const { publisher, agreement, columns } = readDatasetDescriptor(asset.descriptor?.raw);
  const { cap, spent } = asset.population ?? { cap: "0", spent: "0" };
  return {
    ...summary,
    custodian: publisher ?? summary.custodian,
    description: asset.descriptor?.description ?? "",
    disease: asset.disease,
    diseaseName: null,
    termsHash: asset.termsHash,
    agreement,
    royaltyBps: asset.royaltyBps,
    keepers: (asset.gatewaySet.members ?? []).map(({ name, number }) => ({ name, number })),
    columns,
    custodianBps: asset.custodianBps,
    curatorBps: asset.curatorBps,
    feeBps: about.feeBps,
    privacy: { cap: BigInt(cap), spent: BigInt(spent) },
    versions: asset.versions.map((version) => ({
      number: version.number,
      records: Number(version.recordCount),
      contentRoot: version.contentRoot,
      at: Number(version.timestamp),
    })),
    uses: about.orders.flatMap(useOf),
  };
}

/** An order is a use once a receipt says who took part. */
function useOf(order: OrdersByAssetQuery["orders"][number]): UseRecord[] {
  const { id, kind, uses, receipt } = order;
  if (!receipt) return [];
  return [
    { order: id, kind, uses: BigInt(uses), at: Number(receipt.timestamp), cohort: Number(receipt.cohort) },
  ];
}

function whereOf({ condition }: DatasetFilter): Where {
  const words = condition.toLowerCase();
  if (words === "") return {};
  const named = codesNamed(words).map((code): Where => ({
    descriptor_: { searchText_contains: code.toLowerCase() },
  }));
  return { or: [{ descriptor_: { searchText_contains: words } }, ...named] };
}

/** Whether a dataset may be used for a purpose by someone who promises and shows all that its terms ask for, where they may. */
function permitsPurpose(asset: AssetPart, purpose: string): boolean {
  const use = ACTIVITIES.find((one) => one.id === purpose);
  if (!use) return true;
  const { disease } = asset;
  const [duo, countries] = [BigInt(asset.duo), BigInt(asset.countries)];
  const uses = askedOf(duo).reduce((bits, { bit }) => bits | bit, use.bit);
  const [country] = countriesOf(countries);
  const terms = { duo, disease, countries, dates: datesPacked(asset) };
  const verdict = decide(terms, uses, country === undefined ? {} : { country });
  return verdict.permitted || verdict.missing.length > 0;
}

function costsAtMost({ price, currency }: DatasetSummary, typed: string): boolean {
  const most = typed === "" ? null : parseMoney(typed, currency);
  return most === null || price <= most;
}
