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
const word = (summary: string): RouteDoc => ({ summary, proof: "message" });

/** One row for each route; a route without one does not start. */
export const ROUTE_DOCS: Readonly<Record<string, RouteDoc>> = {
  "GET /health": open("Whether the process lives."),
  "GET /ready": open("Whether database, chain, storage and queue are as they must be to serve."),
  "GET /metrics": open("What the gateway measures, for Prometheus."),
  "GET /openapi.json": open("This document."),
  "GET /v1/openapi.json": open("This document."),
  "GET /v1/info": open("Who this gateway is."),

  "PUT /v1/blobs/:cid": upload("Store a file by its content id.", { takesFile: true }),
  "POST /v1/blob-batches": upload("Store many files, each after its length in four bytes (big endian).", {
    takesFile: true,
  }),
  "GET /v1/blobs/:cid": open("A file, or the part that `range` names.", { givesFile: true }),
  "GET /ipfs/:cid": open("A public file, as an IPFS trustless gateway gives it (raw block).", {
    givesFile: true,
  }),
  "GET /ipfs/:cid/*": open("Nothing: a raw block has no paths below it."),
  "POST /v1/uploads": upload("Open an upload in pieces."),
  "GET /v1/uploads/:id": upload("Where an upload stands."),
  "PUT /v1/uploads/:id/:offset": upload("Send the piece that begins where the upload stands.", {
    takesFile: true,
  }),
  "POST /v1/uploads/:id/complete": upload("End an upload: its content id is checked and it is stored."),
  "DELETE /v1/uploads/:id": upload("Give an upload up."),
  "PUT /v1/datasets/:asset/versions/:n": upload("Hand in this gateway's key shares of a version."),
  "PUT /v1/models/:asset": upload("Hand in a model's file.", { takesFile: true }),
  "POST /v1/custody": open("Ask this gateway to be the custodian of a model."),

  "POST /v1/orders/:id/job": open("Hand in the job of a funded order at its executor."),
  "GET /v1/orders/:id": open("How far an order is."),
  "GET /v1/orders/:id/exclusions": open("Whom a delivered order left out, and why."),
  "GET /v1/orders/:id/result": signed("The sealed result, to its buyer, once the delivery is final.", {
    givesFile: true,
  }),
  "POST /v1/orders/:id/release": signed("Key shares of a download, to its buyer."),
  "POST /v1/mandates/:id/job": open("Hand in the job of a standing order."),

  "POST /v1/consents/revocations": word("Stop sharing, at once."),
  "POST /v1/consents/grants": word("Have a consent brought on chain."),
  "POST /v1/consents/hand-overs": word("Take over a place by the code of a letter."),
  "POST /v1/consents/contests": word("Object to a take-over."),
  "POST /v1/consents/proxies/ProxyNaming": word("Have a proxy named."),
  "POST /v1/consents/proxies/ProxyRemoval": word("Have a proxy removed."),
  "POST /v1/consents/proxies/ProxyGrant": word("Have a proxy's consent brought on chain."),
  "POST /v1/access-log": word("Every decision about one's own record, with proofs."),
  "POST /v1/erasures": word("Have one's record erased here and at the other gateways."),
  "POST /v1/rewards/claims": word("Have one's earnings paid out."),
  "POST /v1/governance/votes": word("Have a vote brought on chain."),
  "POST /v1/governance/delegations": word("Have a delegation brought on chain."),
  "POST /v1/vetoes": word("The institution's veto of a dataset or a subject."),
  "DELETE /v1/vetoes/:id": signed("Lift a veto."),
  "POST /v1/applications": word("A developer's application for an approval of one use of a dataset."),
  "GET /v1/applications": signed("The signer's own applications; for a committee that a vote listed, all."),
  "POST /v1/applications/:id/approvals": word("A committee's approval of an application."),
  "POST /v1/applications/:id/refusals": word("A committee's refusal of an application, with its reason."),

  "GET /v1/log": open("Size and root of the log."),
  "GET /v1/log/checkpoint": open("The last checkpoint, with its signatures."),
  "GET /v1/log/inclusion": open("Proof that a leaf stands in the log (RFC 6962)."),
  "GET /v1/log/consistency": open("Proof that the log only grew (RFC 6962)."),
  "GET /v1/log/entries": open("Leaf hashes of the log, in pages."),

  "POST /v1/peer/shares": signed("Key shares of a job, to the order's executor."),
  "POST /v1/peer/cosign": signed("Check a receipt and sign it."),
  "POST /v1/peer/revocations": signed("A revocation that another gateway received."),
  "POST /v1/peer/checkpoint": signed("Check that a log only grew, and sign its checkpoint."),
  "POST /v1/peer/erasures": signed("A wish for erasure that another gateway received."),
  "GET /v1/peer/erasures": signed("Wishes for erasure of a dataset that this gateway knows, in pages."),
  "POST /v1/peer/report": signed("Close a download and sign what was released."),
  "POST /v1/peer/rewards": signed("Rebuild a root of rewards and sign it."),
};
