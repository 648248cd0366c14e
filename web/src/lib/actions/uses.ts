import { GatewayRequestError } from "@salus/sdk/gateway/http";
import { type AccessHistory, auditHistory } from "@salus/sdk/log/audit-history";
import { datasetUseQuery } from "@salus/sdk/generated/queryTexts";
import { lightReader } from "#lib/chain/light.ts";
import type { App } from "#lib/context.ts";
import type { PersonalUses, Sharing } from "#lib/data/sharing.ts";
import type { Keeper } from "#lib/data/types.ts";
import { gatewayTarget } from "#lib/gateways/reach.ts";
import { askText } from "#lib/graph/ask-text.ts";
import { inPlainWords } from "#lib/sharing/plain-error.ts";
import { signerOf } from "#lib/sharing/signer.ts";
import { subjectKeys } from "#lib/sharing/subjects.ts";
import { expectedOrders, keeperLists, personalUses, type Told, untoldUses } from "#lib/sharing/uses.ts";
import { readSharings } from "./sharing.ts";

/*
 * What the keepers of a person's records tell them, held against the chain. Apart from what other pages of theirs read:
 * it brings the code that checks proofs.
 */

/** Most receipts that are looked through. */
const RECEIPTS = 1000;

/** Every use of a cohort that the person was asked to be in, newest first, held against the chain. */
export const readPersonalUses = (app: App): Promise<PersonalUses> =>
  inPlainWords(async () => {
    const sharings = await readSharings(app);
    const all = await Promise.all(sharings.map((sharing) => usesOf(app, sharing)));
    return {
      uses: all.flatMap(({ uses }) => uses).sort((a, b) => b.at - a.at),
      untold: all.flatMap(({ untold }) => untold).sort((a, b) => b.at - a.at),
      lists: all.flatMap(({ lists }) => lists),
    };
  });

async function usesOf(app: App, sharing: Sharing): Promise<PersonalUses> {
  const [key] = await subjectKeys(app, [sharing.dataset]);
  const now = Math.floor(Date.now() / 1000);
  const until = String(now + 86_400);
  const asked = { dataset: sharing.dataset, from: "0", until, first: RECEIPTS };
  const { receipts } = await askText(datasetUseQuery, asked);
  const told = await Promise.all(
    sharing.keepers.map(async (keeper): Promise<Told> => {
      const about = {
        dataset: BigInt(sharing.dataset),
        signer: signerOf(key!),
        expected: expectedOrders(sharing, keeper, receipts),
        now,
      };
      return { keeper, history: await historyAt(app, keeper, about) };
    }),
  );
  const untold = untoldUses(sharing, told, receipts);
  return {
    uses: personalUses(sharing, told, receipts),
    untold,
    lists: keeperLists(sharing, told, untold),
  };
}

/** A keeper's list, held against the chain; null when the keeper is away, which is named, or not known to this site. */
async function historyAt(
  app: App,
  keeper: Keeper,
  about: Parameters<typeof auditHistory>[2],
): Promise<AccessHistory | null> {
  if (!app.config.gateways.includes(keeper.name)) return null;
  try {
    return await auditHistory(lightReader(app.config), gatewayTarget(app.config, keeper), about);
  } catch (error) {
    if (error instanceof GatewayRequestError) return null;
    throw error; // the chain is away: nothing can be held against it
  }
}
