import { readSlots } from "@salus/sdk/consent/read-slots";
import type { PublicConfig } from "#lib/config.ts";
import type { WatchedSlot } from "#lib/transactions/model.ts";
import { lightReader } from "./light.ts";

/** The block in which a slot's counter passed a number; null while it did not. */
export async function blockOfSlot(
  config: PublicConfig,
  { dataset, subject, above }: WatchedSlot,
): Promise<number | null> {
  const [slot] = await readSlots(lightReader(config), { dataset: BigInt(dataset), subjects: [subject] });
  return slot && slot.nonce > above ? slot.changedAt : null;
}
