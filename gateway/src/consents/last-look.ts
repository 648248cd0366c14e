import { sql } from "kysely";
import type { Address } from "viem";
import type { SalusReader } from "@salus/sdk/chain/client";
import { consentRegistryAbi } from "@salus/sdk/generated/abis";
import { type Block, blockAt } from "../chain/view.ts";
import type { Db } from "../database/connect.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { readLocalWord } from "./local-word.ts";

/**
 * Puts what is received about a dataset's subjects and what is signed or released about them in one line: a revocation
 * is stored either before the last look, which then sees it, or after the work is done.
 */
export async function inConsentLine<T>(db: Db, dataset: bigint, work: (tx: Db) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`consent:${dataset}`}, 0))`.execute(tx);
    return work(tx);
  });
}

/** The state of a dataset's consents that a decision was based on. */
export type Basis = {
  dataset: bigint;
  /** highest received revocation of each subject, by lower-case subject */
  revoked: ReadonlyMap<string, number>;
  vetoed: ReadonlySet<string>;
  erased: ReadonlySet<string>;
  /** the block that the decision saw as head */
  head: Block;
};

/** Subjects (lower case) who stopped, or were vetoed, since the decision; to be asked within {@link inConsentLine}. */
export async function stoppedSince(
  { chain }: Context,
  tx: Db,
  basis: Basis,
  subjects: readonly Address[],
): Promise<string[]> {
  const [local, onChain] = await Promise.all([
    readLocalWord(tx, basis.dataset),
    // One endpoint that has heard of a change is enough: it may be ahead, or the other may keep it back.
    chain.readEach((reader) => changedOnChain(reader, basis)),
  ]);
  const moved = new Set(onChain.flat());
  return subjects
    .map((subject) => subject.toLowerCase())
    .filter((subject) => {
      const received = local.revoked.get(subject)?.revocation.maxNonce;
      const newlyRevoked = received !== undefined && received !== basis.revoked.get(subject);
      const newlyVetoed = local.vetoed.has(subject) && !basis.vetoed.has(subject);
      const newlyErased = local.erased.has(subject) && !basis.erased.has(subject);
      return newlyRevoked || newlyVetoed || newlyErased || moved.has(subject);
    });
}

/**
 * Whoever wrote their slot after the block of the decision. Whether to stop or to widen: the decision is made anew.
 *
 * @throws GATEWAY_CHAIN_UNAVAILABLE when a reorganisation took that block away: what came in its place may hold a revocation
 */
async function changedOnChain(reader: SalusReader, { dataset, head }: Basis): Promise<string[]> {
  const { publicClient, deployment } = reader;
  const latest = await publicClient.getBlockNumber();
  if (latest < head.number || (await blockAt(reader, { blockNumber: head.number })).hash !== head.hash) {
    throw new GatewayError(
      "GATEWAY_CHAIN_UNAVAILABLE",
      `Block ${head.number}, which the decision rests on, is not part of the chain any more.`,
    );
  }
  if (latest === head.number) return [];
  const events = await publicClient.getContractEvents({
    address: deployment.contracts.ConsentRegistry,
    abi: consentRegistryAbi,
    eventName: "ConsentChanged",
    args: { dataset },
    fromBlock: head.number + 1n,
    toBlock: latest,
    strict: true,
  });
  return events.map(({ args }) => args.subject.toLowerCase());
}
