import type { TrainedModel } from "#lib/models/trained-models.ts";
import { parseMoney } from "#lib/money.ts";

export type PublishErrors = Partial<Record<"order" | "title" | "price" | "share", string>>;

/** Largest share that parents may have together (AssetRegistry's bound). */
const MAX_SHARE_PERCENT = 50;

/** What is wrong with a publication as typed, field by field; empty when nothing is. */
export function checkPublish(form: {
  order: Pick<TrainedModel, "currency" | "royaltyBps"> | undefined;
  title: string;
  price: string;
  share: string;
}): PublishErrors {
  const errors: PublishErrors = {};
  if (!form.order) errors.order = "Choose a training run.";
  if (form.title.trim() === "") errors.title = "Give it a name.";
  if (form.order && parseMoney(form.price, form.order.currency) === null) {
    errors.price = "Write an amount like 12.50.";
  }
  const share = Number(form.share);
  const least = (form.order?.royaltyBps ?? 0) / 100;
  if (form.share.trim() === "" || !(share >= least && share <= MAX_SHARE_PERCENT)) {
    errors.share = `Write a number from ${least} to ${MAX_SHARE_PERCENT}.`;
  }
  return errors;
}
