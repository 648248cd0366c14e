import { describe, expect, it } from "vitest";
import { decide } from "./decide.ts";
import type { Action, Facts, SubjectFacts } from "./facts.ts";
import { type Reason, REASONS } from "./reasons.ts";

/*
 * The oracle is the table below, written from the design's list of checks ("Before any key share leaves or a job starts"):
 * one row a rule, in order of precedence, with the actions that it concerns. The constants are written out, so that a
 * change of the contracts' numbering is noticed.
 */

const NOW = 1_800_000_000;
const ZERO = `0x${"00".repeat(32)}` as const;
const TERMS_HASH = `0x${"aa".repeat(32)}` as const;
const HEALTH = 2n;
const HMB = 4n;
const FUNDED = 1;
const DELIVERED = 2;
const ANALYSIS = 1;
const DOWNLOAD = 3;

const JOBS: Action[] = ["job", "share", "cosign", "receipt"];
const AFTER: Action[] = ["download", "result"];
const ALL: Action[] = [...JOBS, ...AFTER];
const ON_RECORDS: Action[] = [...JOBS, "download"];

const unwritten = { purposes: 0n, expiry: 0, modes: 0, nonce: 0, changedAt: 0 };
const granted = { purposes: HEALTH, expiry: NOW + 1, modes: 7, nonce: 1, changedAt: 100 };
const revoked = { purposes: 0n, expiry: 0, modes: 0, nonce: 65_537, changedAt: 101 };

/** Facts under which the action is permitted. */
function good(action: Action): Facts & { subject: SubjectFacts } {
  const after = AFTER.includes(action);
  return {
    action,
    request: { signatureValid: true, fresh: true, replayed: false, entitled: true },
    chain: { endpointsAgree: true, headTime: NOW - 60, now: NOW, maxHeadAge: 60 },
    order: {
      idMatches: true,
      state: after ? DELIVERED : FUNDED,
      kind: action === "download" ? DOWNLOAD : ANALYSIS,
      uses: HEALTH,
      disease: ZERO,
      around: { shown: 0n, time: NOW - 60, until: NOW - 60 },
      evidenceFlaw: undefined,
      deliverBy: NOW - 60,
      termsHash: TERMS_HASH,
      jobMatches: true,
      gatewayInSet: true,
    },
    asset: {
      status: 1,
      modes: 7,
      termsHash: TERMS_HASH,
      terms: { duo: HMB, disease: ZERO, dates: 0n },
      versionHeld: true,
      vetoed: false,
    },
    subject: {
      leaf: { purposes: HEALTH, modes: 7, expiry: NOW + 1, basis: 1 },
      slotAtGrant: unwritten,
      slotAtHead: unwritten,
      revokedUpTo: undefined,
      vetoed: false,
      erased: false,
      shareHeld: true,
      withinBounds: true,
    },
  };
}

type Row = [
  rule: string,
  reason: Reason,
  actions: Action[],
  change: (facts: ReturnType<typeof good>) => void,
];

