import type { Address, Hex } from "viem";
import { allocate, readGenesis, type GenesisPart } from "./genesis.ts";

/** Chain id of local chains; the only one on which the local profile may be used. */
export const LOCAL_CHAIN_ID = 31337;

/** Five arbitrators; the stake of each, and the least bond in the first allowed token, in their smallest units. */
export type GenesisPanel = { members: Address[]; stake: bigint; floor: bigint };

/** What a deployment fixes: periods in seconds, shares in basis points, tokens in 10⁻¹⁸. */
export type Profile = {
  /** Made for chains on one's own machine, with short periods: `deployOn` refuses any other chain. */
  local: boolean;
  governor: {
    votingDelay: number;
    votingPeriod: number;
    proposalThresholdBps: bigint;
    quorumPercent: bigint;
    lateQuorumExtension: number;
    /** How long ago a proposer must have had the votes already. */
    holdingPeriod: number;
    guardian: Address;
    guardianUntil: number;
  };
  timelockDelay: bigint;
  /** What may leave the treasury at once within thirty buckets, their length, and how long a larger sum waits. */
  treasury: { capBps: number; bucketSeconds: number; announcementDelay: number };
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
  /**
   * Seconds of a panel's term, what a ruling that an executor lied costs of its stake, and a panel that is in office from
   * the beginning, whose stakes the deployer pays in.
   */
  disputes: { term: number; penaltyBps: number; panel?: GenesisPanel };
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

const HOUR = 3600;
const DAY = 24 * HOUR;
const NOBODY = "0x0000000000000000000000000000000000000000";

/**
 * Short periods for a chain on one's own machine, so that a vote and an order run to their end while one watches.
 * @param voters accounts that share what of the local genesis allocation is not locked
 * @param dataUse who attests, and which disease descends from which; nobody and none by default
 */
export function localProfile(voters: Address[], dataUse: Profile["dataUse"] = { issuers: [] }): Profile {
  return {
    local: true,
    governor: {
      votingDelay: 3,
      votingPeriod: 20,
      proposalThresholdBps: 50n,
      quorumPercent: 4n,
      lateQuorumExtension: 5,
      holdingPeriod: 1,
      guardian: NOBODY,
      guardianUntil: 0,
    },
    timelockDelay: 5n,
    treasury: { capBps: 500, bucketSeconds: 10, announcementDelay: 10 },
    feeBps: 200,
    windows: { minDelivery: 5, maxDelivery: 60, dispute: 4, report: 45, ruling: 30 },
    noticePeriod: 10,
    handOverDelay: 20,
    // A root is claimable some seconds after it is posted; nothing lapses while one watches.
    rewards: { challenge: 6, answer: 4, lapse: 365 * 24 * 3600, bond: 10n ** 16n },
    stake: { withdrawalDelay: 30, minimum: 0n },
    closeWindow: 20,
    slashing: { penaltyBps: 5_000, rewardBps: 2_000 },
    disputes: { term: 365 * DAY, penaltyBps: 2_500 },
    dataUse,
    threshold: 2,
    genesis: allocate(readGenesis("local"), { "demo voters": voters }),
    issuanceFloor: 1_000_000n,
    testDollar: true,
  };
}

/** What a production deployment has to be told: nobody invents holders, a guardian or a stablecoin. */
export type ProductionChoices = {
  /** Seconds since 1970 at deployment; the guardian's office is counted from it. */
  now: number;
  genesis: Profile["genesis"];
  /** Whoever may cancel proposals in the first year; nobody if left out. */
  guardian?: Address;
  /** The reference stablecoin, in which gateways stake, and what each of them must keep, in its smallest unit. */
  stake: { token: Address; minimum: bigint };
  dataUse?: Profile["dataUse"];
  threshold?: number;
};

/**
 * The periods and limits of a public deployment: delay 2 days, vote 7 days, threshold 0.5 %, quorum 4 %, extension after a
 * late quorum 2 days, timelock 3 days. The contracts hold all of them within constant bounds.
 */
export function productionProfile(choices: ProductionChoices): Profile {
  const { now, genesis, guardian, stake, dataUse = { issuers: [] }, threshold = 2 } = choices;
  return {
    local: false,
    governor: {
      votingDelay: 2 * DAY,
      votingPeriod: 7 * DAY,
      proposalThresholdBps: 50n,
      quorumPercent: 4n,
      lateQuorumExtension: 2 * DAY,
      holdingPeriod: 2 * DAY,
      guardian: guardian ?? NOBODY,
      // A day less than the contract's year, since the deployment itself takes time.
      guardianUntil: guardian ? now + 364 * DAY : 0,
    },
    timelockDelay: BigInt(3 * DAY),
    treasury: { capBps: 500, bucketSeconds: DAY, announcementDelay: 30 * DAY },
    feeBps: 200,
    windows: {
      minDelivery: HOUR,
      maxDelivery: 30 * DAY,
      dispute: 3 * DAY,
      report: 3 * DAY,
      ruling: 14 * DAY,
    },
    noticePeriod: 14 * DAY,
    handOverDelay: 7 * DAY,
    rewards: { challenge: 7 * DAY, answer: 2 * DAY, lapse: 3 * 365 * DAY, bond: 10n ** 17n },
    // Longer than a vote with its timelock, so that nobody leaves with a stake that a vote is about to slash.
    stake: { withdrawalDelay: 30 * DAY, ...stake },
    closeWindow: 7 * DAY,
    slashing: { penaltyBps: 5_000, rewardBps: 2_000 },
    // Five people are elected by the first votes: no deployment names them.
    disputes: { term: 365 * DAY, penaltyBps: 2_500 },
    dataUse,
    threshold,
    genesis,
    // One, of a stablecoin with six decimals; the treasury's worth for each token takes over once it is more.
    issuanceFloor: 1_000_000n,
    testDollar: false,
  };
}
