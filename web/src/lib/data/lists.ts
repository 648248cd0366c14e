import { DataUseAuthorityDocument, GatewaysDocument } from "@salus/sdk/generated/queries";
import { kindsOf } from "#lib/governance/attested-kinds.ts";
import { ask, type GraphClient } from "#lib/graph/client.ts";
import type { Hex } from "./types.ts";

/** A gateway that a vote, or the deployment, admitted. */
export interface GatewayRow {
  number: number;
  name: string;
  url: string;
  active: boolean;
  admittedAt: number;
}

/** An issuer whose attestations count now. */
export interface IssuerRow {
  account: Hex;
  kinds: string[];
  until: number;
}

/** The lists that votes keep, as the index has them. */
export interface Lists {
  gateways: GatewayRow[];
  issuers: IssuerRow[];
}

/** Reads the lists that votes keep. @param now seconds since 1970 */
export async function readLists(graph: GraphClient, now: number): Promise<Lists> {
  const [{ gateways }, { issuers }] = await Promise.all([
    ask(graph, GatewaysDocument, {}),
    ask(graph, DataUseAuthorityDocument, { now: String(Math.floor(now)) }),
  ]);
  return {
    gateways: gateways.map(({ number, name, url, status, admittedAt }) => ({
      number,
      name,
      url,
      active: status === "Active",
      admittedAt: Number(admittedAt),
    })),
    issuers: issuers.map(({ id, kinds, until }) => ({
      account: id as Hex,
      kinds: kindsOf(BigInt(kinds)),
      until: Number(until),
    })),
  };
}
