import type { AttestedKind } from "@salus/sdk/data-use/attested-kinds";
import { readIssuer } from "@salus/sdk/data-use/read-issuer";
import { signApplication, submitApplication } from "@salus/sdk/gateway/applications";
import {
  approveApplication,
  refuseApplication,
  submitApproval,
  submitRefusal,
} from "@salus/sdk/gateway/decide-application";
import type { GatewayTarget } from "@salus/sdk/gateway/requests";
import {
  allKeepers,
  readApplications,
  targetsOf,
  type ApplicationItem,
  type ApplicationList,
} from "#lib/applications/read.ts";
import { lightReader } from "#lib/chain/light.ts";
import { walletOf } from "#lib/chain/wallet.ts";
import type { App } from "#lib/context.ts";
import type { DatasetDetail, Hex } from "#lib/data/types.ts";
import { WebError } from "#lib/errors.ts";

/*
 * What applicants and committees do about approvals. Loaded on demand: it signs. What goes on chain is in
 * `withdraw-approval.ts`, which brings the chain library with it.
 */

/** What an applicant writes and asks for. */
export interface Wish {
  dataset: Pick<DatasetDetail, "id" | "keepers">;
  uses: bigint;
  /** ISO 3166-1 numeric; 0 for none stated. */
  country: number;
  project: string;
  study: string;
  /** in seconds */
  until: number;
}

const NO_DISEASE: Hex = `0x${"00".repeat(32)}`;

/** Signs an application and hands it in at every gateway of the dataset. @throws when none of them takes it */
export async function apply(app: App, wish: Wish): Promise<void> {
  const signer = await walletOf(app);
  const targets = targetsOf(app, wish.dataset.keepers);
  const signed = await signApplication(scopeOf(targets), {
    use: {
      dataset: BigInt(wish.dataset.id),
      uses: wish.uses,
      country: wish.country,
      disease: NO_DISEASE,
    },
    text: { project: wish.project, study: wish.study, documents: [], until: wish.until },
    signer,
  });
  await tellAll(targets, (gateway) => submitApplication(gateway, signed));
}

/** One's own applications, for all datasets or for one. */
export async function readMine(app: App, dataset?: Hex): Promise<ApplicationList> {
  const signer = await walletOf(app);
  const list = await readApplications(app, await allKeepers(app), signer);
  const own = signer.address.toLowerCase();
  const items = list.items
    .filter(({ applicant }) => applicant.toLowerCase() === own)
    .filter(({ datasetId }) => dataset === undefined || datasetId === dataset);
  return { ...list, items };
}

/** What a committee sees: what it may attest, and the applications. */
export interface Queue extends ApplicationList {
  account: Hex;
  /** Kinds that the account may attest now, as bits; zero for one that is not listed. */
  kinds: bigint;
  /** Last second of its listing. */
  listedUntil: number;
}

/** The applications that whoever is signed in may decide on, with what was decided. */
export async function readQueue(app: App): Promise<Queue> {
  const signer = await walletOf(app);
  const { address: account } = signer;
  const { kinds, until } = await readIssuer(lightReader(app.config), account);
  if (kinds === 0n) return { account, kinds, listedUntil: until, items: [], silent: [], now: 0 };
  const list = await readApplications(app, await allKeepers(app), signer);
  const listed = until >= list.now ? kinds : 0n;
  const items = list.items.filter((item) => (item.asked & kinds) !== 0n || decidedBy(item, account));
  return { ...list, items, account, kinds: listed, listedUntil: until };
}

function decidedBy({ view }: ApplicationItem, account: Hex): boolean {
  return view.judged.some(({ issuer }) => issuer.toLowerCase() === account.toLowerCase());
}

/**
 * Signs one approval of each kind and hands them to the gateways, so that the applicant finds them.
 * @param expiry last second at which a use that rests on it may end
 */
export async function approve(
  app: App,
  { item, kinds, expiry }: { item: ApplicationItem; kinds: readonly AttestedKind[]; expiry: number },
): Promise<void> {
  const issuer = await walletOf(app);
  const targets = targetsOf(app, await allKeepers(app));
  for (const kind of kinds) {
    const about = { issuer, address: issuer.address, expiry, kind };
    const approval = await approveApplication(lightReader(app.config).deployment, item.view, about);
    await tellAll(targets, (gateway) => submitApproval(gateway, { id: item.id, approval }));
  }
}

/** Signs a refusal with its reason and hands it to the gateways. */
export async function refuse(
  app: App,
  { item, reason }: { item: ApplicationItem; reason: string },
): Promise<void> {
  const issuer = await walletOf(app);
  const targets = targetsOf(app, await allKeepers(app));
  const refusal = await refuseApplication(scopeOf(targets), { id: item.id, reason, issuer });
  await tellAll(targets, (gateway) => submitRefusal(gateway, refusal));
}

/** One signature serves all gateways; the scope is the same for each. @throws WEB_GATEWAY_UNREACHABLE */
function scopeOf(targets: readonly GatewayTarget[]): GatewayTarget {
  const [first] = targets;
  if (!first) throw new WebError("WEB_GATEWAY_UNREACHABLE");
  return first;
}

/** Tells every gateway; enough that one of them took it. @throws what the first one said when none did */
async function tellAll(
  targets: readonly GatewayTarget[],
  tell: (gateway: GatewayTarget) => Promise<unknown>,
): Promise<void> {
  const told = await Promise.allSettled(targets.map(tell));
  if (told.some(({ status }) => status === "fulfilled")) return;
  const [first] = told;
  throw first?.status === "rejected" ? first.reason : new WebError("WEB_GATEWAY_UNREACHABLE");
}
