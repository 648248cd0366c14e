import type { Identity } from "./session.svelte.ts";

/** Whether an identity has a wallet. */
export function canPay(identity: Identity | null): boolean {
  return identity?.kind === "demo" && identity.persona.wallet !== undefined;
}
