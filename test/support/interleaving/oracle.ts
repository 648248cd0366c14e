/*
 * What a gateway must decide, written from the design's rules (§5 cohort, §6 key release) and from nothing else: no import
 * from gateway or SDK. It reads the raw blocks and what each gateway received, and looks everything up by scanning.
 */

type Slot = { purposes: bigint; expiry: number; modes: number; nonce: number; changedAt: number };
type Block = {
  number: number;
  time: number;
  slots: ReadonlyMap<string, Slot>;
  orders: ReadonlyMap<string, { state: number }>;
};
type Leaf = { purposes: bigint; modes: number; expiry: number };

/** All that the rules speak of, at one moment and one gateway. */
export type Moment = {
  head: Block;
  finalized: Block;
  /** the gateway's clock */
  now: number;
  /** revocations that the gateway received: subject and highest nonce that each covers */
  received: readonly { subject: string; maxNonce: number }[];
};

export type Question = {
  action: string;
  order: { id: string; kind: number; uses: bigint; deliverBy: number };
  /** consent as collected at listing; absent for the order as a whole */
  person?: { subject: string; leaf: Leaf };
  /** subjects of the receipt or of the first release, where a download is bound to them */
  bounds?: ReadonlySet<string>;
};

const FUNDED = 1;
const DELIVERED = 2;
const MODE_OF_KIND: Record<number, number> = { 1: 1, 2: 2, 3: 4 };
const MOST_HEAD_AGE = 60;

/** `PERMITTED`, or the code of the first rule that forbids. */
export function answer(moment: Moment, question: Question): string {
  return wholeOrder(moment, question) ?? (question.person ? onPerson(moment, question) : "PERMITTED");
}

function wholeOrder({ head, finalized, now }: Moment, { action, order }: Question): string | undefined {
  if (now - head.time > MOST_HEAD_AGE) return "GATEWAY_HEAD_STALE";
  const handsOut = action === "download" || action === "result";
  const found = (handsOut ? finalized : head).orders.get(order.id);
  if (!found) return "GATEWAY_ORDER_NOT_FUNDED";
  if (found.state !== (handsOut ? DELIVERED : FUNDED)) return "GATEWAY_ORDER_STATE";
  if (!handsOut && head.time > order.deliverBy) return "GATEWAY_ORDER_EXPIRED";
  return undefined;
}

function onPerson(moment: Moment, { order, person, bounds }: Question): string {
  const { head, finalized } = moment;
  const { subject, leaf } = person!;
  if (bounds && !bounds.has(subject)) return "GATEWAY_OUTSIDE_COHORT";
  if (hasStopped(moment, subject)) return "GATEWAY_CONSENT_REVOKED";
  const now = spoken(head, subject, leaf);
  if (!allows(now, order, head.time)) {
    return now.expiry <= head.time ? "GATEWAY_CONSENT_EXPIRED" : "GATEWAY_CONSENT_MISSING";
  }
  if (!allows(spoken(finalized, subject, leaf), order, head.time)) return "GATEWAY_CONSENT_NOT_FINAL";
  return "PERMITTED";
}

/** A revocation is in the head, or was received here and the head's nonce has not passed it. */
export function hasStopped({ head, received }: Pick<Moment, "head" | "received">, subject: string): boolean {
  const slot = head.slots.get(subject);
  const nonce = slot?.nonce ?? 0;
  if (received.some((one) => one.subject === subject && one.maxNonce >= nonce)) return true;
  return slot !== undefined && slot.changedAt > 0 && slot.purposes === 0n && slot.modes === 0;
}

/** The leaf while the slot was never written; the slot alone afterwards. */
function spoken(block: Block, subject: string, leaf: Leaf): Leaf {
  const slot = block.slots.get(subject);
  return slot && slot.changedAt > 0 ? slot : leaf;
}

function allows(word: Leaf, order: Question["order"], time: number): boolean {
  for (let bit = 1n; bit <= order.uses; bit <<= 1n) {
    if (order.uses & bit && !(word.purposes & bit)) return false;
  }
  const mode = MODE_OF_KIND[order.kind]!;
  return (word.modes & mode) === mode && time < word.expiry;
}