const RULES: Row[] = [
  ["another's signature", "GATEWAY_SIGNATURE_INVALID", ALL, (f) => (f.request!.signatureValid = false)],
  ["a stale signature", "GATEWAY_REQUEST_STALE", ALL, (f) => (f.request!.fresh = false)],
  ["a nonce used before", "GATEWAY_REQUEST_REPLAYED", ALL, (f) => (f.request!.replayed = true)],
  ["neither buyer nor executor", "GATEWAY_NOT_ENTITLED", ALL, (f) => (f.request!.entitled = false)],
  ["endpoints that disagree", "GATEWAY_RPC_DISAGREEMENT", ALL, (f) => (f.chain.endpointsAgree = false)],
  ["a head older than the limit", "GATEWAY_HEAD_STALE", ALL, (f) => (f.chain.maxHeadAge = 59)],
  ["a changed fixed part", "GATEWAY_ORDER_MISMATCH", ALL, (f) => (f.order.idMatches = false)],
  ["an order without money", "GATEWAY_ORDER_NOT_FUNDED", ALL, (f) => (f.order.state = 0)],
  ["a gateway outside the set", "GATEWAY_OUTSIDE_SET", ALL, (f) => (f.order.gatewayInSet = false)],
  ["a delivered order's job", "GATEWAY_ORDER_STATE", JOBS, (f) => (f.order.state = DELIVERED)],
  ["a download not delivered", "GATEWAY_ORDER_STATE", AFTER, (f) => (f.order.state = FUNDED)],
  ["a refunded order", "GATEWAY_ORDER_STATE", ALL, (f) => (f.order.state = 5)],
  ["an analysis as download", "GATEWAY_KIND_FORBIDDEN", ["download"], (f) => (f.order.kind = ANALYSIS)],
  ["a deadline behind the head", "GATEWAY_ORDER_EXPIRED", JOBS, (f) => (f.order.deliverBy = NOW - 61)],
  [
    "a download's shares for an executor",
    "GATEWAY_KIND_FORBIDDEN",
    ["share"],
    (f) => (f.order.kind = DOWNLOAD),
  ],
  ["another job", "GATEWAY_JOB_MISMATCH", JOBS, (f) => (f.order.jobMatches = false)],
  ["a kind that is not offered", "GATEWAY_KIND_FORBIDDEN", ALL, (f) => (f.asset.modes = 2)],
  ["a delisted asset's job", "GATEWAY_ORDER_STATE", ["job"], (f) => (f.asset.status = 3)],
  ["a version that is not here", "GATEWAY_VERSION_UNKNOWN", ON_RECORDS, (f) => (f.asset.versionHeld = false)],
  ["other terms", "GATEWAY_TERMS_MISMATCH", ON_RECORDS, (f) => (f.order.termsHash = ZERO)],
  ["a forbidden purpose", "GATEWAY_PURPOSE_FORBIDDEN", ON_RECORDS, (f) => (f.order.uses = 1n)],
  [
    "a withdrawn attestation",
    "GATEWAY_ATTESTATION_REVOKED",
    ON_RECORDS,
    (f) => (f.order.evidenceFlaw = "GATEWAY_ATTESTATION_REVOKED"),
  ],
  [
    "an ethics approval that is not shown",
    "GATEWAY_PURPOSE_FORBIDDEN",
    ON_RECORDS,
    (f) => (f.asset.terms.duo = HMB | (1n << 11n)),
  ],
  [
    "a use beyond its time limit",
    "GATEWAY_PURPOSE_FORBIDDEN",
    ON_RECORDS,
    (f) => Object.assign(f.asset.terms, { duo: HMB | (1n << 14n), dates: BigInt(NOW - 61) }),
  ],
  [
    "terms with an unknown rule",
    "GATEWAY_PURPOSE_FORBIDDEN",
    ON_RECORDS,
    (f) => (f.asset.terms.duo = HMB | (1n << 99n)),
  ],
  ["a vetoed dataset", "GATEWAY_DATASET_VETOED", ON_RECORDS, (f) => (f.asset.vetoed = true)],
  ["a record of another version", "GATEWAY_RECORD_UNKNOWN", ON_RECORDS, (f) => (f.subject.leaf = undefined)],
  [
    "a record beyond the receipt",
    "GATEWAY_OUTSIDE_COHORT",
    ON_RECORDS,
    (f) => (f.subject.withinBounds = false),
  ],
  ["a revocation received only", "GATEWAY_CONSENT_REVOKED", ON_RECORDS, (f) => (f.subject.revokedUpTo = 0)],
  [
    "a revocation in the head only",
    "GATEWAY_CONSENT_REVOKED",
    ON_RECORDS,
    (f) => (f.subject.slotAtHead = revoked),
  ],
  [
    "a permission that has ended",
    "GATEWAY_CONSENT_EXPIRED",
    ON_RECORDS,
    (f) => (f.subject.slotAtHead = { ...granted, expiry: NOW - 60 }),
  ],
  [
    "another purpose than permitted",
    "GATEWAY_CONSENT_MISSING",
    ON_RECORDS,
    (f) => (f.subject.slotAtHead = { ...granted, purposes: 4n }),
  ],
  [
    "a mode that is not permitted",
    "GATEWAY_CONSENT_MISSING",
    ON_RECORDS,
    (f) => (f.subject.slotAtHead = { ...granted, modes: 2 }),
  ],
  [
    "one person's word in a two-person dataset",
    "GATEWAY_CONSENT_MISSING",
    ON_RECORDS,
    (f) => {
      f.asset.modes |= 8;
      Object.assign(f.subject, { slotAtGrant: granted, slotAtHead: granted });
    },
  ],
  [
    "an attested leaf in a dataset of signed words",
    "GATEWAY_CONSENT_MISSING",
    ON_RECORDS,
    (f) => (f.asset.modes |= 32),
  ],
  [
    "a grant that is not final",
    "GATEWAY_CONSENT_NOT_FINAL",
    ON_RECORDS,
    (f) => Object.assign(f.subject, { slotAtGrant: revoked, slotAtHead: { ...granted, nonce: 65_538 } }),
  ],
  ["a vetoed subject", "GATEWAY_SUBJECT_VETOED", ON_RECORDS, (f) => (f.subject.vetoed = true)],
  ["an erased subject", "GATEWAY_RECORD_ERASED", ON_RECORDS, (f) => (f.subject.erased = true)],
  ["no key share", "GATEWAY_SHARE_MISSING", ON_RECORDS, (f) => (f.subject.shareHeld = false)],
];

