import {
  ModelDocument,
  ModelsDocument,
  ProtocolDocument,
  type ModelQuery,
  type ModelsQuery,
} from "@salus/sdk/generated/queries";
import { currencyOf, type PublicConfig } from "#lib/config.ts";
import { ask, type GraphClient } from "#lib/graph/client.ts";
import { parseAssetId, titleOf } from "./asset-words.ts";
import { readModelDescriptor } from "./descriptor.ts";
import type { ModelDetail, ModelSummary } from "./types.ts";

type Config = Pick<PublicConfig, "currencies">;
type Asset = NonNullable<ModelQuery["asset"]>;

/** Published models, newest first. */
export async function listModels(graph: GraphClient, config: Config): Promise<ModelSummary[]> {
  const { assets } = await ask(graph, ModelsDocument, {});
  return assets.map((asset) => modelSummary(asset, config));
}

/** One model with its lineage; null when there is none of that id. */
export async function readModel(
  graph: GraphClient,
  config: Config,
  text: string,
): Promise<ModelDetail | null> {
  const id = parseAssetId(text);
  if (!id) return null;
  const [{ asset }, { protocol }] = await Promise.all([
    ask(graph, ModelDocument, { id }),
    ask(graph, ProtocolDocument, {}),
  ]);
  if (asset?.kind !== "Model") return null;
  return modelDetail(asset, config, protocol?.feeBps ?? 0);
}

function modelSummary(asset: ModelsQuery["assets"][number], config: Config): ModelSummary {
  return {
    id: asset.id,
    title: titleOf("Model", asset.id, asset.descriptor),
    developer: asset.curator,
    price: BigInt(asset.price),
    currency: currencyOf(config, asset.token.id),
    uses: asset.settledCount,
  };
}

/** A model with everything its page shows. */
export function modelDetail(asset: Asset, config: Config, feeBps: number): ModelDetail {
  const own = asset.pots.filter(({ contributorsRoot }) => contributorsRoot === null);
  const sum = (amounts: string[]) => amounts.reduce((total, amount) => total + BigInt(amount), 0n);
  return {
    ...modelSummary(asset, config),
    ...readModelDescriptor(asset.descriptor?.raw),
    description: asset.descriptor?.description ?? "",
    parents: asset.parents.map(({ parent, shareBps, contributorsRoot, declared }) => ({
      id: parent.id,
      title: titleOf(parent.kind, parent.id, parent.descriptor),
      shareBps,
      contributorsRoot,
      proven: !declared,
    })),
    gateway: { name: asset.custodian.name, number: asset.custodian.number },
    open: asset.status === "Listed",
    termsHash: asset.termsHash,
    token: asset.token.id,
    custodianBps: asset.custodianBps,
    curatorBps: asset.curatorBps,
    feeBps,
    hash: asset.version?.contentRoot ?? `0x${"00".repeat(32)}`,
    waiting: sum(own.map(({ balance }) => balance)),
    passedOn: sum(own.map(({ distributed }) => distributed)),
  };
}
