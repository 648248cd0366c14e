import type { GatewayErrorCode } from "../errors/table.ts";

/** How whoever asks shows who they are. */
export type Proof = "none" | "request" | "token" | "message";

/** What the documentation says of a route besides its schema. */
export type RouteDoc = {
  summary: string;
  /** `request`: signed whole; `token`: an upload token; `message`: what the body carries is signed */
  proof: Proof;
  /** the body is a file */
  takesFile?: true;
  /** the answer is a file */
  givesFile?: true;
  /** the answer is text, or this document */
  gives?: "text" | "document";
  /** it has no answer but refusals */
  refusesAll?: true;
  /**
   * why it refuses, besides what every route of its kind does ({@link refusalsOf}); the first is what its example is
   * answered, rightly signed, where nothing is listed, unless that is carried out
   */
  refuses?: readonly GatewayErrorCode[];
  /** its example is carried out, even where nothing is listed */
  carriedOut?: true;
};

const open = (summary: string, more: Partial<RouteDoc> = {}): RouteDoc => ({
  summary,
  proof: "none",
  ...more,
});
const signed = (summary: string, more: Partial<RouteDoc> = {}): RouteDoc => ({
  summary,
  proof: "request",
  ...more,
});
const upload = (summary: string, more: Partial<RouteDoc> = {}): RouteDoc => ({
  summary,
  proof: "token",
  ...more,
});
const word = (summary: string, more: Partial<RouteDoc> = {}): RouteDoc => ({
  summary,
  proof: "message",
  ...more,
});

/** Words that are brought on chain at the operator's cost. */
const RELAY = ["GATEWAY_RELAY_BUDGET", "GATEWAY_RELAY_RUNNING"] as const;

