import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import type { Address, Hex } from "viem";
import {
  buildRewards,
  buildSumTree,
  hashRewardLeaf,
  parseRewardFile,
  verifyRewardLeaf,
  type Contributor,
  type RewardInput,
  type RewardLeaf,
} from "@salus/sdk";
import { mustBe } from "./gas/measure.ts";
import { atMost, type BenchRow } from "./row.ts";

const LEAVES = 131_072;
const PIECE = 1_024;
const ROOT: Hex = `0x${"11".repeat(32)}`;
const POT: Hex = `0x${"22".repeat(32)}`;
const EARNED = 10n ** 12n;
const SECONDS = 3;
const TIMES_FASTER = 10;

/**
 * Building a dataset's rewards for 131,072 people, file and root together; then the tree alone with every proof, against
 * OpenZeppelin's library with the same leaves (its tree holds no sums).
 */
export async function rows(): Promise<BenchRow[]> {
  const input = inputOf(peopleOf(LEAVES));
  await buildRewards(inputOf(peopleOf(PIECE))); // the first run compiles
  const pieces: Uint8Array[] = [];
  const { result: built, seconds } = await timed(() =>
    buildRewards(input, (piece) => void pieces.push(piece)),
  );
  const file = parseRewardFile(new Uint8Array(Buffer.concat(pieces)));
  mustBe("The number of leaves", built?.count, LEAVES);
  mustBe("The file's digest", file.digest, built!.leafFile);
  mustBe("The money", built!.total + built!.undistributed, EARNED);
  const leaves = Array.from({ length: LEAVES }, (_, i) => file.leaf(i));
  const own = await timed(() => proveAll(leaves));
  mustBe("The tree's root", own.result, built!.root);
  const peer = await timed(() => proveAllWithPeer(leaves));
  const faster = peer.seconds / own.seconds;
  return [
    atMost("rewards.build.seconds", `build ${LEAVES} leaves, file and root`, seconds, "s", SECONDS),
    {
      id: "rewards.build.ratio",
      case: `build and prove ${LEAVES} leaves, times faster`,
      value: faster,
      unit: "x",
      bar: TIMES_FASTER,
      ok: faster >= TIMES_FASTER,
      peer: "@openzeppelin/merkle-tree 1.0.8, without sums, seconds",
      peerValue: peer.seconds,
      ratio: own.seconds / peer.seconds,
    },
  ];
}

/** Subjects spread over all addresses, ascending. */
function peopleOf(count: number): Contributor[] {
  const step = (1n << 160n) / BigInt(count + 1);
  return Array.from({ length: count }, (_, i) => {
    const subject = `0x${(step * BigInt(i + 1)).toString(16).padStart(40, "0")}` as Address;
    return { subject, weight: 1 + (i % 3), attested: false };
  });
}

function inputOf(people: readonly Contributor[]): RewardInput {
  const address = (byte: string): Address => `0x${byte.repeat(20)}`;
  return {
    scope: { chainId: 31337, rewards: address("33"), dataset: 1n, token: address("44"), epoch: 9 },
    events: [
      { type: "credit", pot: POT, amount: EARNED, contributorsRoot: ROOT },
      { type: "collect", pot: POT, amount: EARNED, time: 1 },
    ],
    contributors: new Map([
      [
        ROOT,
        function* () {
          for (let i = 0; i < people.length; i += PIECE) yield people.slice(i, i + PIECE);
        },
      ],
    ]),
    lapsePeriod: 1_000,
    time: 9,
  };
}

function proveAll(leaves: readonly RewardLeaf[]): Hex {
  const hashed = leaves.map((leaf) => ({ hash: hashRewardLeaf(leaf), amount: leaf.cumulative }));
  const tree = buildSumTree(hashed, leaves.length);
  const proofs = leaves.map((_, index) => tree.prove(index));
  for (const index of [0, 1, LEAVES / 2, LEAVES - 1]) {
    mustBe("A proof", verifyRewardLeaf(leaves[index]!, proofs[index]!, tree), true);
  }
  return tree.root;
}

function proveAllWithPeer(leaves: readonly RewardLeaf[]): void {
  const rows = leaves.map(({ subject, cumulative, lapsed }) => [subject, cumulative, lapsed]);
  const tree = StandardMerkleTree.of(rows, ["address", "uint128", "uint128"]);
  const proofs = leaves.map((_, index) => tree.getProof(index));
  mustBe("A peer's proof", tree.verify(0, proofs[0]!), true);
}

async function timed<T>(run: () => T | Promise<T>): Promise<{ result: T; seconds: number }> {
  const start = performance.now();
  const result = await run();
  return { result, seconds: (performance.now() - start) / 1000 };
}
