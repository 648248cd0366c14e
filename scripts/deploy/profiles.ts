import type { Address, Hex } from "viem";
import { allocate, readGenesis, type GenesisPart } from "./genesis.ts";

/** Chain id of local chains; the only one on which the local profile may be used. */
export const LOCAL_CHAIN_ID = 31337;

/** What a deployment fixes: periods in seconds, shares in basis points, tokens in 10⁻¹⁸. */
export type Profile = {
  governor: {
    votingDelay: number;
    votingPeriod: number;
    proposalThreshold: bigint;
    quorumPercent: bigint;
    lateQuorumExtension: number;
    guardian: Address;
    guardianUntil: number;
  };
  timelockDelay: bigint;
  feeBps: number;
  windows: { minDelivery: number; maxDelivery: number; dispute: number; report: number; ruling: number };
  /** Between a dataset's transfer and the earliest acceptance of its new curator; 14 days except locally. */
  noticePeriod: number;
  /** Seconds in which a person's taking over of a provisional subject can be contested. */
  handOverDelay: number;
  /** Periods of reward roots, and the bond of a demand to show a leaf, in the chain's own coin. */
  rewards: { challenge: number; answer: number; lapse: number; bond: bigint };
  /** Seconds between asking for a stake and getting it; what each gateway must keep, in the stake token's smallest unit. */
  stake: { withdrawalDelay: number; minimum: bigint; token?: Address };
  /** Seconds between a payer's wish to close a usage channel and the close, in which the custodian can still claim. */
  closeWindow: number;
  /** What an offence costs of a stake, and what of that the reporter gets. */
  slashing: { penaltyBps: number; rewardBps: number };
  /** Issuers of attestations listed without a vote, and the first closure of diseases; votes change both. */
  dataUse: {
    issuers: { issuer: Address; kinds: bigint; until: number }[];
    diseases?: { root: Hex; file: Hex };
  };
  /** Key shares and receipts need this many gateways of the genesis set. */
  threshold: number;
  /** Who has tokens from the start, and what of them is locked; from a published file in `genesis/`. */
  genesis: GenesisPart[];
  /** Least price of a token that is issued against fees, in the reference stablecoin's smallest unit. */
  issuanceFloor: bigint;
  testDollar: boolean;
};

const TOKEN = 10n ** 18n;
const NOBODY = "0x0000000000000000000000000000000000000000";

/**
 * Short periods for a chain on one's own machine, so that a vote and an order run to their end while one watches.
 * @param voters accounts that share what of the local genesis allocation is not locked
 * @param dataUse who attests, and which disease descends from which; nobody and none by default
 */
export function localProfile(voters: Address[], dataUse: Profile["dataUse"] = { issuers: [] }): Profile {
  return {
    governor: {
      votingDelay: 3,
      votingPeriod: 20,
      proposalThreshold: 50_000n * TOKEN,
      quorumPercent: 4n,
      lateQuorumExtension: 5,
      guardian: NOBODY,
      guardianUntil: 0,
    },
    timelockDelay: 5n,
    feeBps: 200,
    windows: { minDelivery: 5, maxDelivery: 60, dispute: 4, report: 45, ruling: 30 },
    noticePeriod: 10,
    handOverDelay: 20,
    // A root is claimable some seconds after it is posted; nothing lapses while one watches.
    rewards: { challenge: 6, answer: 4, lapse: 365 * 24 * 3600, bond: 10n ** 16n },
    stake: { withdrawalDelay: 30, minimum: 0n },
    closeWindow: 20,
    slashing: { penaltyBps: 5_000, rewardBps: 2_000 },
    dataUse,
    threshold: 2,
    genesis: allocate(readGenesis("local"), { "demo voters": voters }),
    issuanceFloor: 100_000n,
    testDollar: true,
  };
}
