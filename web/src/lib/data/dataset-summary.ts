import { packDates } from "@salus/sdk/data-use";
import type { DatasetsQuery } from "@salus/sdk/generated/queries";
import { currencyOf, type PublicConfig } from "#lib/config.ts";
import { conditionName } from "#lib/terms/conditions.ts";
import { institutionOf, titleOf } from "./asset-words.ts";
import type { DatasetSummary } from "./types.ts";

type AssetPart = DatasetsQuery["assets"][number];

/** A dataset as lists show it. */
export function datasetSummary(asset: AssetPart, config: Pick<PublicConfig, "currencies">): DatasetSummary {
  const { id, descriptor, custodian } = asset;
  return {
    id,
    title: titleOf("Dataset", id, descriptor),
    custodian: descriptor?.publisher ?? institutionOf(custodian.name),
    gateway: { name: custodian.name, number: custodian.number },
    conditions: (descriptor?.conditionCodes ?? []).map((code) => ({ code, name: conditionName(code) })),
    records: Number(asset.recordCount),
    version: asset.versionCount,
    price: BigInt(asset.price),
    currency: currencyOf(config, asset.token.id),
    duo: BigInt(asset.duo),
    countries: BigInt(asset.countries),
    dates: datesPacked(asset),
    modes: BigInt(asset.modes),
    open: asset.status === "Listed",
  };
}

/** Ends of moratorium and use, packed as in the terms. */
export function datesPacked({ moratoriumEnds, useEnds }: AssetPart): bigint {
  return packDates({ moratorium: Number(moratoriumEnds), use: Number(useEnds) });
}
