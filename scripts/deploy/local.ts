import { mnemonicToAccount } from "viem/accounts";
import { buildDiseaseClosure } from "@salus/sdk/data-use/diseases";
import { DUO } from "@salus/sdk/generated/constants";
import { DEMO_COMMITTEE } from "@salus/sdk/local/committee";
import { DEMO_DISEASES } from "@salus/sdk/local/diseases";
import { LOCAL_MNEMONIC, WALLET_PERSONAS, type WalletRole } from "@salus/sdk/local/personas";
import { localProfile, type GenesisPanel, type Profile } from "./profiles.ts";

export { LOCAL_MNEMONIC };

/** The last second of the year 2099: a demo's committee stays listed. */
const LISTED_UNTIL = Date.UTC(2100, 0) / 1000 - 1;

/** The local profile, with the demo's voters as genesis holders, its arbitrators, its committee and its diseases. */
export function localDeploymentProfile(): Profile {
  const profile = localProfile(addressesOf("voter"), demoDataUse());
  return {
    ...profile,
    windows: { ...profile.windows, dispute: disputeWindow(), ruling: RULING_WINDOW },
    rewards: { ...profile.rewards, ...rewardWindows(profile.rewards) },
    disputes: { ...profile.disputes, panel: demoPanel() },
  };
}

/** Seconds from a dispute to the end of its ruling window: a quarter for evidence, then time for three to vote. */
const RULING_WINDOW = 120;

/** Time for a person to look at a result; who is content accepts it before. Tests that wait for its end shorten it. */
function disputeWindow(): number {
  return Number(process.env["SALUS_DISPUTE_WINDOW"] ?? 60);
}

/** Time to challenge a root of rewards, and to show a leaf of it. Tests that kill who does so lengthen it. */
function rewardWindows({ challenge, answer }: Profile["rewards"]) {
  const told = (process.env["SALUS_REWARD_WINDOWS"] ?? `${challenge},${answer}`).split(",").map(Number);
  return { challenge: told[0]!, answer: told[1]! };
}

/** The demo's arbitrators, with 1,000 dollars each at stake and a least bond of one dollar. */
export function demoPanel(): GenesisPanel {
  return { members: addressesOf("arbitrator"), stake: 1_000_000_000n, floor: 1_000_000n };
}

function addressesOf(role: WalletRole) {
  return WALLET_PERSONAS.filter((persona) => persona.role === role).map(({ walletIndex }) =>
    addressOf(walletIndex),
  );
}

/** The demo's committee, listed for every kind, and the closure of its diseases. */
export function demoDataUse(): Profile["dataUse"] {
  const { root, fileDigest } = buildDiseaseClosure(DEMO_DISEASES);
  const committee = addressOf(DEMO_COMMITTEE.walletIndex);
  return {
    issuers: [{ issuer: committee, kinds: DUO.ATTESTED, until: LISTED_UNTIL }],
    diseases: { root, file: fileDigest },
  };
}

function addressOf(addressIndex: number) {
  return mnemonicToAccount(LOCAL_MNEMONIC, { addressIndex }).address;
}
