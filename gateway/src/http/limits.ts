import { MAX_MODEL_BYTES } from "@salus/compute/index";
import { UPLOAD_PIECE_BYTES } from "@salus/sdk/gateway/uploads";
import { REQUEST_LIFETIME } from "@salus/sdk/gateway/requests";
import { MOST_ENTRIES } from "@salus/sdk/log/audit-history";
import { MAX_DESCRIPTOR_BYTES } from "@salus/sdk/records/descriptor";
import { MAX_LEAVES } from "@salus/sdk/records/leaf-file";

/** What a limit counts. */
export type LimitUnit = "bytes" | "items" | "levels" | "seconds" | "connections" | "characters" | "requests";

/** One limit: its value, and what it bounds in words for the documentation. */
export type Limit = { readonly value: number; readonly unit: LimitUnit; readonly what: string };

const MIB = 1024 * 1024;

const limit = (value: number, unit: LimitUnit, what: string): Limit => ({ value, unit, what });

/**
 * Every bound on what strangers may send and on what an answer holds, once. Routes read the values from {@link LIMIT};
 * docs/limits.md is made of this table, of {@link RATES} and of the routes' own rows.
 */
export const LIMITS = {
  connections: limit(4096, "connections", "open connections of one process; further ones are refused"),
  headerBytes: limit(16 * 1024, "bytes", "all headers of a request together, its first line included"),
  headerSeconds: limit(20, "seconds", "until a request's headers have arrived"),
  requestSeconds: limit(300, "seconds", "until a whole request has arrived"),
  idleSeconds: limit(330, "seconds", "a connection on which nothing moves is closed"),
  keepAliveSeconds: limit(72, "seconds", "a connection is kept open after an answer"),
  parameterCharacters: limit(200, "characters", "one part of a path"),
  jsonBytes: limit(MIB, "bytes", "a JSON body, unless its route says otherwise"),
  jsonLevels: limit(64, "levels", "arrays and objects within one another in a JSON body"),
  requestLifetimeSeconds: limit(
    REQUEST_LIFETIME,
    "seconds",
    "age of a signed request; its nonce is kept twice as long",
  ),
  uploadTokenSeconds: limit(24 * 3600, "seconds", "life of an upload token"),
  handOverSeconds: limit(3600, "seconds", "validity of a hand-over that the custodian signs"),

  blobBytes: limit(64 * MIB, "bytes", "a file in one request; larger ones are uploaded in pieces"),
  checkedBlobBytes: limit(
    16 * MIB,
    "bytes",
    "a stored file that is read whole and checked before it is sent; larger ones are streamed",
  ),
  batchBytes: limit(32 * MIB, "bytes", "a batch of files"),
  batchFiles: limit(1000, "items", "files in a batch"),
  pieceBytes: limit(UPLOAD_PIECE_BYTES, "bytes", "a piece of an upload"),
  uploadBytes: limit(2 ** 40 - 1, "bytes", "an upload in pieces"),
  descriptorBytes: limit(MAX_DESCRIPTOR_BYTES, "bytes", "a descriptor"),
  modelBytes: limit(MAX_MODEL_BYTES, "bytes", "a model's file"),

  versionBytes: limit(24 * MIB, "bytes", "a version with its sealed key shares, as JSON"),
  sealedShareBytes: limit(12 * MIB, "bytes", "one gateway's key shares of a version, sealed"),
  versionRecords: limit(MAX_LEAVES, "items", "records of a version, and records named in one request"),
  sealedInputBytes: limit(256 * 1024, "bytes", "a model's input, sealed"),
  releaseBytes: limit(64 * MIB, "bytes", "key shares of a release, sealed, in an answer"),
  peerBytes: limit(16 * MIB, "bytes", "a request for key shares or for a cosignature"),
  sealedResultBytes: limit(12 * MIB, "bytes", "a sealed result handed in for its cosignature"),
  excludedSubjects: limit(
    10_000,
    "items",
    "excluded subjects, with their evidence, in one request for a cosignature",
  ),
  receiptLogs: limit(14, "items", "log positions of a receipt"),

  voteReasonCharacters: limit(
    500,
    "characters",
    "the reason of a vote that is relayed: each costs the operator gas",
  ),
  idempotentAnswerBytes: limit(
    256 * 1024,
    "bytes",
    "an answer that is kept under its `idempotency-key`; larger ones are given anew",
  ),
  accessLogEntries: limit(
    MOST_ENTRIES,
    "items",
    "entries of a subject's access log in one answer, the newest first",
  ),
  logLeaves: limit(4096, "items", "leaves of the log in one answer"),
  proofNodes: limit(128, "items", "nodes of one proof of the log"),

  revocationsADay: limit(
    8,
    "items",
    "revocations of one subject that are brought on chain within 24 hours; further ones hold here at once and wait for their transaction",
  ),
  revocationsWaiting: limit(
    8,
    "items",
    "revocations of one subject by one speaker that are kept until they are final; of a key's the one that reaches furthest takes the place of the others",
  ),
  readySeconds: limit(1, "seconds", "a look at readiness is kept for whoever asks again"),
  checkSeconds: limit(5, "seconds", "one look at database, chain, storage or queue"),
  queueSeconds: limit(300, "seconds", "a due task that waits longer makes the gateway not ready"),
  unprovenAMinute: limit(
    300,
    "requests",
    "requests of one address in a minute that are refused before a signature was proven; then the address waits, except to revoke",
  ),
  rateKeys: limit(
    20_000,
    "items",
    "addresses or signers counted at a time by each rate; the longest unseen is forgotten first",
  ),
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;

/** The values of {@link LIMITS} by name. */
export const LIMIT = Object.fromEntries(Object.entries(LIMITS).map(([name, { value }]) => [name, value])) as {
  readonly [Name in LimitName]: (typeof LIMITS)[Name]["value"];
};

/** Whom a rate counts. */
export type RateKey = "nobody" | "address" | "signer";

/** How often: requests in a minute, of each address or of each signer who proved to be one. */
export type Rate = {
  readonly by: RateKey;
  readonly aMinute: number;
  readonly what: string;
  /** not refused because others at the address failed to prove a signature */
  readonly spared?: true;
};

/**
 * Rates. Those by address are counted before anything is looked at. Those by signer are counted once the signature holds,
 * so nobody uses up another's; what fails before counts against the address ({@link LIMITS.unprovenAMinute}).
 */
export const RATES = {
  unlimited: { by: "nobody", aMinute: Infinity, what: "for the operator's own probes" },
  stopping: {
    by: "nobody",
    aMinute: Infinity,
    what: "a word to stop sharing: never refused for a rate, whoever floods",
  },
  strangers: {
    by: "address",
    aMinute: 60,
    what: "words to stop sharing of subjects without a record here, which are passed on; whoever has one is never refused",
  },
  reads: { by: "address", aMinute: 1200, what: "anonymous reads" },
  files: { by: "address", aMinute: 12_000, what: "files, of which a download takes many" },
  jobs: {
    by: "address",
    aMinute: 300,
    what: "jobs and models that show an order, a mandate or a training on chain",
  },
  uploads: {
    by: "signer",
    aMinute: 12_000,
    what: "files, of each operator whose upload token they carry; on a curator's token, of each address",
  },
  versions: { by: "signer", aMinute: 120, what: "versions and models, counted in the same way" },
  buyers: {
    by: "signer",
    aMinute: 120,
    what: "releases and results, of each buyer; vetoes lifted, of the operator",
  },
  subjects: { by: "signer", aMinute: 60, what: "words of each person, and questions about their own record" },
  ends: {
    by: "signer",
    aMinute: 60,
    spared: true,
    what: "erasures, vetoes and removed proxies, of each person or operator, whoever else floods from the address",
  },
  peers: { by: "signer", aMinute: 3000, what: "requests of each other gateway" },
} as const satisfies Record<string, Rate>;

export type RateName = keyof typeof RATES;
