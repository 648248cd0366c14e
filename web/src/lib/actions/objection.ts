import { connectAs, type SalusReader } from "@salus/sdk/chain/client";
import { signPermit } from "@salus/sdk/chain/permit";
import { recomputeCohort } from "@salus/sdk/cohort/recompute-cohort";
import { proveMembership } from "@salus/sdk/disputes/membership";
import { tokenOf } from "@salus/sdk/disputes/open-dispute";
import { signOpening } from "@salus/sdk/disputes/open-as-contributor";
import { readDisputeOffer } from "@salus/sdk/disputes/read-dispute";
import { testDollarAbi } from "@salus/sdk/generated/abi/testDollar";
import { OrderState } from "@salus/sdk/generated/constants";
import { sendOpening } from "@salus/sdk/gateway/send-opening";
import { findDelivery } from "@salus/sdk/orders/find-delivery";
import { findOrder } from "@salus/sdk/orders/find-order";
import { readOrderStatus } from "@salus/sdk/orders/read-order-status";
import type { Order } from "@salus/sdk/types";
import { zeroAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { readerOf, transport } from "#lib/chain/connect.ts";
import type { App } from "#lib/context.ts";
import type { Objection } from "#lib/data/objection.ts";
import type { Sharing } from "#lib/data/sharing.ts";
import type { Hex } from "#lib/data/types.ts";
import { WebError } from "#lib/errors.ts";
import { cohortFiles } from "#lib/gateways/cohort-files.ts";
import { firstToAccept } from "#lib/gateways/first-to-accept.ts";
import { gatewayAddress } from "#lib/gateways/reach.ts";
import { inPlainWords } from "#lib/sharing/plain-error.ts";
import { subjectKeys, type SubjectKey } from "#lib/sharing/subjects.ts";
import type { Outcome } from "#lib/transactions/model.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";
import { readSharings } from "./sharing.ts";

/*
 * What a person does about a use of their record with which something is wrong. They hold no coin: a gateway carries what
 * they sign, and the deposit is taken from the account that is theirs in this place. Loaded on demand: it brings the chain
 * library with it.
 */

const NO_DOCUMENT: Hex = `0x${"00".repeat(32)}`;

/** Whether and for what deposit the person can have one use looked into. @throws WEB_NOT_FOUND, WEB_SHARING_FAILED */
export const readObjection = (app: App, id: Hex): Promise<Objection> =>
  inPlainWords(async () => {
    const salus = readerOf(app.config);
    const { order, sharing, key } = await placeOf(app, salus, id);
    const [status, block, token] = await Promise.all([
      readOrderStatus(salus, id),
      salus.publicClient.getBlock(),
      tokenOf(salus, order),
    ]);
    const until = status.changedAt + order.disputeWindow;
    const { dataset, title, currency } = sharing;
    const about = { order: id, dataset, title, currency, account: key.address, until };
    const standing = standingOf(order, status.state, Number(block.timestamp) < until);
    if (standing !== "open") return { ...about, standing, bond: 0n, fee: 0n, held: 0n };
    const [offer, held] = await Promise.all([
      readDisputeOffer(salus, { order, opener: key.address, party: "Contributor" }),
      salus.publicClient.readContract({
        address: token,
        abi: testDollarAbi,
        functionName: "balanceOf",
        args: [key.address],
      }),
    ]);
    const { bond, fee, seats } = offer;
    return { ...about, standing: seats < 3 ? "nobody" : "open", bond, fee, held };
  });

/** Has a use looked into, for the deposit that was shown. */
export const object = (
  app: App,
  { order: id, bond }: Objection,
  evidence: Hex | undefined,
  progress: Progress,
): Promise<Outcome> =>
  inPlainWords(async () => {
    const salus = readerOf(app.config);
    const { order, sharing, key } = await placeOf(app, salus, id);
    const account = privateKeyToAccount(key.privateKey);
    const [{ receipt }, files, token] = await Promise.all([
      findDelivery(salus, id),
      cohortFiles(salus, app.config, id, order),
      tokenOf(salus, order),
    ]);
    const { contributors } = await recomputeCohort(salus, order, receipt, files);
    const { subject } = sharing;
    const opening = { order: id, subject, evidence: evidence ?? NO_DOCUMENT, maxBond: bond };
    const panel = order.arbitrator;
    const person = connectAs({ deployment: salus.deployment, transport: transport(), account });
    const signed = {
      order,
      opening,
      membership: await proveMembership(salus, { id, order, contributors, subject }),
      signature: await signOpening(salus.deployment, { panel, opening }, account),
      permit: await signPermit(person, { token, spender: panel, value: bond }),
    };
    const { transaction } = await firstToAccept(namesFor(app, sharing), (name) =>
      sendOpening(gatewayAddress(name), signed),
    );
    progress.sent(transaction);
    return { hash: transaction };
  });

async function placeOf(
  app: App,
  salus: SalusReader,
  id: Hex,
): Promise<{ order: Order; sharing: Sharing; key: SubjectKey }> {
  const [{ order }, sharings] = await Promise.all([findOrder(salus, id), readSharings(app)]);
  const sharing = sharings.find(({ dataset }) => BigInt(dataset) === order.asset);
  if (!sharing) throw new WebError("WEB_NOT_FOUND");
  const [key] = (await subjectKeys(app, [sharing.dataset])) as [SubjectKey];
  return { order, sharing, key };
}

function standingOf(order: Order, state: number, inTime: boolean): Objection["standing"] {
  if (state === OrderState.Disputed) return "asked";
  if (state === OrderState.Funded) return "early";
  if (state !== OrderState.Delivered || !inTime) return "late";
  return order.arbitrator === zeroAddress ? "nobody" : "open";
}

/** Whoever did the work is asked last: it is about them. */
function namesFor(app: App, { gateway, keepers }: Sharing): string[] {
  const known = keepers.map(({ name }) => name).filter((name) => app.config.gateways.includes(name));
  return [...known.filter((name) => name !== gateway.name), gateway.name];
}
