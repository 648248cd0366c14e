import { zeroAddress, type Address, type Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { disputesAbi } from "../generated/abi/disputes.ts";
import { readRulingWindow } from "../orders/read-escrow.ts";
import { hashStruct } from "../chain/hash-struct.ts";
import type { Order } from "../types.ts";

/** As whom somebody opened a dispute. */
export type DisputeParty = "Buyer" | "Custodian" | "Contributor";
/** `Open`, or how it ended. */
export type DisputeStanding = "Open" | "Ruled" | "Undecided" | "TooFewLeft" | "Silent";
/** What three agreed on; `None` is no decision, and ends per receipt as silence does. */
export type RulingName = "None" | "Pay" | "Refund";

const PARTIES: readonly DisputeParty[] = ["Buyer", "Custodian", "Contributor"];
const STANDINGS: readonly DisputeStanding[] = ["Open", "Ruled", "Undecided", "TooFewLeft", "Silent"];
/** In the order of Solidity's enum `Ruling`. */
export const RULINGS: readonly RulingName[] = ["None", "Pay", "Refund"];

/** A dispute as its panel has it. Times are Unix seconds. */
export type DisputeView = {
  order: Hex;
  opener: Address;
  party: DisputeParty;
  standing: DisputeStanding;
  /** in the smallest unit of the order's token */
  bond: bigint;
  openedAt: number;
  /** until then evidence is taken and members may step aside; from then on they vote */
  evidenceUntil: number;
  /** from then on anyone can close it */
  rulingUntil: number;
  /** who may vote, and how they did: nothing for those who have not */
  seats: readonly { member: Address; vote?: RulingName; lied: boolean }[];
  ruling: RulingName;
  /** whether three found that the executor lied, and whether its gateway paid for it */
  lied: boolean;
  punished: boolean;
};

/**
 * Reads the dispute about an order from its panel.
 * @returns nothing for an order without one
 */
export async function readDispute(salus: SalusReader, order: Order): Promise<DisputeView | undefined> {
  if (order.arbitrator === zeroAddress) return undefined;
  const id = hashStruct(salus.deployment, "Order", order);
  const panel = { address: order.arbitrator, abi: disputesAbi } as const;
  try {
    const [found, terms, evidence, ruling] = await Promise.all([
      salus.publicClient.readContract({ ...panel, functionName: "disputeOf", args: [id] }),
      salus.publicClient.readContract({ ...panel, functionName: "terms" }),
      salus.publicClient.readContract({ ...panel, functionName: "evidenceWindow" }),
      readRulingWindow(salus),
    ]);
    if (found.state === 0) return undefined;
    const seats = terms.members.flatMap((member, i) => {
      const seat = 1 << i;
      if (!(found.seats & seat)) return [];
      const votes = [found.none, found.pay, found.refund].findIndex((voted) => voted & seat);
      const vote = RULINGS[votes];
      return [{ member, ...(vote ? { vote } : {}), lied: Boolean(found.lied & seat) }];
    });
    const standing = STANDINGS[found.state - 1]!;
    return {
      order: id,
      opener: found.opener,
      party: PARTIES[found.party - 1]!,
      standing,
      bond: found.bond,
      openedAt: found.openedAt,
      evidenceUntil: found.openedAt + evidence,
      rulingUntil: found.openedAt + ruling,
      seats,
      ruling: RULINGS[found.ruling]!,
      lied: standing === "Ruled" && seats.filter(({ lied }) => lied).length >= 3,
      punished: found.punished,
    };
  } catch (error) {
    throw await explainRevert(error);
  }
}

/** What opening a dispute about an order would ask for and who would rule on it. */
export type DisputeOffer = {
  /** in the smallest unit of the order's token */
  bond: bigint;
  /** of the bond to the arbitrators who vote, whatever they rule */
  fee: bigint;
  /** members who would have a seat; fewer than three cannot rule, and no dispute can be opened */
  seats: number;
};

/**
 * What a dispute about an order would cost somebody.
 * @param party as whom they would open it
 * @throws Disputes_TokenNotCovered when the panel does not rule on orders in this token
 */
export async function readDisputeOffer(
  { publicClient }: SalusReader,
  { order, opener, party }: { order: Order; opener: Address; party: DisputeParty },
): Promise<DisputeOffer> {
  const panel = { address: order.arbitrator, abi: disputesAbi } as const;
  try {
    const [bond, seats, feeBps] = await Promise.all([
      publicClient.readContract({
        ...panel,
        functionName: "bondOf",
        args: [order, PARTIES.indexOf(party) + 1],
      }),
      publicClient.readContract({ ...panel, functionName: "seatsFor", args: [order, opener] }),
      publicClient.readContract({ ...panel, functionName: "FEE_BPS" }),
    ]);
    return { bond, fee: (bond * BigInt(feeBps)) / 10_000n, seats: countSeats(seats) };
  } catch (error) {
    throw await explainRevert(error);
  }
}

/** Number of members in a set of seats. */
export function countSeats(seats: number): number {
  return [0, 1, 2, 3, 4].filter((i) => seats & (1 << i)).length;
}
