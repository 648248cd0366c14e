import type { ErasuresPage } from "@salus/sdk/gateway/types";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import type { Context } from "../context.ts";
import { isGatewayError } from "../errors/gateway-error.ts";
import type { Tasks } from "../jobs/queue.ts";
import { askPeer } from "../peers/ask-peer.ts";
import { othersOf } from "./pass-on-erasure.ts";
import { receiveErasure } from "./receive-erasure.ts";

/** Milliseconds that another gateway has for a page while this one starts. */
const PATIENCE = 3_000;

/** Seconds until a gateway that did not answer is asked again. */
const LATER = 5;

/**
 * Asks every other gateway for the wishes for erasure that it knows, for each dataset held here: database and object store
 * may both come from a backup that is older than a wish. Who does not answer now is asked by the queue until they do.
 */
export async function fetchErasures(context: Context): Promise<void> {
  const asked = Map.groupBy(await toAsk(context), ({ gateway }) => gateway);
  await Promise.all([...asked.values()].map((abouts) => fetchAll(context, abouts)));
}

/** All datasets of one other gateway; at the first that it does not answer about, the rest is left to the queue. */
async function fetchAll(context: Context, abouts: readonly Tasks["fetch-erasures"][]): Promise<void> {
  const keyOf = ({ dataset, gateway }: Tasks["fetch-erasures"]) => `fetch-erasures:${dataset}:${gateway}`;
  // First the durable tasks: should this process end here, it is asked all the same.
  for (const about of abouts) {
    const task = { key: keyOf(about), delaySeconds: LATER, attempts: 1000 };
    await context.queue.add("fetch-erasures", about, task);
  }
  try {
    for (const about of abouts) {
      await fetchFrom(context, about);
      await context.queue.remove(keyOf(about));
    }
  } catch (error) {
    if (!(error instanceof GatewayRequestError)) throw error;
    const { gateway } = abouts[0]!;
    const message = "a gateway did not tell its erasures at the start; it is asked again";
    context.logger.warn({ gateway, code: error.code }, message);
  }
}

/**
 * Takes over what one other gateway knows. Each wish carries its signature, and is checked like one from the subject.
 *
 * @throws GatewayRequestError, upon which the queue tries again
 */
export async function fetchFrom(
  context: Context,
  { dataset, gateway }: Tasks["fetch-erasures"],
): Promise<void> {
  for (let after: string | undefined; ;) {
    const path = `/v1/peer/erasures?dataset=${dataset}${after ? `&after=${after}` : ""}`;
    const page = await askPeer<ErasuresPage>(context, gateway, { method: "GET", path, patience: PATIENCE });
    for (const signed of page.erasures) {
      if (signed.erasure.dataset !== dataset) continue;
      try {
        await receiveErasure(context, signed, { from: "gateway" });
      } catch (error) {
        // Another gateway's word is not taken for more than its signatures; a record may be unknown here.
        if (!isGatewayError(error)) throw error;
        context.logger.warn(
          { gateway, dataset, code: error.code },
          "an erasure of another gateway was not taken",
        );
      }
    }
    if (!page.next) return;
    after = page.next;
  }
}

async function toAsk(context: Context): Promise<Tasks["fetch-erasures"][]> {
  const rows = await context.db.selectFrom("versions").select("asset").distinct().execute();
  const asked = await Promise.all(
    rows.map(async ({ asset }) =>
      (await othersOf(context, BigInt(asset))).map((gateway) => ({ dataset: asset, gateway })),
    ),
  );
  return asked.flat();
}
