import { cidFromDigest } from "../cid.ts";
import { toHex } from "../crypto/bytes.ts";
import { createSha256, type RunningHash } from "../crypto/hash.ts";
import { SalusError } from "../errors.ts";
import { type GatewayAddress, GatewayRequestError, send } from "./http.ts";

/** Parameters of {@link getBlobStream}. */
export type GetBlobStreamParameters = {
  cid: string;
  /** bytes in all, as the record's leaf says */
  size: number;
  /** bytes that an earlier download has, and the running SHA-256 that was fed with them */
  from?: { offset: number; hash: RunningHash };
  /** milliseconds before the first repetition, doubled each time */
  patience?: number;
};

/** Times that a download is taken up again without a byte of progress. */
const REPETITIONS = 6;

/**
 * Fetches a blob of any size in constant memory. A connection that breaks is taken up again at the next byte. The content
 * id is checked at the end: act on nothing before the last piece has come.
 *
 * @throws SDK_CIPHERTEXT_TAMPERED (`details.servedBy`) when the bytes are others; GatewayRequestError
 */
export async function* getBlobStream(
  gateway: GatewayAddress,
  { cid, size, from, patience = 500 }: GetBlobStreamParameters,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const hash = from?.hash ?? createSha256();
  let offset = from?.offset ?? 0;
  let fruitless = 0;
  while (offset < size) {
    try {
      for await (const piece of rangeFrom(gateway, cid, offset)) {
        hash.update(piece);
        offset += piece.length;
        fruitless = 0;
        if (offset > size) throw tampered(gateway, cid);
        yield piece;
      }
      if (offset < size) throw brokenOff(gateway);
    } catch (error) {
      if (!isPassing(error) || fruitless === REPETITIONS) throw error;
      await new Promise((resolve) => setTimeout(resolve, patience * 2 ** fruitless));
      fruitless += 1;
    }
  }
  if (cidFromDigest(toHex(hash.digest())) !== cid) throw tampered(gateway, cid);
}

async function* rangeFrom(gateway: GatewayAddress, cid: string, offset: number) {
  const headers: Record<string, string> = offset === 0 ? {} : { range: `bytes=${offset}-` };
  const response = await send(gateway, { method: "GET", path: `/v1/blobs/${cid}`, headers });
  // A server that ignores the range begins anew: its first bytes are here already.
  let skip = response.status === 206 ? 0 : offset;
  const reader = response.body!.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw brokenOff(gateway, cause);
      });
      if (done) return;
      const skipped = Math.min(skip, value.length);
      skip -= skipped;
      if (skipped < value.length) yield value.subarray(skipped) as Uint8Array<ArrayBuffer>;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // the connection may be gone, which ends it too
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof GatewayRequestError && (error.status === 0 || error.status >= 500);
}

function brokenOff(gateway: GatewayAddress, cause?: unknown): GatewayRequestError {
  return new GatewayRequestError({
    code: "GATEWAY_UNREACHABLE",
    message: `The gateway at ${gateway.url} broke off.`,
    hint: "Try again in a moment, or ask another gateway of the dataset's gateway set.",
    status: 0,
    gateway: gateway.url,
    cause,
  });
}

function tampered(gateway: GatewayAddress, cid: string): SalusError {
  return new SalusError({
    code: "SDK_CIPHERTEXT_TAMPERED",
    message: `The gateway at ${gateway.url} served other bytes than those of ${cid}.`,
    details: { servedBy: gateway.url, cid },
  });
}