/** One row for each route; a route without one does not start. */
export const ROUTE_DOCS: Readonly<Record<string, RouteDoc>> = {
  "GET /health": open("Whether the process lives."),
  "GET /ready": open("Whether database, chain, storage and queue are as they must be to serve.", {
    carriedOut: true,
    refuses: ["GATEWAY_NOT_READY"],
  }),
  "GET /metrics": open("What the gateway measures, for Prometheus.", { gives: "text" }),
  "GET /openapi.json": open("This document.", { gives: "document" }),
  "GET /v1/openapi.json": open("This document.", { gives: "document" }),
  "GET /v1/info": open("Who this gateway is."),

  "PUT /v1/blobs/:cid": upload("Store a file by its content id.", {
    takesFile: true,
    carriedOut: true,
    refuses: ["GATEWAY_DIGEST_MISMATCH", "GATEWAY_UPLOAD_QUOTA", "GATEWAY_SUBJECT_ERASED"],
  }),
  "POST /v1/blob-batches": upload("Store many files, each after its length in four bytes (big endian).", {
    takesFile: true,
    carriedOut: true,
    refuses: ["GATEWAY_UPLOAD_QUOTA", "GATEWAY_SUBJECT_ERASED"],
  }),
  "GET /v1/blobs/:cid": open("A file, or the part that `range` names.", {
    givesFile: true,
    carriedOut: true,
    refuses: ["GATEWAY_BLOB_UNKNOWN", "GATEWAY_RANGE"],
  }),
  "GET /ipfs/:cid": open("A public file, as an IPFS trustless gateway gives it (raw block).", {
    givesFile: true,
    refuses: ["GATEWAY_BLOB_UNKNOWN", "GATEWAY_FORMAT_UNAVAILABLE"],
  }),
  "GET /ipfs/:cid/*": open("Nothing: a raw block has no paths below it.", {
    refusesAll: true,
    refuses: ["GATEWAY_INVALID_REQUEST"],
  }),
  "POST /v1/uploads": upload("Open an upload in pieces.", {
    carriedOut: true,
    refuses: ["GATEWAY_UPLOAD_QUOTA"],
  }),
  "GET /v1/uploads/:id": upload("Where an upload stands.", { refuses: ["GATEWAY_UPLOAD_UNKNOWN"] }),
  "PUT /v1/uploads/:id/:offset": upload("Send the piece that begins where the upload stands.", {
    takesFile: true,
    refuses: ["GATEWAY_UPLOAD_UNKNOWN", "GATEWAY_UPLOAD_OFFSET"],
  }),
  "POST /v1/uploads/:id/complete": upload("End an upload: its content id is checked and it is stored.", {
    refuses: [
      "GATEWAY_UPLOAD_UNKNOWN",
      "GATEWAY_UPLOAD_OFFSET",
      "GATEWAY_DIGEST_MISMATCH",
      "GATEWAY_SUBJECT_ERASED",
    ],
  }),
  "DELETE /v1/uploads/:id": upload("Give an upload up.", { refuses: ["GATEWAY_UPLOAD_UNKNOWN"] }),
  "PUT /v1/datasets/:asset/versions/:n": upload("Hand in this gateway's key shares of a version.", {
    refuses: [
      "GATEWAY_UPLOAD_FORBIDDEN",
      "GATEWAY_FILE_MISSING",
      "GATEWAY_FILE_INVALID",
      "GATEWAY_WRONG_SHARE",
      "GATEWAY_NOT_IN_SET",
      "GATEWAY_VERSION_CONFLICT",
      "GATEWAY_SUBJECT_ERASED",
    ],
  }),
  "PUT /v1/models/:asset": upload("Hand in a model's file.", {
    takesFile: true,
    refuses: ["GATEWAY_UPLOAD_FORBIDDEN", "GATEWAY_FILE_INVALID", "GATEWAY_DIGEST_MISMATCH"],
  }),
  "POST /v1/custody": open("Ask this gateway to be the custodian of a model.", {
    refuses: ["GATEWAY_CUSTODY_REFUSED"],
  }),

  "POST /v1/orders/:id/job": open("Hand in the job of a funded order at its executor.", {
    refuses: [
      "GATEWAY_JOB_INVALID",
      "GATEWAY_NOT_EXECUTOR",
      "GATEWAY_INPUT_INVALID",
      "GATEWAY_NOT_FINAL",
      "GATEWAY_ORDER_MISMATCH",
    ],
  }),
  "GET /v1/orders/:id": open("How far an order is.", { refuses: ["GATEWAY_ORDER_UNKNOWN"] }),
  "GET /v1/orders/:id/exclusions": open("Whom a delivered order left out, and why.", {
    refuses: ["GATEWAY_ORDER_UNKNOWN"],
  }),
  "GET /v1/orders/:id/result": signed("The sealed result, to its buyer, once the delivery is final.", {
    givesFile: true,
    refuses: ["GATEWAY_ORDER_UNKNOWN", "GATEWAY_NOT_FINAL", "GATEWAY_RESULT_UNKNOWN", "GATEWAY_NOT_ENTITLED"],
  }),
  "POST /v1/orders/:id/release": signed("Key shares of a download, to its buyer.", {
    refuses: ["GATEWAY_NOT_ENTITLED", "GATEWAY_NOT_FINAL", "GATEWAY_ORDER_STATE"],
  }),
  "POST /v1/mandates/:id/job": open("Hand in the job of a standing order.", {
    refuses: ["GATEWAY_MANDATE_UNKNOWN", "GATEWAY_NOT_EXECUTOR", "GATEWAY_JOB_INVALID"],
  }),

  "POST /v1/consents/revocations": word("Stop sharing, at once.", {
    refuses: ["GATEWAY_REVOCATION_INVALID"],
  }),
  "POST /v1/consents/grants": word("Have a consent brought on chain.", {
    refuses: ["GATEWAY_GRANT_REFUSED", ...RELAY],
  }),
  "POST /v1/consents/hand-overs": word("Take over a place by the code of a letter.", {
    refuses: ["GATEWAY_ASSET_UNKNOWN", "GATEWAY_HAND_OVER_REFUSED", ...RELAY],
  }),
  "POST /v1/consents/contests": word("Object to a take-over.", {
    refuses: ["GATEWAY_HAND_OVER_REFUSED", ...RELAY],
  }),
  "POST /v1/consents/proxies/ProxyNaming": word("Have a proxy named.", {
    refuses: ["GATEWAY_PROXY_REFUSED", ...RELAY],
  }),
  "POST /v1/consents/proxies/ProxyRemoval": word("Have a proxy removed.", {
    refuses: ["GATEWAY_PROXY_REFUSED", ...RELAY],
  }),
  "POST /v1/consents/proxies/ProxyGrant": word("Have a proxy's consent brought on chain.", {
    refuses: ["GATEWAY_PROXY_REFUSED", ...RELAY],
  }),
  "POST /v1/access-log": word("Every decision about one's own record, with proofs.", {
    refuses: ["GATEWAY_SIGNATURE_INVALID", "GATEWAY_REQUEST_STALE", "GATEWAY_REQUEST_REPLAYED"],
  }),
  "POST /v1/erasures": word("Have one's record erased here and at the other gateways.", {
    refuses: ["GATEWAY_ERASURE_INVALID"],
  }),
  "POST /v1/rewards/claims": word("Have one's earnings paid out.", {
    refuses: ["GATEWAY_CLAIM_REFUSED", ...RELAY],
  }),
  "POST /v1/disputes": word("Have a dispute opened by somebody whose data was used, with a bond of theirs.", {
    refuses: ["GATEWAY_DISPUTE_REFUSED", ...RELAY],
  }),
  "POST /v1/governance/votes": word("Have a vote brought on chain.", {
    refuses: ["GATEWAY_VOTE_REFUSED", ...RELAY],
  }),
  "POST /v1/governance/delegations": word("Have a delegation brought on chain.", {
    refuses: ["GATEWAY_VOTE_REFUSED", ...RELAY],
  }),
  "POST /v1/vetoes": word("The institution's veto of a dataset or a subject.", {
    refuses: ["GATEWAY_SIGNATURE_INVALID", "GATEWAY_REQUEST_STALE", "GATEWAY_REQUEST_REPLAYED"],
  }),
  "DELETE /v1/vetoes/:id": signed("Lift a veto.", {
    refuses: ["GATEWAY_NOT_ENTITLED", "GATEWAY_VETO_UNKNOWN"],
  }),

  "POST /v1/applications": word("A developer's application for an approval of one use of a dataset.", {
    refuses: [
      "GATEWAY_SIGNATURE_INVALID",
      "GATEWAY_REQUEST_STALE",
      "GATEWAY_NOT_ENTITLED",
      "GATEWAY_APPLICATIONS_FULL",
    ],
  }),
  "GET /v1/applications": signed("The signer's own applications; for a committee that a vote listed, all."),
  "POST /v1/applications/:id/approvals": word("A committee's approval of an application.", {
    refuses: ["GATEWAY_APPLICATION_UNKNOWN", "GATEWAY_APPROVAL_INVALID"],
  }),
  "POST /v1/applications/:id/refusals": word("A committee's refusal of an application, with its reason.", {
    refuses: [
      "GATEWAY_APPLICATION_UNKNOWN",
      "GATEWAY_SIGNATURE_INVALID",
      "GATEWAY_REQUEST_STALE",
      "GATEWAY_NOT_ENTITLED",
    ],
  }),

  "GET /v1/log": open("Size and root of the log."),
  "GET /v1/log/checkpoint": open("The last checkpoint, with its signatures.", {
    refuses: ["GATEWAY_LOG_NO_CHECKPOINT"],
  }),
  "GET /v1/log/inclusion": open("Proof that a leaf stands in the log (RFC 6962).", {
    refuses: ["GATEWAY_LOG_RANGE", "GATEWAY_LOG_LEAF_UNKNOWN", "GATEWAY_INVALID_REQUEST"],
  }),
  "GET /v1/log/consistency": open("Proof that the log only grew (RFC 6962).", {
    refuses: ["GATEWAY_LOG_RANGE", "GATEWAY_INVALID_REQUEST"],
  }),
  "GET /v1/log/entries": open("Leaf hashes of the log, in pages.", {
    carriedOut: true,
    refuses: ["GATEWAY_INVALID_REQUEST"],
  }),

  "POST /v1/peer/shares": signed("Key shares of a job, to the order's executor.", {
    refuses: ["GATEWAY_JOB_INVALID", "GATEWAY_NOT_ENTITLED"],
  }),
  "POST /v1/peer/cosign": signed("Check a receipt and sign it.", {
    refuses: ["GATEWAY_JOB_INVALID", "GATEWAY_NOT_ENTITLED", "GATEWAY_COSIGN_MISMATCH"],
  }),
  "POST /v1/peer/revocations": signed("A revocation that another gateway received.", {
    refuses: ["GATEWAY_REVOCATION_INVALID"],
  }),
  "POST /v1/peer/checkpoint": signed("Check that a log only grew, and sign its checkpoint.", {
    refuses: ["GATEWAY_NOT_ENTITLED", "GATEWAY_LOG_SHRUNK", "GATEWAY_LOG_FORKED", "GATEWAY_LOG_UNPROVEN"],
  }),
  "POST /v1/peer/erasures": signed("A wish for erasure that another gateway received.", {
    refuses: ["GATEWAY_ERASURE_INVALID"],
  }),
  "GET /v1/peer/erasures": signed("Wishes for erasure of a dataset that this gateway knows, in pages.", {
    carriedOut: true,
    refuses: ["GATEWAY_INVALID_REQUEST"],
  }),
  "POST /v1/peer/report": signed("Close a download and sign what was released.", {
    refuses: ["GATEWAY_NOT_ENTITLED", "GATEWAY_NOT_RELEASED"],
  }),
  "POST /v1/peer/rewards": signed("Rebuild a root of rewards and sign it.", {
    refuses: ["GATEWAY_NOT_IN_SET", "GATEWAY_NOT_FINAL", "GATEWAY_REWARDS_MISMATCH"],
  }),
};
