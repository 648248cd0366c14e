import pino from "pino";
import { describe, expect, it } from "vitest";
import type { SalusReader, SalusWriter } from "@salus/sdk/chain/client";
import type { ContestRequest, HandOverRequest } from "@salus/sdk/gateway/types";
import { viewThrough } from "../chain/view.ts";
import type { Context } from "../context.ts";
import { keepHandOver, type KeptWord } from "./keep-hand-over.ts";

const SUBJECT = "0x00000000000000000000000000000000000000aa";
const THIEF = "0x00000000000000000000000000000000000000bb";
const CODE = "0x00000000000000000000000000000000000000cc";
const NOBODY = "0x0000000000000000000000000000000000000000";
const NOW = 1_000;

/** What the registry says of the subject's place: how many hand-overs there were, and who is in line for it. */
type Place = { nonce: number; account?: string; inForce?: boolean };

const handOver: KeptWord = {
  word: "hand-over",
  body: {
    handOver: { dataset: "7", subject: SUBJECT, controller: THIEF, nonce: 0, validUntil: NOW + 100 },
    codeKey: CODE,
    codeSignature: "0x01",
  } as unknown as HandOverRequest,
  custodianSignature: "0x02",
  since: NOW,
};
const contest: KeptWord = {
  word: "contest",
  body: {
    contest: { dataset: "7", subject: SUBJECT, nonce: 0 },
    codeKey: CODE,
    signature: "0x03",
  } as unknown as ContestRequest,
  since: NOW,
};

/** Runs the task once on a chain whose head (block 9) and finalized block (7) hold these; says what it did. */
async function keep(
  kept: KeptWord,
  at: { head: Place; finalized: Place },
  change: { time?: number; now?: number } = {},
) {
  const placeIn = (block: bigint) => (block === 9n ? at.head : at.finalized);
  const publicClient = {
    getBlock: async ({ blockTag }: { blockTag: string }) => ({
      number: blockTag === "latest" ? 9n : 7n,
      hash: "0x00",
      timestamp: BigInt(change.time ?? NOW),
    }),
    readContract: async ({ functionName, blockNumber }: { functionName: string; blockNumber: bigint }) => {
      const { nonce, account = NOBODY, inForce = false } = placeIn(blockNumber);
      if (functionName === "controllerOf") return inForce ? account : NOBODY;
      return { account, inForceFrom: NOW + 50, nonce, proven: true };
    },
  };
  const done = { submitted: [] as string[], queued: 0 };
  const context = {
    chain: viewThrough([{ deployment: { contracts: {} }, publicClient } as unknown as SalusReader]),
    now: () => change.now ?? NOW,
    logger: pino({ level: "silent" }),
    sender: async (transaction: (writer: SalusWriter) => Promise<unknown>) => {
      const seen = {
        simulateContract: async ({ functionName }: { functionName: string }) => {
          done.submitted.push(functionName);
          throw new Error("tried is enough");
        },
      };
      return transaction({
        deployment: { contracts: {} },
        publicClient: seen,
        walletClient: { account: {} },
      } as never);
    },
    queue: { add: async () => void (done.queued += 1) },
  } as unknown as Context;
  await keepHandOver(context, kept);
  return done;
}

describe("an objection to a hand-over", () => {
  const pending: Place = { nonce: 1, account: THIEF };
  const contested: Place = { nonce: 1 };

  it("is submitted again when a reorganisation took it away while the hand-over stands", async () => {
    expect(await keep(contest, { head: pending, finalized: pending })).toEqual({
      submitted: ["contest"],
      queued: 1,
    });
  });
  it("is only watched while the head has it, and while the hand-over itself is gone", async () => {
    expect(await keep(contest, { head: contested, finalized: pending })).toEqual({
      submitted: [],
      queued: 1,
    });
    expect(await keep(contest, { head: { nonce: 0 }, finalized: { nonce: 0 } })).toEqual({
      submitted: [],
      queued: 1,
    });
  });
  it("is over once it is final, or too late, or about a hand-over that another one followed", async () => {
    const over = { submitted: [], queued: 0 };
    for (const finalized of [contested, { ...pending, inForce: true }, { nonce: 2, account: THIEF }]) {
      expect(await keep(contest, { head: pending, finalized })).toEqual(over);
    }
    expect(await keep(contest, { head: pending, finalized: pending }, { now: NOW + 86_401 })).toEqual(over);
  });
});

describe("a hand-over", () => {
  it("is submitted again while the head lacks it", async () => {
    const gone = { nonce: 0 };
    expect(await keep(handOver, { head: gone, finalized: gone })).toEqual({
      submitted: ["handOver"],
      queued: 1,
    });
    const back = { nonce: 1, account: THIEF };
    expect(await keep(handOver, { head: back, finalized: gone })).toEqual({ submitted: [], queued: 1 });
  });
  it("is over once it is final, contested or not, or its signatures are void", async () => {
    for (const finalized of [{ nonce: 1, account: THIEF }, { nonce: 1 }]) {
      expect(await keep(handOver, { head: finalized, finalized })).toEqual({ submitted: [], queued: 0 });
    }
    const gone = { nonce: 0 };
    const late = await keep(handOver, { head: gone, finalized: gone }, { time: NOW + 101 });
    expect(late).toEqual({ submitted: [], queued: 0 });
  });
});
