import { mnemonicToAccount, type LocalAccount } from "viem/accounts";
import type { App } from "#lib/context.ts";
import { WebError } from "#lib/errors.ts";

/** The wallet of whoever is signed in. @throws WEB_NO_ACCOUNT, WEB_NO_WALLET */
export async function walletOf({ session }: Pick<App, "session">): Promise<LocalAccount> {
  const { identity } = session;
  if (!identity) throw new WebError("WEB_NO_ACCOUNT");
  if (identity.kind !== "demo" || identity.persona.wallet === undefined) throw new WebError("WEB_NO_WALLET");
  const { PERSONA_MNEMONIC } = await import("#lib/session/personas.ts");
  return mnemonicToAccount(PERSONA_MNEMONIC, { addressIndex: identity.persona.wallet });
}
