import type { SalusReader } from "@salus/sdk/chain/client";
import { judgeApplication, type JudgedApplication } from "@salus/sdk/data-use/judge-application";
import { collectApplications } from "@salus/sdk/gateway/collect-applications";
import type { GatewayTarget, RequestSigner } from "@salus/sdk/gateway/requests";
import { datasetQuery, gatewaysQuery } from "@salus/sdk/generated/queryTexts";
import type { App } from "#lib/context.ts";
import { lightReader } from "#lib/chain/light.ts";
import { assetHex, institutionOf } from "#lib/data/asset-words.ts";
import { datasetSummary } from "#lib/data/dataset-summary.ts";
import type { DatasetSummary, Hex, Keeper } from "#lib/data/types.ts";
import { gatewayTarget } from "#lib/gateways/reach.ts";
import { askText } from "#lib/graph/ask-text.ts";
import { readChainTime, rpc } from "#lib/rpc.ts";
import { attestationsAsked } from "#lib/terms/decide.ts";
import { stateOf, type ApplicationState } from "./state.ts";

/** An application as pages show it: checked against its signature and the chain. Times in seconds. */
export interface ApplicationItem {
  id: Hex;
  applicant: Hex;
  datasetId: Hex;
  /** Null when the index does not know it. */
  dataset: DatasetSummary | null;
  uses: bigint;
  country: number;
  project: string;
  study: string;
  documents: readonly string[];
  askedAt: number;
  /** Until when the approval is asked for. */
  until: number;
  /** Kinds of attestation that the dataset's terms ask for, as bits. */
  asked: bigint;
  state: ApplicationState;
  view: JudgedApplication;
}

/** Applications with the names of the gateways that did not answer, or told what nobody signed. */
export interface ApplicationList {
  items: ApplicationItem[];
  silent: string[];
  /** the chain's clock, in seconds */
  now: number;
}

/** Every gateway that this site reaches, by its number in the registry. */
export async function allKeepers(app: Pick<App, "config">): Promise<Keeper[]> {
  const { gateways } = await askText(gatewaysQuery, {});
  return gateways
    .filter(({ name, status }) => status === "Active" && app.config.gateways.includes(name))
    .map(({ name, number }) => ({ name, number }));
}

/** Gateways to which signed requests can be sent; those that this site does not reach are left out. */
export function targetsOf({ config }: Pick<App, "config">, keepers: readonly Keeper[]): GatewayTarget[] {
  return keepers
    .filter(({ name }) => config.gateways.includes(name))
    .map((keeper) => gatewayTarget(config, keeper));
}

/** The applications that a signer may see, from all gateways together, latest first. */
export async function readApplications(
  app: Pick<App, "config">,
  keepers: readonly Keeper[],
  signer: RequestSigner,
): Promise<ApplicationList> {
  const reader = readerWithCode(app);
  const [now, { applications, silent }] = await Promise.all([
    readChainTime(fetch),
    collectApplications(targetsOf(app, keepers), { signer }),
  ]);
  const judged = await Promise.all(applications.map((one) => judgeApplication(reader, one, now)));
  const views = judged.filter((one) => one !== undefined);
  const datasets = await readDatasets(app, views);
  return {
    items: views.map((view) => itemOf(view, datasets)),
    silent: silent.map(({ gateway }) =>
      institutionOf(keepers.find(({ number }) => number === gateway)?.name ?? `gateway ${gateway}`),
    ),
    now,
  };
}

/** The light reader, which also tells whether an account is a contract: those are asked about their signatures. */
function readerWithCode({ config }: Pick<App, "config">): SalusReader {
  const { deployment, publicClient } = lightReader(config);
  const getCode = ({ address }: { address: Hex }) => rpc<Hex>(fetch, "eth_getCode", [address, "latest"]);
  return { deployment, publicClient: { ...publicClient, getCode } as SalusReader["publicClient"] };
}

async function readDatasets(
  { config }: Pick<App, "config">,
  views: readonly JudgedApplication[],
): Promise<Map<Hex, DatasetSummary>> {
  const ids = [...new Set(views.map(({ application }) => assetHex(BigInt(application.dataset))))];
  const told = await Promise.all(ids.map((id) => askText(datasetQuery, { id })));
  return new Map(told.flatMap(({ asset }) => (asset ? [[asset.id, datasetSummary(asset, config)]] : [])));
}

function itemOf(view: JudgedApplication, datasets: ReadonlyMap<Hex, DatasetSummary>): ApplicationItem {
  const { application, text, id, judged } = view;
  const datasetId = assetHex(BigInt(application.dataset));
  const dataset = datasets.get(datasetId) ?? null;
  const asked = dataset ? attestationsAsked(dataset) : 0n;
  return {
    id,
    applicant: application.applicant,
    datasetId,
    dataset,
    uses: BigInt(application.uses),
    country: application.country,
    project: text.project,
    study: text.study,
    documents: text.documents,
    askedAt: application.issuedAt,
    until: text.until,
    asked,
    state: stateOf(judged, asked),
    view,
  };
}
