import type { Tone } from "#lib/components/tone.ts";
import type { OrderKindName, OrderStateName, RefundReasonName } from "#lib/data/types.ts";

export const KIND_WORDS: Record<OrderKindName, string> = {
  Analysis: "Analysis",
  Training: "Training",
  Download: "Download",
  ModelUse: "Use",
};

/** What a state means for the buyer. */
export const STATE_WORDS: Record<OrderStateName, { label: string; tone: Tone; text: string }> = {
  Funded: {
    label: "Running",
    tone: "info",
    text: "Your payment waits in the safe while the gateways do the work.",
  },
  Delivered: {
    label: "Delivered",
    tone: "good",
    text: "The receipt is on record. The payment is shared out soon.",
  },
  Disputed: {
    label: "Disputed",
    tone: "warn",
    text: "Arbitrators look at this order. If they stay silent, it is paid as the receipt says.",
  },
  Settled: { label: "Settled", tone: "good", text: "The payment was shared out." },
  Refunded: { label: "Refunded", tone: "plain", text: "You got all of your payment back." },
};

/** Why an order was paid back. */
export const REFUND_WORDS: Record<RefundReasonName, string> = {
  Failed: "The data keepers could not do the work and said so.",
  Expired: "No receipt arrived in time.",
  Delisted: "The dataset was taken off sale.",
  NotReported: "The data keepers did not report what they released.",
  Ruled: "The arbitrators decided that you get your money back.",
};