const concerned = RULES.flatMap(([rule, reason, actions, change]) =>
  actions.map((action) => [rule, action, reason, change] as const),
);

describe("the policy", () => {
  it.each(ALL)("permits %s when nothing forbids it", (action) => {
    expect(decide(good(action))).toBe("PERMITTED");
    const { subject: _, request: __, ...own } = good(action);
    expect(decide(own)).toBe("PERMITTED");
  });

  it.each(concerned)("refuses %s (%s) as %s", (_rule, action, reason, change) => {
    const facts = good(action);
    change(facts);
    expect(decide(facts)).toBe(reason);
  });

  it("never permits when two rules forbid, and names one of the two", () => {
    for (const [, action, first, change] of concerned) {
      for (const [, other, second, changeMore] of concerned) {
        if (action !== other) continue;
        const facts = good(action);
        change(facts);
        changeMore(facts);
        expect([first, second, ...both(facts)]).toContain(decide(facts));
        expect(decide(facts)).not.toBe("PERMITTED");
      }
    }
  });

  it("asks the leaf only while the slot was never written", () => {
    const facts = good("share");
    facts.subject.leaf = { purposes: 0n, modes: 0, expiry: 0, basis: 0 };
    expect(decide(facts)).toBe("GATEWAY_CONSENT_EXPIRED");
    Object.assign(facts.subject, { slotAtGrant: granted, slotAtHead: granted });
    expect(decide(facts)).toBe("PERMITTED");
  });

  it("takes two persons' words in a two-person dataset, and signed ones where only those count", () => {
    const facts = good("share");
    facts.asset.modes = 7 | 8 | 32;
    const both = { ...granted, modes: 7 | 8 };
    Object.assign(facts.subject, { slotAtGrant: both, slotAtHead: both });
    expect(decide(facts)).toBe("PERMITTED");
    Object.assign(facts.subject, { slotAtGrant: unwritten, slotAtHead: unwritten });
    facts.subject.leaf = { purposes: HEALTH, modes: 7 | 8, expiry: NOW + 1, basis: 0 };
    expect(decide(facts)).toBe("PERMITTED");
  });

  it("lets the chain speak again once its nonce has passed a received revocation", () => {
    const facts = good("share");
    const again = { ...granted, nonce: 65_538 };
    Object.assign(facts.subject, { revokedUpTo: 65_537, slotAtGrant: again, slotAtHead: again });
    expect(decide(facts)).toBe("PERMITTED");
    // A reorganisation takes the chain back behind the revocation: it holds.
    facts.subject.slotAtHead = granted;
    expect(decide(facts)).toBe("GATEWAY_CONSENT_REVOKED");
  });

  it("hands a result out whatever the subjects say later, since they were in its receipt", () => {
    for (const state of [2, 3, 4]) {
      const facts = good("result");
      facts.order.state = state;
      expect(decide(facts)).toBe("PERMITTED");
    }
  });

  it("says for every refusal what to do next", () => {
    for (const [code, { message, hint, status }] of Object.entries(REASONS)) {
      if (code === "PERMITTED") continue;
      expect(message.length, code).toBeGreaterThan(15);
      expect(hint.length, code).toBeGreaterThan(15);
      expect(status, code).toBeGreaterThanOrEqual(400);
    }
  });
});

/** Two changes of the same fact can make a third case of it. */
function both(facts: ReturnType<typeof good>): Reason[] {
  const { slotAtHead, slotAtGrant } = facts.subject;
  const reasons: Reason[] = ["GATEWAY_ORDER_STATE", "GATEWAY_KIND_FORBIDDEN"];
  if (slotAtHead !== unwritten || slotAtGrant !== unwritten) {
    reasons.push("GATEWAY_CONSENT_MISSING", "GATEWAY_CONSENT_EXPIRED", "GATEWAY_CONSENT_NOT_FINAL");
  }
  return reasons;
}
