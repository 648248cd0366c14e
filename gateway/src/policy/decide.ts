import { isConsentGiven } from "@salus/sdk/cohort/compute-cohort";
import { permits } from "@salus/sdk/data-use";
import { AssetStatus, OrderKind, OrderState } from "@salus/sdk/generated/constants";
import { modeOf } from "@salus/sdk/orders/mode-of";
import type {
  Action,
  AssetFacts,
  ChainFacts,
  Facts,
  OrderFacts,
  RequestFacts,
  SubjectFacts,
} from "./facts.ts";
import type { Reason } from "./reasons.ts";

/**
 * The gateway's one policy: may it do this, and if not, which rule forbids it first? Pure. Whatever is in doubt is
 * denied: a fact that could not be had never reaches this function as a favourable one.
 *
 * Rules are checked from the outside in: request, chain, order, asset, subject.
 */
export function decide({ action, request, chain, order, asset, subject }: Facts): Reason {
  const rules: (() => Reason)[] = [
    () => (request ? judgeRequest(request) : "PERMITTED"),
    () => judgeChain(chain),
    () => judgeOrder(action, order, chain),
    () => judgeAsset(action, asset, order),
    () => (subject ? judgeSubject(subject, { order, asset, chain }) : "PERMITTED"),
  ];
  for (const rule of rules) {
    const reason = rule();
    if (reason !== "PERMITTED") return reason;
  }
  return "PERMITTED";
}

function judgeRequest(request: RequestFacts): Reason {
  if (!request.signatureValid) return "GATEWAY_SIGNATURE_INVALID";
  if (!request.fresh) return "GATEWAY_REQUEST_STALE";
  if (request.replayed) return "GATEWAY_REQUEST_REPLAYED";
  return request.entitled ? "PERMITTED" : "GATEWAY_NOT_ENTITLED";
}

function judgeChain({ endpointsAgree, headTime, now, maxHeadAge }: ChainFacts): Reason {
  if (!endpointsAgree) return "GATEWAY_RPC_DISAGREEMENT";
  return now - headTime <= maxHeadAge ? "PERMITTED" : "GATEWAY_HEAD_STALE";
}

/** States in which a delivered order's result or key shares may be handed out. */
const DELIVERED: readonly number[] = [OrderState.Delivered, OrderState.Disputed, OrderState.Settled];

function judgeOrder(action: Action, order: OrderFacts, { headTime }: ChainFacts): Reason {
  if (!order.idMatches) return "GATEWAY_ORDER_MISMATCH";
  if (order.state === OrderState.None) return "GATEWAY_ORDER_NOT_FUNDED";
  if (!order.gatewayInSet) return "GATEWAY_OUTSIDE_SET";
  const afterDelivery = action === "download" || action === "result";
  if (afterDelivery) {
    if (!DELIVERED.includes(order.state)) return "GATEWAY_ORDER_STATE";
    if (action === "download" && order.kind !== OrderKind.Download) return "GATEWAY_KIND_FORBIDDEN";
    return "PERMITTED";
  }
  if (order.state !== OrderState.Funded) return "GATEWAY_ORDER_STATE";
  if (headTime > order.deliverBy) return "GATEWAY_ORDER_EXPIRED";
  // The buyer of a download opens the records, never an executor.
  if (action === "share" && order.kind !== OrderKind.Analysis && order.kind !== OrderKind.Training) {
    return "GATEWAY_KIND_FORBIDDEN";
  }
  return order.jobMatches ? "PERMITTED" : "GATEWAY_JOB_MISMATCH";
}

function judgeAsset(action: Action, asset: AssetFacts, order: OrderFacts): Reason {
  const mode = modeOf(order.kind);
  if (mode === 0 || (asset.modes & mode) !== mode) return "GATEWAY_KIND_FORBIDDEN";
  if (action === "result") return "PERMITTED";
  if (action === "job" && asset.status !== AssetStatus.Listed && asset.status !== AssetStatus.Frozen) {
    return "GATEWAY_ORDER_STATE";
  }
  if (!asset.versionHeld) return "GATEWAY_VERSION_UNKNOWN";
  if (asset.termsHash !== order.termsHash) return "GATEWAY_TERMS_MISMATCH";
  if (order.evidenceFlaw) return order.evidenceFlaw;
  if (permits(asset.terms, order, order.around) !== "Permitted") return "GATEWAY_PURPOSE_FORBIDDEN";
  return asset.vetoed ? "GATEWAY_DATASET_VETOED" : "PERMITTED";
}

function judgeSubject(
  subject: SubjectFacts,
  { order, asset, chain: { headTime } }: Pick<Facts, "order" | "asset" | "chain">,
): Reason {
  if (!subject.leaf) return "GATEWAY_RECORD_UNKNOWN";
  if (!subject.withinBounds) return "GATEWAY_OUTSIDE_COHORT";
  const { leaf, slotAtHead, slotAtGrant, revokedUpTo } = subject;
  // A revocation that was received speaks until the chain's nonce has passed it, through reorgs too.
  if (revokedUpTo !== undefined && revokedUpTo >= slotAtHead.nonce) return "GATEWAY_CONSENT_REVOKED";
  const asked = { uses: order.uses, mode: modeOf(order.kind), datasetModes: asset.modes, time: headTime };
  if (!isConsentGiven(leaf, slotAtHead, asked)) return whyNot(subject, headTime);
  if (!isConsentGiven(leaf, slotAtGrant, asked)) return "GATEWAY_CONSENT_NOT_FINAL";
  if (subject.vetoed) return "GATEWAY_SUBJECT_VETOED";
  if (subject.erased) return "GATEWAY_RECORD_ERASED";
  return subject.shareHeld ? "PERMITTED" : "GATEWAY_SHARE_MISSING";
}

function whyNot({ leaf, slotAtHead }: SubjectFacts, time: number): Reason {
  const written = slotAtHead.changedAt !== 0;
  if (written && slotAtHead.purposes === 0n && slotAtHead.modes === 0) return "GATEWAY_CONSENT_REVOKED";
  const expiry = written ? slotAtHead.expiry : leaf!.expiry;
  return expiry <= time ? "GATEWAY_CONSENT_EXPIRED" : "GATEWAY_CONSENT_MISSING";
}
