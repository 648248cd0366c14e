import type { Address } from "viem";

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
  /** Key shares and receipts need this many gateways of the genesis set. */
  threshold: number;
  genesis: { holder: Address; amount: bigint }[];
  testDollar: boolean;
};

const TOKEN = 10n ** 18n;
const NOBODY = "0x0000000000000000000000000000000000000000";

/**
 * Short periods for a chain on one's own machine, so that a vote and an order run to their end while one watches.
 * @param voters accounts that share the genesis supply of ten million equally
 */
export function localProfile(voters: Address[]): Profile {
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
    threshold: 2,
    genesis: voters.map((holder) => ({ holder, amount: (10_000_000n * TOKEN) / BigInt(voters.length) })),
    testDollar: true,
  };
}
