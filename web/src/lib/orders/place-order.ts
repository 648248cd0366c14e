import { readListing } from "@salus/sdk/assets/read-listing";
import type { SalusWriter } from "@salus/sdk/chain/client";
import { hashStruct } from "@salus/sdk/chain/hash-struct";
import { buildOrder, type OrderDraft, type OrderRequest } from "@salus/sdk/orders/build-order";
import { checkAgreement } from "@salus/sdk/orders/check-agreement";
import { fundOrder } from "@salus/sdk/orders/fund-order";
import { projectDigest, type ProjectWords } from "@salus/sdk/orders/project-digest";
import type { Hex } from "#lib/data/types.ts";
import { WebError } from "#lib/errors.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";
import { keepEntry, type JournalEntry } from "./journal.ts";
import { newRecipientKey } from "./recipient-key.ts";

/** What a buyer saw and agreed to. */
export interface Offer {
  /** The asset's id, 32 bytes. */
  asset: Hex;
  title: string;
  price: bigint;
  termsHash: Hex;
  /** Text of the data-use agreement that was shown. */
  agreement?: string;
}

/** What a buyer asks for; the rest of the order comes from the chain. */
export interface Wish {
  /** One of `OrderKind`. */
  kind: number;
  uses: bigint;
  /** ISO 3166-1 numeric; 0 for none stated. */
  country?: number;
  /** What the project is about; only a salted digest of it is public. */
  project: ProjectWords;
  /** What the terms ask to be shown, as the escrow takes it. */
  evidence?: Hex;
  /** Salted commitment to the job. */
  job: Hex;
  /** 10⁻⁹ zCDP rho */
  privacyCap: bigint;
  /** What this browser must keep to hand the job over, made once the order's id is known. */
  keep: (id: Hex) => Promise<Pick<JournalEntry, "spec" | "salt" | "sealedInput">>;
}

/** ISO 3166-1 has no 0: the country of use is not stated. */
const NO_COUNTRY = 0;

/**
 * Pays for an order in one transaction, after this browser has kept all that it will need to follow it.
 * @throws WEB_OFFER_CHANGED when price or terms are no longer what the buyer saw; SDK_AGREEMENT_MISMATCH when the text was
 * another than the terms'; AccessEscrow_… with a hint
 */
export async function placeOrder(
  salus: SalusWriter,
  offer: Offer,
  wish: Wish,
  progress: Progress,
): Promise<{ id: Hex; hash: Hex }> {
  const recipient = await newRecipientKey();
  const { project, evidence } = wish;
  const { terms } = await readListing(salus, BigInt(offer.asset));
  const draft = await buildOrder(salus, requestOf(salus, offer, wish, recipient.publicKey));
  assertAsOffered(draft, offer);
  // Before anything is kept or paid: the text that was shown must be the one whose digest is in the terms.
  const agreed = offer.agreement === undefined ? {} : { agreement: offer.agreement };
  if (offer.agreement !== undefined) checkAgreement(terms, offer.agreement);
  const id = hashStruct(salus.deployment, "Order", draft.order);
  await keepEntry({
    id,
    order: draft.order,
    title: offer.title,
    recipientKey: recipient.pair,
    project,
    createdAt: Date.now(),
    ...(await wish.keep(id)),
  });
  return { id, hash: await pay(salus, { draft, terms, ...agreed, ...(evidence && { evidence }) }, progress) };
}

function requestOf(
  salus: SalusWriter,
  offer: Offer,
  { kind, uses, country = NO_COUNTRY, project, job, privacyCap }: Wish,
  recipientKey: Hex,
): OrderRequest {
  return {
    buyer: salus.walletClient.account.address,
    asset: BigInt(offer.asset),
    kind,
    uses,
    country,
    project: projectDigest(project),
    job,
    recipientKey,
    privacyCap,
  };
}

function assertAsOffered({ order }: OrderDraft, offer: Offer): void {
  const same = order.termsHash.toLowerCase() === offer.termsHash.toLowerCase() && order.price === offer.price;
  if (!same) throw new WebError("WEB_OFFER_CHANGED");
}

async function pay(
  salus: SalusWriter,
  payment: Parameters<typeof fundOrder>[1],
  progress: Progress,
): Promise<Hex> {
  let hash: Hex | undefined;
  await fundOrder(salus, payment, {
    onStep: (step) => {
      if (step.step !== "sent") return;
      hash = step.hash;
      progress.sent(hash);
    },
  });
  return hash!;
}
