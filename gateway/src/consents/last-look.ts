import { sql } from "kysely";
import type { Address } from "viem";
import type { SalusReader } from "@salus/sdk/chain/client";
import { consentRegistryAbi } from "@salus/sdk/generated/abis";
import { inBatchesBy } from "../batching/together.ts";
import { type Block, blockAt } from "../chain/view.ts";
import type { Db } from "../database/connect.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { isDatasetVetoed, type LocalWord, readLocalWord } from "./local-word.ts";

/**
 * Puts what is received about a dataset's subjects and what is signed or released about them in one line: a revocation
 * is stored either before the last look, which then sees it, or after the work is done.
 */
export async function inConsentLine<T>(db: Db, dataset: bigint, work: (tx: Db) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await takePlace(tx, dataset);
    return work(tx);
  });
}

/** A place in the line, until the transaction ends: without one, at once. */
async function takePlace(db: Db, dataset: bigint): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`consent:${dataset}`}, 0))`.execute(db);
}

/**
 * This gateway's own word, once whoever is in the line has come out of it. Nothing is signed or stored upon it there, so the
 * place is not kept: a revocation that comes now is acknowledged after this was read, with the place or without.
 */
async function readAfterLine(db: Db, dataset: bigint): Promise<LocalWord> {
  await takePlace(db, dataset);
  return readLocalWord(db, dataset);
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
  const [local, [moved]] = await Promise.all([
    readLocalWord(tx, basis.dataset),
    changedSince(chain, basis.dataset, [basis.head]),
  ]);
  return stopped({ local, moved: moved! }, basis, subjects);
}

const lookers = new WeakMap<Db, (dataset: bigint, head: Block) => Promise<Look>>();

/**
 * The last look of one answer that stores nothing: what {@link stoppedSince} finds for one that does, once whoever is in the
 * line has come out of it. Done together for the answers about a dataset that wait for it.
 */
export async function lookOnce(
  context: Context,
  basis: Basis,
  subjects: readonly Address[],
): Promise<string[]> {
  const { db, chain } = context;
  let look = lookers.get(db);
  if (!look) {
    look = inBatchesBy(async (dataset, heads: readonly Block[]) => {
      const [local, moved] = await Promise.all([
        readAfterLine(db, dataset),
        changedSince(chain, dataset, heads),
      ]);
      return moved.map((changed) => ({ local, moved: changed }));
    });
    lookers.set(db, look);
  }
  return stopped(await look(basis.dataset, basis.head), basis, subjects);
}

/** What a look finds: this gateway's own word, and who wrote their slot since the block of the decision. */
type Look = { local: LocalWord; moved: ReadonlySet<string> };

function stopped({ local, moved }: Look, basis: Basis, subjects: readonly Address[]): string[] {
  // A decision that permitted anything found no veto of the whole dataset.
  const wholly = isDatasetVetoed(local);
  return subjects
    .map((subject) => subject.toLowerCase())
    .filter((subject) => {
      const received = local.revoked.get(subject)?.revocation.maxNonce;
      const newlyRevoked = received !== undefined && received !== basis.revoked.get(subject);
      const newlyVetoed = local.vetoed.has(subject) && !basis.vetoed.has(subject);
      const newlyErased = local.erased.has(subject) && !basis.erased.has(subject);
      return wholly || newlyRevoked || newlyVetoed || newlyErased || moved.has(subject);
    });
}

/**
 * Whoever wrote their slot after the block of a decision, for each of several. One endpoint that has heard of a change is
 * enough: it may be ahead, or the other may keep it back. Whether to stop or to widen: the decision is made anew.
 *
 * @throws GATEWAY_CHAIN_UNAVAILABLE when a reorganisation took such a block away: what came in its place may hold a revocation
 */
async function changedSince(
  chain: Context["chain"],
  dataset: bigint,
  heads: readonly Block[],
): Promise<ReadonlySet<string>[]> {
  const now = await chain.heads();
  // Nothing came after a block that every endpoint still has for its head.
  if ([...now, ...heads].every(({ hash }) => hash === now[0]!.hash)) return heads.map(() => new Set());
  const heard = await chain.readEach((reader) => changedOnChain(reader, dataset, heads));
  return heads.map(({ hash }) => new Set(heard.flatMap((changed) => changed.get(hash)!)));
}

/** By the hash of each block. */
async function changedOnChain(
  reader: SalusReader,
  dataset: bigint,
  heads: readonly Block[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const distinct = [...new Map(heads.map((head) => [head.hash, head])).values()];
  const [latest, ...standing] = await Promise.all([
    reader.publicClient.getBlockNumber(),
    ...distinct.map(({ number }) => blockAt(reader, { blockNumber: number })),
  ]);
  const changed = new Map<string, readonly string[]>();
  for (const [i, { number, hash }] of distinct.entries()) {
    if (latest < number || standing[i]!.hash !== hash) {
      throw new GatewayError(
        "GATEWAY_CHAIN_UNAVAILABLE",
        `Block ${number}, which the decision rests on, is not part of the chain any more.`,
      );
    }
    changed.set(hash, await writersBetween(reader, dataset, number + 1n, latest));
  }
  return changed;
}

async function writersBetween(
  { publicClient, deployment }: SalusReader,
  dataset: bigint,
  fromBlock: bigint,
  toBlock: bigint,
): Promise<string[]> {
  if (fromBlock > toBlock) return [];
  const events = await publicClient.getContractEvents({
    address: deployment.contracts.ConsentRegistry,
    abi: consentRegistryAbi,
    eventName: "ConsentChanged",
    args: { dataset },
    fromBlock,
    toBlock,
    strict: true,
  });
  return events.map(({ args }) => args.subject.toLowerCase());
}
