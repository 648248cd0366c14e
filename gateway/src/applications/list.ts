import type { Address, Hex } from "viem";
import type { ApplicationDecision, ApplicationsPage } from "@salus/sdk/gateway/types";
import type { Context } from "../context.ts";
import { issuedKinds } from "./decide.ts";

/** Applications in one answer. */
export const PAGE = 50;

/** Applications that somebody may see, latest first: one's own; a listed committee sees all. */
export async function listApplications(
  context: Context,
  caller: Address,
  before: string | undefined,
): Promise<ApplicationsPage> {
  const committee = (await issuedKinds(context, caller)) !== 0n;
  let query = context.db
    .selectFrom("applications")
    .selectAll()
    .orderBy("place", "desc")
    .limit(PAGE + 1);
  if (!committee) query = query.where("applicant", "=", caller.toLowerCase() as Address);
  if (before !== undefined) query = query.where("place", "<", before);
  const rows = await query.execute();
  const page = rows.slice(0, PAGE);
  const decisions = await decisionsOn(
    context,
    page.map(({ id }) => id),
  );
  const applications = page.map(({ id, signed, received_at }) => ({
    ...signed,
    id,
    receivedAt: received_at,
    decisions: decisions.get(id) ?? [],
  }));
  const last = page.at(-1);
  return rows.length > PAGE ? { applications, next: String(last!.place) } : { applications };
}

async function decisionsOn({ db }: Context, ids: Hex[]): Promise<Map<Hex, ApplicationDecision[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("application_decisions")
    .selectAll()
    .where("application", "in", ids)
    .orderBy("place")
    .execute();
  const byId = new Map<Hex, ApplicationDecision[]>();
  for (const { application, issuer, decision, decided_at } of rows) {
    const list = byId.get(application) ?? [];
    list.push({ issuer, decidedAt: decided_at, ...decision });
    byId.set(application, list);
  }
  return byId;
}
