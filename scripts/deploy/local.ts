import { mnemonicToAccount } from "viem/accounts";
import { WALLET_PERSONAS } from "../demo/world/personas.ts";
import { localProfile } from "./profiles.ts";

/** The development mnemonic whose accounts every local chain funds. Public: for local chains only. */
export const LOCAL_MNEMONIC = "test test test test test test test test test test test junk";

/** The local profile, with the demo's voters as genesis holders. */
export function localDeploymentProfile() {
  const voters = WALLET_PERSONAS.filter(({ role }) => role === "voter");
  return localProfile(
    voters.map(({ walletIndex }) => mnemonicToAccount(LOCAL_MNEMONIC, { addressIndex: walletIndex }).address),
  );
}
