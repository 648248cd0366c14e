import { http, type Hex } from "viem";
import { type SalusReader, connect } from "@salus/sdk/chain/client";
import type { Deployment } from "@salus/sdk/chain/deployment";
import { sharedBy } from "../batching/together.ts";
import { GatewayError, isGatewayError } from "../errors/gateway-error.ts";

/** Blocks of which answers are kept, and most answers of one. */
const BLOCKS_KEPT = 8;
const ANSWERS_KEPT = 10_000;

/** A block as far as decisions need it; time in seconds. */
export type Block = { number: bigint; hash: Hex; time: number };

/** What the configured endpoints agree that the chain is now. */
export type Snapshot = { head: Block; finalized: Block };

/** The gateway's view of the chain through one endpoint, or several that must agree. */
export type ChainView = {
  /** @throws GATEWAY_CHAIN_UNAVAILABLE, GATEWAY_RPC_DISAGREEMENT */
  snapshot(): Promise<Snapshot>;
  /**
   * Reads through every endpoint and compares. What is read must not depend on the moment: pin it to a block.
   * @throws GATEWAY_CHAIN_UNAVAILABLE, GATEWAY_RPC_DISAGREEMENT
   */
  read<T>(query: (reader: SalusReader) => Promise<T>): Promise<T>;
  /**
   * {@link ChainView.read} of what one block holds, kept for a while: a block never changes.
   * @param name of what is read, the same for the same
   */
  readAt<T>(block: Hex, name: string, query: (reader: SalusReader) => Promise<T>): Promise<T>;
  /**
   * Reads through every endpoint and gives each one's answer, for what denies on the word of any of them.
   * @throws GATEWAY_CHAIN_UNAVAILABLE when one does not answer
   */
  readEach<T>(query: (reader: SalusReader) => Promise<T>): Promise<T[]>;
  /**
   * Each endpoint's newest block as it is now, for the last look before something leaves.
   * @throws GATEWAY_CHAIN_UNAVAILABLE when one does not answer
   */
  heads(): Promise<Block[]>;
  /** The first endpoint, for what needs no agreement. */
  reader: SalusReader;
};

/**
 * Blocks that the heads of two endpoints may be apart: what the slower one has not heard of yet. The last look before
 * something leaves asks each for what is newer; an endpoint that is further behind is no witness.
 */
export const MOST_APART = 8n;

/** Opens the view. It contacts nobody before it is asked. */
export function openChainView(deployment: Deployment, rpcUrls: readonly string[]): ChainView {
  return viewThrough(
    rpcUrls.map((url) => connect({ deployment, transport: http(url, { retryCount: 2, timeout: 10_000 }) })),
  );
}

/** The view through readers that are open already. */
export function viewThrough(readers: readonly SalusReader[]): ChainView {
  const readEach = <T>(query: (reader: SalusReader) => Promise<T>): Promise<T[]> =>
    Promise.all(readers.map(query)).catch(unavailable);
  const read = async <T>(query: (reader: SalusReader) => Promise<T>): Promise<T> => {
    const answers = await readEach(query);
    if (answers.some((answer) => plain(answer) !== plain(answers[0]))) {
      throw disagreement("answer the same question differently");
    }
    return answers[0]!;
  };
  const heads = () => readEach((reader) => blockAt(reader, { blockTag: "latest" }));
  const finals = finalsBy(readEach);
  const snapshots = sharedBy(() => takeSnapshot({ read, heads }, finals));
  const kept = new Map<Hex, Map<string, Promise<unknown>>>();
  return {
    reader: readers[0]!,
    read,
    readEach,
    heads,
    readAt<T>(block: Hex, name: string, query: (reader: SalusReader) => Promise<T>) {
      const answers = answersOf(kept, block);
      const known = answers.get(name) as Promise<T> | undefined;
      if (known) return known;
      const answer = read(query);
      answers.set(name, answer);
      answer.catch(() => answers.delete(name)); // a failure is no answer
      return answer;
    },
    snapshot: () => snapshots("now"),
  };
}

/** What is kept of a block; the block that was not asked about for longest goes first. */
function answersOf(kept: Map<Hex, Map<string, Promise<unknown>>>, block: Hex): Map<string, Promise<unknown>> {
  const known = kept.get(block);
  const answers = known && known.size < ANSWERS_KEPT ? known : new Map<string, Promise<unknown>>();
  kept.delete(block);
  kept.set(block, answers);
  if (kept.size > BLOCKS_KEPT) kept.delete(kept.keys().next().value!);
  return answers;
}

type Finals = (heads: readonly Block[]) => Promise<Block[]>;

/**
 * What the endpoints take to be final, asked anew whenever one of them has another head. Blocks become final as new ones
 * come; where they do so between two, permissions wait for the next.
 */
function finalsBy(readEach: ChainView["readEach"]): Finals {
  let known: { heads: string; finals: Promise<Block[]> } | undefined;
  return (blocks) => {
    const heads = blocks.map(({ hash }) => hash).join();
    if (known?.heads !== heads) {
      const asked = { heads, finals: readEach((reader) => blockAt(reader, { blockTag: "finalized" })) };
      known = asked;
      asked.finals.catch(() => (known = known === asked ? undefined : known)); // a failure is no answer
    }
    return known!.finals;
  };
}

async function takeSnapshot(
  { read, heads: headsNow }: Pick<ChainView, "read" | "heads">,
  finalsAt: Finals,
): Promise<Snapshot> {
  const heads = await headsNow();
  const finals = await finalsAt(heads);
  if (heads.length === 1) return { head: heads[0]!, finalized: finals[0]! };
  const apart = highest(heads) - lowest(heads);
  if (apart > MOST_APART) throw disagreement(`are ${apart} blocks apart`);
  // The lower head is what all of them have. A lower finalized block only makes permissions wait longer.
  const head = await read((reader) => blockAt(reader, { blockNumber: lowest(heads) }));
  const finalized = await read((reader) => blockAt(reader, { blockNumber: lowest(finals) }));
  return { head, finalized };
}

/** One block, by tag or number. */
export async function blockAt(
  { publicClient }: SalusReader,
  which: { blockTag: "latest" | "finalized" } | { blockNumber: bigint },
): Promise<Block> {
  const { number, hash, timestamp } = await publicClient.getBlock(which);
  return { number: number!, hash: hash!, time: Number(timestamp) };
}

function lowest(blocks: readonly Block[]): bigint {
  return blocks.reduce((least, { number }) => (number < least ? number : least), blocks[0]!.number);
}

function highest(blocks: readonly Block[]): bigint {
  return blocks.reduce((most, { number }) => (number > most ? number : most), blocks[0]!.number);
}

function plain(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? `${member}n` : member));
}

/** Whether an error says that the chain is in doubt: away, or told differently by two endpoints. */
export function isInDoubt(error: unknown): boolean {
  return (
    isGatewayError(error, "GATEWAY_CHAIN_UNAVAILABLE") || isGatewayError(error, "GATEWAY_RPC_DISAGREEMENT")
  );
}

function unavailable(cause: unknown): never {
  if (isGatewayError(cause)) throw cause;
  throw new GatewayError("GATEWAY_CHAIN_UNAVAILABLE", "The chain could not be read.", { cause });
}

function disagreement(how: string): GatewayError {
  return new GatewayError("GATEWAY_RPC_DISAGREEMENT", `The gateway's chain endpoints ${how}.`);
}
