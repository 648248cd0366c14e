import { SalusError } from "../errors.ts";

const LENGTH_BYTES = 4;
const SMALLEST_BUCKET = 1024;

/** Largest plaintext of a record that is encrypted in one piece; longer ones are streamed (`sealStream`). */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024 - LENGTH_BYTES;

/**
 * The size bucket for `bytes` framed bytes: 1024, 1536, 2048, 3072, 4096, … , that is 2^k and 3·2^(k−1).
 *
 * Two buckets an octave hide a record's length to within half of it: at most 50 % larger, 20 % on average. Padmé (PURBs,
 * Nikitin et al. 2019) costs less, at most 12 %, but at 4–50 kB it has 16 buckets an octave, which in a cohort of a
 * few hundred still tells nearly everyone apart, and the length of a record tells how ill somebody was.
 */
export function bucketSize(bytes: number): number {
  let bucket = SMALLEST_BUCKET;
  while (bucket < bytes) {
    if (bucket * 1.5 >= bytes) return bucket * 1.5;
    bucket *= 2;
  }
  return bucket;
}

/**
 * The padded size of a large record's frame after Padmé (PURBs, Nikitin et al. 2019): the lowest bits of the size are
 * rounded up, so that it shows O(log log size) bits. Costs less than 12 % and at 16 MiB and more less than 3.2 %: there
 * half as much again would cost gigabytes.
 */
export function paddedSize(bytes: number): number {
  if (bytes < 2) return bytes;
  const exponent = Math.floor(Math.log2(bytes));
  const kept = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** Math.max(0, exponent - kept);
  return Math.ceil(bytes / step) * step;
}

/**
 * Frames `plaintext` as length (4 bytes, big endian) ‖ plaintext ‖ zeros up to its bucket.
 *
 * @throws SDK_RECORD_TOO_LARGE above {@link MAX_RECORD_BYTES}
 */
export function pad(plaintext: Uint8Array): Uint8Array<ArrayBuffer> {
  if (plaintext.length > MAX_RECORD_BYTES) {
    throw new SalusError({
      code: "SDK_RECORD_TOO_LARGE",
      message: `The record has ${plaintext.length} bytes; the most is ${MAX_RECORD_BYTES}.`,
      details: { size: plaintext.length, limit: MAX_RECORD_BYTES },
    });
  }
  const framed = new Uint8Array(bucketSize(LENGTH_BYTES + plaintext.length));
  new DataView(framed.buffer).setUint32(0, plaintext.length);
  framed.set(plaintext, LENGTH_BYTES);
  return framed;
}

/**
 * Takes the frame of {@link pad} off again.
 *
 * @throws SDK_ENVELOPE_MALFORMED when length, bucket or zeros are not what `pad` writes: only a faulty lister makes that
 */
export function unpad(framed: Uint8Array): Uint8Array {
  const length =
    framed.length < LENGTH_BYTES ? -1 : new DataView(framed.buffer, framed.byteOffset).getUint32(0);
  const end = LENGTH_BYTES + length;
  const wellFormed =
    length >= 0 &&
    length <= MAX_RECORD_BYTES &&
    framed.length === bucketSize(end) &&
    framed.subarray(end).every((byte) => byte === 0);
  if (!wellFormed) {
    throw new SalusError({
      code: "SDK_ENVELOPE_MALFORMED",
      message: "The decrypted record is not padded as the format says.",
      hint: "The lister's software wrote this record wrongly: report it to the dataset's curator.",
      details: { size: framed.length },
    });
  }
  return framed.slice(LENGTH_BYTES, end);
}
