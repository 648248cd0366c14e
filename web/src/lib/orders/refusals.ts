import type { ReleasedShares } from "@salus/sdk/gateway/release-shares";

/** Records that gateways refused for one reason. */
export interface Refusal {
  /** Code of the reason, as gateways name it. */
  code: string;
  /** The reason in the gateways' words. */
  message: string;
  records: string[];
}

/** Refused records by reason, each record once: the first gateway's reason stands for all. */
export function sumUpRefusals(released: readonly Pick<ReleasedShares, "refused">[]): Refusal[] {
  const seen = new Set<string>();
  const byCode = new Map<string, Refusal>();
  for (const { recordId, code, message } of released.flatMap(({ refused }) => refused)) {
    if (seen.has(recordId.toLowerCase())) continue;
    seen.add(recordId.toLowerCase());
    const refusal = byCode.get(code) ?? { code, message, records: [] };
    refusal.records.push(recordId);
    byCode.set(code, refusal);
  }
  return [...byCode.values()];
}
