import { propose } from "@salus/sdk/governance/propose";
import {
  readProposer,
  whyNotPropose,
  type NoProposalReason,
  type Proposer,
} from "@salus/sdk/governance/read-proposer";
import { readVoter, type Voter } from "@salus/sdk/governance/read-voter";
import type { Proposal } from "@salus/sdk/governance/types";
import { readerOf, writerOf } from "#lib/chain/connect.ts";
import { walletOf } from "#lib/chain/wallet.ts";
import type { App } from "#lib/context.ts";
import type { Hex } from "#lib/data/types.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";

/*
 * What a proposer does. Loaded on demand: it brings the chain library with it.
 */

/** Whoever is signed in, as a proposer. */
export interface MyProposing {
  voter: Voter;
  proposer: Proposer;
  /** Why they cannot propose now; null when they can. */
  reason: NoProposalReason | null;
}

/** Whether whoever is signed in may propose. @throws WEB_NO_ACCOUNT, WEB_NO_WALLET */
export async function readMyProposing(app: App): Promise<MyProposing> {
  const { address: account } = await walletOf(app);
  const reader = readerOf(app.config);
  const [voter, proposer] = await Promise.all([readVoter(reader, account), readProposer(reader, account)]);
  return { voter, proposer, reason: whyNotPropose(proposer) };
}

/** Puts a proposal to the vote. @returns its id as 32 bytes, with the transaction */
export async function proposeNow(
  app: App,
  proposal: Proposal,
  progress: Progress,
): Promise<{ hash: Hex; id: Hex }> {
  const salus = await writerOf(app);
  let hash: Hex | undefined;
  const { id } = await propose(salus, proposal, {
    onStep: (step) => {
      if (step.step !== "sent") return;
      hash = step.hash;
      progress.sent(hash);
    },
  });
  return { hash: hash!, id: `0x${id.toString(16).padStart(64, "0")}` };
}
