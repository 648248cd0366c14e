// The rewards written a second time, as plainly as possible: arrays, bigints, viem's encoder, a recursive tree. Shares no
// code with the builder, so that the two can be compared.
import { type Address, encodeAbiParameters, encodePacked, type Hex, keccak256 } from "viem";

export type NaiveLeaf = { subject: Address; cumulative: bigint; lapsed: bigint };
export type NaivePerson = { subject: Address; weight: number; attested: boolean };
export type NaiveEvent =
  | { type: "credit"; pot: Hex; amount: bigint; contributorsRoot?: Hex }
  | { type: "collect"; pot: Hex; amount: bigint; time: number }
  | { type: "gift"; amount: bigint };

type Payment = { subject: Address; amount: bigint; time: number; attested: boolean };

/** Every single payment to every single person, one after the other. */
export function naiveRewards(world: {
  events: NaiveEvent[];
  people: Map<Hex, NaivePerson[]>;
  controlledSince: Map<string, number>;
  lapsePeriod: number;
  time: number;
}): { leaves: NaiveLeaf[]; undistributed: bigint; funded: bigint } {
  const payments: Payment[] = [];
  let spare = 0n;
  let funded = 0n;
  const queue: { pot: Hex; amount: bigint; root: Hex | undefined }[] = [];
  for (const event of world.events) {
    if (event.type === "credit") {
      queue.push({ pot: event.pot, amount: event.amount, root: event.contributorsRoot });
    } else if (event.type === "gift") {
      funded += event.amount;
      spare += event.amount;
    } else {
      funded += event.amount;
      for (let i = 0; i < queue.length;) {
        const item = queue[i]!;
        if (item.pot !== event.pot) {
          i += 1;
          continue;
        }
        queue.splice(i, 1);
        spare += item.amount;
        const crowd = item.root === undefined ? [] : world.people.get(item.root)!;
        const whole = crowd.reduce((sum, { weight }) => sum + BigInt(weight), 0n);
        if (whole === 0n) continue;
        const pool = spare;
        for (const { subject, weight, attested } of crowd) {
          const amount = (pool * BigInt(weight)) / whole;
          spare -= amount;
          payments.push({ subject, amount, time: event.time, attested });
        }
      }
    }
  }
  const names = [...new Set(payments.map(({ subject }) => subject))].sort((a, b) =>
    BigInt(a) < BigInt(b) ? -1 : 1,
  );
  const leaves = names.map((subject) => {
    const own = payments.filter((payment) => payment.subject === subject);
    const since = world.controlledSince.get(subject);
    const gone = own.filter(({ time, attested }) => {
      const end = time + world.lapsePeriod;
      return attested && end <= world.time && (since === undefined || end <= since);
    });
    const sum = (list: Payment[]) => list.reduce((total, { amount }) => total + amount, 0n);
    return { subject, cumulative: sum(own), lapsed: sum(gone) };
  });
  return { leaves: leaves.filter(({ cumulative }) => cumulative > 0n), undistributed: spare, funded };
}

type Node = { hash: Hex; sum: bigint };
const ZERO: Node = { hash: `0x${"00".repeat(32)}`, sum: 0n };

/** The tree by its definition: the left half of a power of two, the right half, empty nodes where nothing is. */
export function naiveTree(leaves: NaiveLeaf[]): Node {
  let width = 1;
  while (width < leaves.length) width *= 2;
  const subtree = (from: number, size: number): Node => {
    if (from >= leaves.length) return ZERO;
    if (size === 1) return naiveNode(leaves[from]!);
    return naiveParent(subtree(from, size / 2), subtree(from + size / 2, size / 2));
  };
  return subtree(0, width);
}

export function naiveNode(leaf: NaiveLeaf): Node {
  const types = [{ type: "address" }, { type: "uint128" }, { type: "uint128" }] as const;
  const once = keccak256(encodeAbiParameters(types, [leaf.subject, leaf.cumulative, leaf.lapsed]));
  return { hash: keccak256(once), sum: leaf.cumulative };
}

export function naiveParent(left: Node, right: Node): Node {
  const packed = encodePacked(
    ["bytes32", "uint128", "bytes32", "uint128"],
    [left.hash, left.sum, right.hash, right.sum],
  );
  return { hash: keccak256(packed), sum: left.sum + right.sum };
}
