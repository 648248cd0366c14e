import type { Hex } from "viem";
import { cidFromDigest } from "@salus/sdk/cid";
import { getBlob } from "@salus/sdk/gateway/get-blob";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import { isSalusError } from "@salus/sdk/errors";
import type { ManifestEntry } from "@salus/sdk/records/manifest";
import { openRecord, type ReleasedShare } from "@salus/sdk/records/open-record";
import type { Context } from "../context.ts";
import { isGatewayError } from "../errors/gateway-error.ts";
import { peersOf, peerTarget } from "../peers/ask-peer.ts";
import type { HeldVersion } from "../storage/versions.ts";
import { ExecutionError, FAILURE_REASONS, gatewaysMissing } from "./execution-error.ts";

/** Records opened at the same time. */
const AT_ONCE = 32;

/** Largest ciphertext of a record that a job reads: all of its cohort stands in memory while it runs. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Decrypts a cohort's records, in their order. The caller wipes them when the job is done. */
export async function openCohort(
  context: Context,
  version: HeldVersion,
  entries: readonly ManifestEntry[],
  shares: ReadonlyMap<Hex, ReleasedShare[]>,
): Promise<Uint8Array[]> {
  const large = entries.find(({ leaf }) => leaf.size > MOST_BYTES);
  if (large) throw tooLarge(large);
  const records: Uint8Array[] = [];
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const opened = await Promise.all(
      entries.slice(at, at + AT_ONCE).map(async (entry) => {
        const envelope = await findCiphertext(context, version, entry.leaf.content);
        const released = shares.get(entry.leaf.recordId)!;
        return openRecord({ context: version.manifest, entry, envelope, shares: released });
      }),
    );
    records.push(...opened.map(({ plaintext }) => plaintext));
  }
  return records;
}

function tooLarge({ leaf }: ManifestEntry): ExecutionError {
  return new ExecutionError("fail", FAILURE_REASONS.jobFailed, {
    code: "GATEWAY_RECORD_TOO_LARGE",
    message: `Record ${leaf.recordId} has ${leaf.size} bytes; a job reads records of at most ${MOST_BYTES}.`,
    hint: "Order a download where the terms allow it, or ask the curator for a version with smaller records.",
  });
}

/** A ciphertext from this gateway's store, or from a peer when it is missing or damaged here. */
async function findCiphertext(context: Context, version: HeldVersion, digest: Hex): Promise<Uint8Array> {
  try {
    return await context.blobs.get(digest);
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    context.logger.error({ digest, code: error.code }, error.message);
  }
  for (const peer of await peersOf(context, version.manifest.gateways)) {
    try {
      return await getBlob(await peerTarget(context, peer), cidFromDigest(digest));
    } catch (error) {
      if (!(error instanceof GatewayRequestError) && !isSalusError(error)) throw error;
      context.logger.warn({ peer, digest, code: error.code }, "a peer has no such ciphertext");
    }
  }
  throw gatewaysMissing(`No gateway of the set has the ciphertext ${digest}.`);
}
