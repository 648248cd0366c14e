/**
 * A person's own process that lists, or downloads, one large record: the test watches its memory and kills its gateway in the
 * middle. Its one argument is a task in JSON, its last line an answer in JSON; in the middle it says `half` and waits for a
 * line, so that what is killed is certain to be at work.
 */
import { createCipheriv, createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { http, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { connectAs, fromHex, listCohort, newRecordId, parseManifest } from "@salus/sdk";
import { downloadRecords, fromWire, type GatewayTarget, type Wire } from "@salus/sdk/gateway/index";
import type { Order } from "@salus/sdk/types";
import { cohortListing } from "./gateway-market.ts";

export type ListLarge = {
  task: "list";
  rpcUrl: string;
  deploymentFile: string;
  operatorKey: Hex;
  /** small records besides the large one */
  small: number;
  size: number;
};

export type DownloadLarge = {
  task: "download";
  manifestFile: string;
  id: Hex;
  order: Wire<Order>;
  gateways: GatewayTarget[];
  buyerKey: Hex;
  recipient: { publicKey: Hex; privateKey: Hex };
  escrow: Hex;
  size: number;
  pause: boolean;
};

/** Bytes; digest of the large record's plaintext; most memory, and that before the large record. */
export type LargeAnswer = {
  digest: string;
  bytes: number;
  peakRss: number;
  startRss: number;
  asset?: string;
  manifest?: string;
  /** code and chunk of the error that the download ended with */
  error?: { code: string; chunk?: number };
};

const PIECE = 1_000_000;

/** The large record: an AES-CTR key stream, so that each place differs and none of it is held. */
export function* largePlaintext(size: number): Generator<Uint8Array> {
  const stream = createCipheriv("aes-128-ctr", Buffer.alloc(16, 1), Buffer.alloc(16));
  const zeros = Buffer.alloc(PIECE);
  for (let at = 0; at < size; at += PIECE) yield stream.update(zeros.subarray(0, Math.min(PIECE, size - at)));
}

/** What the test compares with. */
export function largeDigest(size: number): string {
  const hash = createHash("sha256");
  for (const piece of largePlaintext(size)) hash.update(piece);
  return hash.digest("hex");
}

async function pauseInTheMiddle(): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  const told = new Promise((resolve) => lines.once("line", resolve));
  process.stdout.write("half\n");
  await told;
  lines.close();
  process.stdin.unref?.();
}

async function list({ rpcUrl, deploymentFile, operatorKey, small, size }: ListLarge): Promise<LargeAnswer> {
  const salus = connectAs({
    deployment: JSON.parse(readFileSync(deploymentFile, "utf8")),
    transport: http(rpcUrl),
    account: privateKeyToAccount(operatorKey),
    pollingInterval: 200,
  });
  const cohort = cohortListing(salus, small + 1);
  const hash = createHash("sha256");
  async function* open() {
    let given = 0;
    for (const piece of largePlaintext(size)) {
      if (given < size / 2 && given + piece.length >= size / 2) await pauseInTheMiddle();
      given += piece.length;
      hash.update(piece);
      yield piece;
    }
  }
  const records = cohort.records.map((record, i) => {
    const { plaintext, ...about } = record;
    return i === small ? { ...about, recordId: newRecordId(), size, open } : { ...about, plaintext };
  });
  const startRss = process.memoryUsage.rss();
  const { asset, built } = await listCohort(salus, { ...cohort, records });
  return {
    asset: asset.toString(),
    manifest: Buffer.from(built.manifestFile.bytes).toString("base64"),
    digest: hash.digest("hex"),
    bytes: size,
    startRss,
    peakRss: process.resourceUsage().maxRSS * 1024,
  };
}

async function download(task: DownloadLarge): Promise<LargeAnswer> {
  const hash = createHash("sha256");
  let bytes = 0;
  const startRss = process.memoryUsage.rss();
  const answer = (): LargeAnswer => ({
    digest: hash.digest("hex"),
    bytes,
    startRss,
    peakRss: process.resourceUsage().maxRSS * 1024,
  });
  try {
    await downloadRecords({
      id: task.id,
      order: fromWire("Order", task.order),
      gateways: task.gateways,
      manifest: parseManifest(readFileSync(task.manifestFile)),
      signer: privateKeyToAccount(task.buyerKey),
      recipientKey: {
        publicKey: task.recipient.publicKey,
        privateKey: fromHex(task.recipient.privateKey, 32, "key"),
      },
      escrow: task.escrow,
      takeLarge: async ({ plaintext }) => {
        for await (const piece of plaintext) {
          const middle = bytes < task.size / 2 && bytes + piece.length >= task.size / 2;
          hash.update(piece);
          bytes += piece.length;
          if (middle && task.pause) await pauseInTheMiddle();
        }
      },
    });
    return answer();
  } catch (error) {
    const { code, details } = error as { code: string; details?: { chunk?: number } };
    if (!code) throw error;
    return {
      ...answer(),
      error: { code, ...(details?.chunk === undefined ? {} : { chunk: details.chunk }) },
    };
  }
}

if (process.argv[1] === import.meta.filename) {
  const task = JSON.parse(process.argv[2]!) as ListLarge | DownloadLarge;
  const answer = await (task.task === "list" ? list(task) : download(task));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
