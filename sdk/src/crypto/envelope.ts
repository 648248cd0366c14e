import { SalusError } from "../errors.ts";
import { concat, randomBytes } from "./bytes.ts";
import { encodeRecordContext, type RecordContext } from "./context.ts";
import { type MessageCipher, openMessage, sealMessage } from "./one-message.ts";
import { pad, unpad } from "./padding.ts";

/**
 * Envelope of one encrypted record.
 *
 * ```
 *  0  4  magic "SALR"
 *  4  1  version: 1 = AES-256-GCM in one piece (2, STREAM chunks: stream.ts)
 *  5 12  nonce
 * 17 32  salt of the key commitment
 * 49  …  AES-256-GCM(padded plaintext) and its 16-byte tag
 * ```
 *
 * Associated data = canonical record context ‖ the 49 header bytes.
 *
 * Nonce: each key is fresh and encrypts one message, so any nonce would be safe (NIST SP 800-38D §8). It is random all
 * the same: should a caller's fault ever use a key twice, the nonces still differ, for twelve bytes.
 *
 * The commitment salt is public. What it commits to is a uniform 256-bit key, so the salt hides nothing further; it
 * makes the commitment unique to this envelope.
 */
const MAGIC = new TextEncoder().encode("SALR");
const VERSION = 1;
const NONCE_AT = 5;
const SALT_AT = 17;
const BODY_AT = 49;
const TAG_BYTES = 16;

/** What {@link sealRecord} makes: envelope bytes to store, and the secrets to split and commit to. */
export type SealedRecord = { envelope: Uint8Array; key: Uint8Array; keySalt: Uint8Array };

/** The parts of an envelope that are not secret. */
export type EnvelopeParts = { header: Uint8Array; nonce: Uint8Array; keySalt: Uint8Array; body: Uint8Array };

/**
 * Encrypts one record with a fresh random 256-bit key, padded to its size bucket and bound to `context`.
 *
 * @throws SDK_RECORD_TOO_LARGE, SDK_VALUE_OUT_OF_RANGE or SDK_INVALID_INPUT for a bad context
 */
export async function sealRecord(context: RecordContext, plaintext: Uint8Array): Promise<SealedRecord> {
  const key = randomBytes(32);
  const header = new Uint8Array(BODY_AT);
  header.set(MAGIC);
  header[4] = VERSION;
  globalThis.crypto.getRandomValues(header.subarray(NONCE_AT));
  const framed = pad(plaintext);
  const body = await sealMessage(cipherOf(context, header, key), framed);
  framed.fill(0);
  return { envelope: concat(header, body), key, keySalt: header.slice(SALT_AT) };
}

/**
 * Reads an envelope's header without decrypting.
 *
 * @throws SDK_ENVELOPE_MALFORMED, SDK_ENVELOPE_UNSUPPORTED (a version this software does not know)
 */
export function parseEnvelope(envelope: Uint8Array): EnvelopeParts {
  if (envelope.length < BODY_AT + TAG_BYTES || !MAGIC.every((byte, i) => envelope[i] === byte)) {
    throw new SalusError({
      code: "SDK_ENVELOPE_MALFORMED",
      message: "These bytes are not an encrypted record.",
      details: { size: envelope.length },
    });
  }
  if (envelope[4] !== VERSION) {
    throw new SalusError({
      code: "SDK_ENVELOPE_UNSUPPORTED",
      message: `The encrypted record has format version ${envelope[4]}; this software reads version ${VERSION}.`,
      details: { version: envelope[4] },
    });
  }
  return {
    header: envelope.subarray(0, BODY_AT),
    nonce: envelope.subarray(NONCE_AT, SALT_AT),
    keySalt: envelope.subarray(SALT_AT, BODY_AT),
    body: envelope.subarray(BODY_AT),
  };
}

/**
 * Decrypts an envelope with the record's key.
 *
 * @throws SDK_RECORD_CONTEXT_MISMATCH when bytes, key or any part of the context is not what it was sealed with
 */
export async function openEnvelope(
  context: RecordContext,
  envelope: Uint8Array,
  key: Uint8Array,
): Promise<Uint8Array> {
  const { header, body } = parseEnvelope(envelope);
  let framed: Uint8Array;
  try {
    framed = await openMessage(cipherOf(context, header, key), body);
  } catch (cause) {
    throw new SalusError({
      code: "SDK_RECORD_CONTEXT_MISMATCH",
      message: `Record ${context.recordId} does not decrypt for dataset ${context.dataset}, origin version ${context.originVersion}.`,
      details: {
        recordId: context.recordId,
        dataset: String(context.dataset),
        originVersion: context.originVersion,
      },
      cause,
    });
  }
  return unpad(framed);
}

function cipherOf(context: RecordContext, header: Uint8Array, key: Uint8Array): MessageCipher {
  return {
    key,
    nonce: header.subarray(NONCE_AT, SALT_AT),
    additionalData: concat(encodeRecordContext(context), header),
  };
}
