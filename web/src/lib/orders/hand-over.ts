import { getOrder } from "@salus/sdk/gateway/get-order";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import { submitJob } from "@salus/sdk/gateway/submit-job";
import type { OrderView } from "@salus/sdk/gateway/types";
import type { PublicConfig } from "#lib/config.ts";
import { gatewayTarget, type GatewayName } from "#lib/gateways/reach.ts";
import type { JournalEntry } from "./journal.ts";

/** Hands a paid job to the gateway that runs it. Doing it again changes nothing. */
export function handOver(
  config: PublicConfig,
  custodian: GatewayName,
  entry: JournalEntry,
): Promise<OrderView> {
  const { id, order, spec, salt, sealedInput } = entry;
  return submitJob(gatewayTarget(config, custodian), {
    id,
    order,
    ...(spec !== undefined && { spec }),
    // The salt of a model's input is inside the sealed input.
    ...(salt && !sealedInput && { salt }),
    ...(sealedInput && { sealedInput }),
  });
}

/** Where the gateway stands with an order; null when it was not handed the job yet. */
export async function askProgress(
  config: PublicConfig,
  custodian: GatewayName,
  id: JournalEntry["id"],
): Promise<OrderView | null> {
  try {
    return await getOrder(gatewayTarget(config, custodian), id);
  } catch (error) {
    if (error instanceof GatewayRequestError && error.status === 404) return null;
    throw error;
  }
}
