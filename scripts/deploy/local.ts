import { mnemonicToAccount } from "viem/accounts";
import { buildDiseaseClosure } from "@salus/sdk/data-use/diseases";
import { DUO } from "@salus/sdk/generated/constants";
import { DEMO_COMMITTEE, DEMO_DISEASES } from "@salus/sdk/local/diseases";
import { LOCAL_MNEMONIC, WALLET_PERSONAS } from "@salus/sdk/local/personas";
import { localProfile, type Profile } from "./profiles.ts";

export { LOCAL_MNEMONIC };

/** The last second of the year 2099: a demo's committee stays listed. */
const LISTED_UNTIL = Date.UTC(2100, 0) / 1000 - 1;

/** The local profile, with the demo's voters as genesis holders, its committee and its diseases. */
export function localDeploymentProfile(): Profile {
  const voters = WALLET_PERSONAS.filter(({ role }) => role === "voter");
  return localProfile(
    voters.map(({ walletIndex }) => addressOf(walletIndex)),
    demoDataUse(),
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
