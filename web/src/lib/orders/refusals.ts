import type { RefusedRecord } from "@salus/sdk/gateway/types";

/** Records that gateways refused for one reason. */
export interface Refusal {
  /** Code of the reason, as gateways name it. */
  code: string;
  /** The reason in the gateways' words. */
  message: string;
  records: string[];
}

/** Refused records by reason, the most frequent first. */
export function sumUpRefusals(refused: readonly RefusedRecord[]): Refusal[] {
  const byCode = new Map<string, Refusal>();
  for (const { recordId, code, message } of refused) {
    const refusal = byCode.get(code) ?? { code, message, records: [] };
    refusal.records.push(recordId);
    byCode.set(code, refusal);
  }
  return [...byCode.values()].sort((a, b) => b.records.length - a.records.length);
}
