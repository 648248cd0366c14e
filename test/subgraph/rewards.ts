/** What a dataset's contributors are paid: pots, roots, challenges, claims; and a payee whom others may pay out. */
import { type Address, concat, type Hex, pad, toHex } from "viem";
import { EIP712_TYPES } from "../../sdk/src/generated/eip712.ts";
import { type NaiveLeaf, naiveNode, naiveParent } from "../../sdk/src/rewards/oracle.fixture.ts";
import { account, act, chain, type Protocol, read, REWARDS } from "./contracts.ts";
import { pass, word, ZERO } from "./market.ts";

const [other, stranger] = [account(6), account(7)];
const operators = [account(10), account(11)];
/** Three subjects with keys of their own, and the code of a letter that nobody opened. */
const [ada, ben, cleo] = [account(20), account(21), account(22)];
const code = account(43);
const purse = "0x00000000000000000000000000000000000b0b01" satisfies Address;
const wallets = [
  "0x00000000000000000000000000000000000b0b02",
  "0x00000000000000000000000000000000000b0b03",
] satisfies Address[];
export const names = { ada, ben, cleo, code, purse, wallets, challenger: other, answerer: operators[0]! };

/** Earned by Ada, Ben, Cleo and whoever the letter is for, and how much of the last one's has lapsed. */
interface Epoch {
  earned: [bigint, bigint, bigint, bigint];
  lapsed: bigint;
}

const FIRST: Epoch = { earned: [700_001n, 499_999n, 750_018n, 50_000n], lapsed: 0n };
/** One unit less for Ada than before. */
const WRONG: Epoch = { earned: [700_000n, 600_000n, 850_000n, 50_000n], lapsed: 0n };
const THIRD: Epoch = { earned: [750_002n, 600_500n, 762_016n, 100_000n], lapsed: 30_003n };

type Tree = ReturnType<typeof grow>;

/**
 * Pots are collected; a root is posted, a leaf of it demanded and shown; Ada claims, Ben signs a claim to his purse. The
 * next root takes from Ada and falls. The third stands: Ben's purse gets the rest, and what lapsed is swept.
 */
export async function reward(p: Protocol, dataset: bigint) {
  const about = [dataset, p.dollar.address] as const;
  const collected = await act(stranger, p.payouts, "collect", [
    p.dollar.address,
    dataset,
    [ZERO, word(0xa6)],
  ]);
  const subject = await read<Address>(p.consents, "provisionalOf", [dataset, code.address]);

  const first = await post(p, dataset, FIRST, subject);
  await act(other, p.rewards, "demandLeaf", [...about, 1], REWARDS.bond);
  await act(operators[0]!, p.rewards, "showLeaf", [...about, first.tree.prove(1)]);
  await pass(REWARDS.challenge);
  const own = { dataset, token: p.dollar.address, proof: first.tree.proofOf(ada.address) };
  const toSelf = await act(ada, p.rewards, "claim", [[own]]);
  const toPurse = await relay(p, dataset, first.tree, 400_000n);

  const wrong = await post(p, dataset, WRONG, subject);
  await act(other, p.rewards, "demandLeaf", [...about, 2], REWARDS.bond);
  const proofs = [first, wrong].map(({ tree }) => tree.proofOf(ada.address));
  await act(stranger, p.rewards, "challengeDecrease", [...about, ...proofs]);

  const third = await post(p, dataset, THIRD, subject);
  await pass(REWARDS.challenge);
  const rest = await relay(p, dataset, third.tree, 2n ** 128n - 1n);
  const swept = await act(stranger, p.rewards, "sweep", [
    ...about,
    code.address,
    third.tree.proofOf(subject),
  ]);
  return { collected, subject, first, wrong, third, toSelf, toPurse, rest, swept };
}

/** A hospital names a wallet, then another, to which a stranger sends its credits, and takes the name back. */
export async function payOut(p: Protocol) {
  const [payee] = operators;
  const named: Hex[] = [];
  for (const wallet of wallets) named.push(await act(payee!, p.payouts, "setRecipient", [wallet]));
  const paid = await act(stranger, p.payouts, "withdrawFor", [p.dollar.address, payee!.address]);
  named.push(await act(payee!, p.payouts, "setRecipient", [pad("0x", { size: 20 })]));
  return { payee: payee!.address, named, paid };
}

/** Ben's signed word that pays him at his purse up to an amount, sent in by a stranger. */
async function relay(p: Protocol, dataset: bigint, tree: Tree, upTo: bigint): Promise<Hex> {
  const about = { dataset, token: p.dollar.address, subject: ben.address, to: purse };
  const claim = { ...about, upTo, deadline: 2_000_000_000 };
  const signature = await sign(p, ben, "Claim", claim);
  return act(stranger, p.rewards, "claimBySig", [claim, tree.proofOf(ben.address), signature]);
}

async function post(p: Protocol, dataset: bigint, { earned, lapsed }: Epoch, letter: Address) {
  const subjects = [ada.address, ben.address, cleo.address, letter];
  const tree = grow(
    subjects.map((subject, i) => ({ subject, cumulative: earned[i]!, lapsed: i === 3 ? lapsed : 0n })),
  );
  // A call is tried out on the last block, of which the epoch must be a past one.
  const epoch = Number(await chain.getBlockNumber({ cacheTime: 0 })) - 1;
  const stated = { root: tree.root, total: tree.total, count: 4, leafFile: word(0x1eaf + epoch) };
  const root = { dataset, token: p.dollar.address, epoch, ...stated };
  const signatures = await Promise.all(
    operators.map(async (operator, i) => ({
      gateway: i + 1,
      signature: await sign(p, operator, "RewardRoot", root),
    })),
  );
  const transaction = await act(stranger, p.rewards, "postRoot", [root, signatures]);
  return { tree, epoch, leafFile: root.leafFile, transaction };
}

function sign(
  p: Protocol,
  by: ReturnType<typeof account>,
  primaryType: "Claim" | "RewardRoot",
  message: object,
) {
  const name = "Salus ContributorRewards";
  const domain = { name, version: "1", chainId: 31337, verifyingContract: p.rewards.address };
  const types = { [primaryType]: EIP712_TYPES[primaryType] };
  return by.signTypedData({ domain, types, primaryType, message } as any);
}

/** Two pairs of leaves under one root, written out. */
function grow(unsorted: NaiveLeaf[]) {
  const leaves = unsorted.toSorted((a, b) => (BigInt(a.subject) < BigInt(b.subject) ? -1 : 1));
  const nodes = leaves.map(naiveNode);
  const pairs = [naiveParent(nodes[0]!, nodes[1]!), naiveParent(nodes[2]!, nodes[3]!)];
  const top = naiveParent(pairs[0]!, pairs[1]!);
  const bytes = ({ hash, sum }: { hash: Hex; sum: bigint }): Hex => concat([hash, toHex(sum, { size: 16 })]);
  const prove = (index: number) => ({
    leaf: leaves[index]!,
    index,
    siblings: concat([bytes(nodes[index ^ 1]!), bytes(pairs[(index >> 1) ^ 1]!)]),
  });
  const proofOf = (subject: Address) => prove(leaves.findIndex((leaf) => leaf.subject === subject));
  return { root: top.hash, total: top.sum, prove, proofOf };
}
