import { mnemonicToAccount } from "viem/accounts";
import { LOCAL_MNEMONIC, WALLET_PERSONAS } from "@salus/sdk/local/personas";
import { localProfile } from "./profiles.ts";

export { LOCAL_MNEMONIC };

/** The local profile, with the demo's voters as genesis holders. */
export function localDeploymentProfile() {
  const voters = WALLET_PERSONAS.filter(({ role }) => role === "voter");
  return localProfile(
    voters.map(({ walletIndex }) => mnemonicToAccount(LOCAL_MNEMONIC, { addressIndex: walletIndex }).address),
  );
}
