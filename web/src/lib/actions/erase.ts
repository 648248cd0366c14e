import { checkErasure, eraseRecords, signErasure } from "@salus/sdk/gateway/erase-records";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import type { App } from "#lib/context.ts";
import type { Sharing } from "#lib/data/sharing.ts";
import { WebError } from "#lib/errors.ts";
import {
  type ErasureProgress,
  findWish,
  keepWish,
  loadWishes,
  progressOf,
  type Wish,
  wishesKey,
} from "#lib/erasure/wishes.ts";
import { gatewayTarget } from "#lib/gateways/reach.ts";
import { inPlainWords } from "#lib/sharing/plain-error.ts";
import { signerOf } from "#lib/sharing/signer.ts";
import { subjectKeys } from "#lib/sharing/subjects.ts";

/*
 * Erasure of a person's record. Loaded on demand: it brings the code that signs.
 */

/** Asks for the erasure of the person's record in one place, or asks again how far it is. */
export const eraseRecord = (app: App, sharing: Sharing): Promise<ErasureProgress> =>
  inPlainWords(async () => {
    const known = wishAbout(app, sharing);
    try {
      return await handIn(app, sharing, known ?? (await sign(app, sharing)));
    } catch (error) {
      // It never reached anybody while it was young, so nobody knows it: the person says it again.
      const stale = error instanceof GatewayRequestError && error.code === "GATEWAY_REQUEST_STALE";
      if (!stale || !known || known.receipts.length > 0) throw error;
      return handIn(app, sharing, await sign(app, sharing));
    }
  });

/** How far the erasure is as far as this browser knows; null when it was not asked for here. */
export function knownProgress(app: App, sharing: Sharing): ErasureProgress | null {
  const wish = wishAbout(app, sharing);
  return wish ? progressOf(wish, sharing) : null;
}

function wishAbout(app: App, sharing: Sharing): Wish | undefined {
  return findWish(loadWishes(localStorage, keyOf(app)), sharing);
}

function keyOf({ config }: App): string {
  return wishesKey(config.chainId, config.contracts["AssetRegistry"] ?? "none");
}

/** Signs the wish and keeps it before anybody hears of it. */
async function sign(app: App, sharing: Sharing): Promise<Wish> {
  const [key] = await subjectKeys(app, [sharing.dataset]);
  const target = gatewayTarget(app.config, sharing.gateway);
  const signed = await signErasure(target, { dataset: BigInt(sharing.dataset), signer: signerOf(key!) });
  const wish = { dataset: sharing.dataset, subject: sharing.subject, signed, receipts: [] };
  keepWish(localStorage, keyOf(app), wish);
  return wish;
}

/** Any keeper will do: it erases, passes the wish on, and gives the receipts there are. The custodian is asked first. */
async function handIn(app: App, sharing: Sharing, wish: Wish): Promise<ErasureProgress> {
  let last: unknown = new WebError("WEB_GATEWAY_UNREACHABLE");
  for (const keeper of [
    sharing.gateway,
    ...sharing.keepers.filter(({ number }) => number !== sharing.gateway.number),
  ]) {
    try {
      const target = gatewayTarget(app.config, keeper);
      const answer = await eraseRecords(target, wish.signed);
      const gateways = sharing.keepers.map(({ number, signer }) => ({ index: number, signer }));
      await checkErasure(target, { gateways, threshold: sharing.threshold }, wish.signed, answer);
      const checked = { ...wish, receipts: answer.receipts };
      keepWish(localStorage, keyOf(app), checked);
      return progressOf(checked, sharing);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}
