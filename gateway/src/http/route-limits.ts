import type { FastifyInstance, RouteOptions } from "fastify";
import { LIMITS, type LimitName, type RateName } from "./limits.ts";

/** Bounds of one route: how large a body it reads (none without the row), and at which rate. */
export type RouteLimits = { readonly body?: LimitName; readonly rate: RateName };

const json = (rate: RateName): RouteLimits => ({ body: "jsonBytes", rate });
const read = { rate: "reads" } as const;

/** One row for each route; a route without one does not start. */
export const ROUTE_LIMITS: Readonly<Record<string, RouteLimits>> = {
  "GET /health": { rate: "unlimited" },
  "GET /ready": { rate: "unlimited" },
  "GET /metrics": { rate: "unlimited" },
  "GET /openapi.json": read,
  "GET /v1/openapi.json": read,
  "GET /v1/info": read,

  "PUT /v1/blobs/:cid": { body: "blobBytes", rate: "uploads" },
  "POST /v1/blob-batches": { body: "batchBytes", rate: "uploads" },
  "GET /v1/blobs/:cid": { rate: "files" },
  "GET /ipfs/:cid": { rate: "files" },
  "GET /ipfs/:cid/*": { rate: "files" },
  "POST /v1/uploads": json("uploads"),
  "GET /v1/uploads/:id": { rate: "uploads" },
  "PUT /v1/uploads/:id/:offset": { body: "pieceBytes", rate: "uploads" },
  "POST /v1/uploads/:id/complete": json("uploads"),
  "DELETE /v1/uploads/:id": { rate: "uploads" },
  "PUT /v1/datasets/:asset/versions/:n": { body: "versionBytes", rate: "versions" },
  "PUT /v1/models/:asset": { body: "modelBytes", rate: "versions" },
  "POST /v1/custody": json("jobs"),

  "POST /v1/orders/:id/job": json("jobs"),
  "GET /v1/orders/:id": read,
  "GET /v1/orders/:id/exclusions": read,
  "GET /v1/orders/:id/result": { rate: "buyers" },
  "POST /v1/orders/:id/release": json("buyers"),
  "POST /v1/mandates/:id/job": json("jobs"),

  "POST /v1/consents/revocations": json("stopping"),
  "POST /v1/consents/grants": json("subjects"),
  "POST /v1/consents/hand-overs": json("subjects"),
  "POST /v1/consents/contests": json("subjects"),
  "POST /v1/consents/proxies/ProxyNaming": json("subjects"),
  "POST /v1/consents/proxies/ProxyRemoval": json("ends"),
  "POST /v1/consents/proxies/ProxyGrant": json("subjects"),
  "POST /v1/access-log": json("subjects"),
  "POST /v1/erasures": json("ends"),
  "POST /v1/rewards/claims": json("subjects"),
  "POST /v1/disputes": json("jobs"),
  "POST /v1/governance/votes": json("jobs"),
  "POST /v1/governance/delegations": json("jobs"),
  "POST /v1/vetoes": json("ends"),
  "DELETE /v1/vetoes/:id": { rate: "ends" },
  "POST /v1/applications": json("jobs"),
  "GET /v1/applications": { rate: "buyers" },
  "POST /v1/applications/:id/approvals": json("jobs"),
  "POST /v1/applications/:id/refusals": json("jobs"),

  "GET /v1/log": read,
  "GET /v1/log/checkpoint": read,
  "GET /v1/log/inclusion": read,
  "GET /v1/log/consistency": read,
  "GET /v1/log/entries": read,

  "POST /v1/peer/shares": { body: "peerBytes", rate: "peers" },
  "POST /v1/peer/cosign": { body: "peerBytes", rate: "peers" },
  "POST /v1/peer/revocations": json("stopping"),
  "POST /v1/peer/checkpoint": json("peers"),
  "POST /v1/peer/erasures": json("peers"),
  "GET /v1/peer/erasures": { rate: "peers" },
  "POST /v1/peer/report": json("peers"),
  "POST /v1/peer/rewards": json("peers"),
};

/** The row of a route; HEAD has its GET's. */
export function limitsOf(method: string, url: string): RouteLimits | undefined {
  return ROUTE_LIMITS[`${method === "HEAD" ? "GET" : method} ${url}`];
}

/**
 * Gives each route its limits from the table. To be installed before any route.
 *
 * @throws Error at start for a route that has no row
 */
export function installRouteLimits(app: FastifyInstance): void {
  app.addHook("onRoute", (route: RouteOptions) => {
    for (const method of [route.method].flat()) {
      const limits = limitsOf(method, route.url);
      if (!limits) throw new Error(`${method} ${route.url} has no row in gateway/src/http/route-limits.ts.`);
      route.bodyLimit = limits.body === undefined ? 1 : LIMITS[limits.body].value;
    }
  });
}
