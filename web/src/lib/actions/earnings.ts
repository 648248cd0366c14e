import { derivePayoutKey } from "@salus/sdk/accounts/derive";
import { cidFromDigest } from "@salus/sdk/cid";
import { contributorRewardsAbi } from "@salus/sdk/generated/abi/contributorRewards";
import { rewardClaimsToQuery, rewardsQuery } from "@salus/sdk/generated/queryTexts";
import type { RewardsQuery } from "@salus/sdk/generated/queries";
import { sendClaim } from "@salus/sdk/gateway/send-claim";
import { openRewardFile, proveReward } from "@salus/sdk/rewards/prove-reward";
import { type HeldRoot, isRoot, readClaimed, type RewardKey } from "@salus/sdk/rewards/read-roots";
import { signClaim } from "@salus/sdk/rewards/sign-claim";
import { lightReader } from "#lib/chain/light.ts";
import { currencyOf } from "#lib/config.ts";
import type { App } from "#lib/context.ts";
import type { Earning } from "#lib/data/earnings.ts";
import type { Sharing } from "#lib/data/sharing.ts";
import type { Hex } from "#lib/data/types.ts";
import { indexedRoot, isChecking, linksOthers } from "#lib/earnings/roots.ts";
import { WebError } from "#lib/errors.ts";
import { firstToAccept } from "#lib/gateways/first-to-accept.ts";
import { getPublicFile } from "#lib/gateways/public-file.ts";
import { gatewayAddress } from "#lib/gateways/reach.ts";
import { askText } from "#lib/graph/ask-text.ts";
import { inPlainWords } from "#lib/sharing/plain-error.ts";
import { signerOf } from "#lib/sharing/signer.ts";
import { subjectKeys, type SubjectKey } from "#lib/sharing/subjects.ts";
import type { Outcome } from "#lib/transactions/model.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";
import { readSharings } from "./sharing.ts";

/*
 * What a person's data earned, and taking it out. The public file of everybody's earnings is fetched whole and this device
 * looks for the person in it, so that no server learns who they are; the chain says whether the file is the right one.
 */

type Account = RewardsQuery["rewardAccounts"][number];

/** Seconds for which a signed wish to be paid may be carried out. */
const VALID_SECONDS = 3600;

/** What the person's records earned, place by place; places that brought nothing yet are among them with zeros. */
export const readEarnings = (app: App): Promise<Earning[]> =>
  inPlainWords(async () => {
    const sharings = await readSharings(app);
    return (await Promise.all(sharings.map((sharing) => earningsOf(app, sharing)))).flat();
  });

/** Whether being paid at an address would show that two places keep records of one person. */
export const wouldLink = (dataset: Hex, to: Hex): Promise<boolean> =>
  inPlainWords(async () => {
    const { rewardClaims } = await askText(rewardClaimsToQuery, { to: to.toLowerCase() as Hex });
    return linksOthers(rewardClaims, dataset);
  });

/** Has what is ready paid to an address, at a gateway's cost. */
export const takeOut = (app: App, earning: Earning, to: Hex, progress: Progress): Promise<Outcome> =>
  inPlainWords(async () => {
    const [key] = (await subjectKeys(app, [earning.dataset])) as [SubjectKey];
    const { deployment } = lightReader(app.config);
    const claim = {
      dataset: BigInt(earning.dataset),
      token: earning.token,
      subject: earning.subject,
      to,
      upTo: earning.earned,
      deadline: Math.floor(Date.now() / 1000) + VALID_SECONDS,
    };
    const signed = await signClaim(deployment, claim, signerOf(key) as never);
    const { transaction } = await firstToAccept(
      // Any gateway that builds these rewards will do; the custodian's is asked first.
      [earning.gateway, ...app.config.gateways],
      (name) => sendClaim(gatewayAddress(name), signed),
    );
    progress.sent(transaction);
    return { hash: transaction };
  });

async function earningsOf(app: App, sharing: Sharing): Promise<Earning[]> {
  const { rewardAccounts } = await askText(rewardsQuery, { dataset: sharing.dataset });
  const freshAddress = await freshAddressOf(app, sharing.dataset);
  if (rewardAccounts.length === 0) return [nothingYet(app, sharing, freshAddress)];
  return Promise.all(rewardAccounts.map((account) => earningOf(app, sharing, account, freshAddress)));
}

async function earningOf(app: App, sharing: Sharing, account: Account, freshAddress: Hex): Promise<Earning> {
  const salus = lightReader(app.config);
  const key = { dataset: BigInt(sharing.dataset), token: account.token.id as Hex };
  const paying = await readPaying(app, key);
  const earned = paying ? await earnedUnder(app, sharing, key, account, paying) : 0n;
  const paid = await readClaimed(salus, { ...key, subject: sharing.subject });
  return {
    ...placeOf(sharing, freshAddress),
    token: key.token,
    currency: currencyOf(app.config, account.token.id),
    earned,
    paid,
    ready: earned > paid ? earned - paid : 0n,
    checking: isChecking(account, paying),
  };
}

/** The person's sum in the file of the root that the chain pays from. */
async function earnedUnder(
  app: App,
  sharing: Sharing,
  key: RewardKey,
  account: Account,
  paying: HeldRoot,
): Promise<bigint> {
  const indexed = indexedRoot(account, paying);
  if (!indexed) throw new WebError("WEB_EARNINGS_LATE");
  const leafFile = indexed.leafFile as Hex;
  const names = [...new Set([sharing.gateway.name, ...app.config.gateways])];
  const bytes = await getPublicFile(names, cidFromDigest(leafFile));
  const file = openRewardFile(bytes, key, { ...paying, leafFile });
  return proveReward(file, sharing.subject)?.leaf.cumulative ?? 0n;
}

async function readPaying(app: App, { dataset, token }: RewardKey): Promise<HeldRoot | undefined> {
  const { deployment, publicClient } = lightReader(app.config);
  const held = await publicClient.readContract({
    address: deployment.contracts.ContributorRewards,
    abi: contributorRewardsAbi,
    functionName: "claimableRoot",
    args: [dataset, token],
  });
  return isRoot(held) ? held : undefined;
}

function nothingYet(app: App, sharing: Sharing, freshAddress: Hex): Earning {
  const { currency } = sharing;
  const none = { earned: 0n, paid: 0n, ready: 0n, checking: false };
  const token = (app.config.contracts["TestDollar"] ?? freshAddress) as Hex;
  return { ...placeOf(sharing, freshAddress), token, currency, ...none };
}

function placeOf({ dataset, title, custodian, gateway, subject }: Sharing, freshAddress: Hex) {
  return { dataset, title, custodian, gateway: gateway.name, subject, freshAddress };
}

/** A new address for each place, so that nobody sees that two places pay one person. */
function freshAddressOf(app: App, dataset: Hex): Promise<Hex> {
  const registry = app.config.contracts["AssetRegistry"];
  if (!registry) throw new WebError("WEB_DEPLOYMENT");
  const context = { chainId: app.config.chainId, registry, dataset: BigInt(dataset) };
  return app.session.withSecret(async (secret) => derivePayoutKey(secret, context).address);
}
