import { claimGas } from "./gas/claims.ts";
import { channelGas } from "./gas/channels.ts";
import { consentGas } from "./gas/consent.ts";
import { marketGas } from "./gas/market.ts";
import type { GasMeasure } from "./gas/measure.ts";
import { PEERS } from "./gas/peers.ts";
import { startWorld } from "./gas/world.ts";
import type { BenchRow } from "./row.ts";
import type { LocalChain } from "../test/support/local-chain.ts";

/** What is measured, each on a chain of its own. A part's acts stand in a module of `bench/gas/` that is named here. */
const PARTS: readonly ((chain: LocalChain) => Promise<GasMeasure[]>)[] = [
  marketGas,
  consentGas,
  claimGas,
  channelGas,
];

/**
 * Gas of whole transactions on Hardhat's in-process network, with the contracts as they are deployed and sent through
 * the SDK; each result is checked. One row for each act, and further ones for further peers.
 */
export async function rows(): Promise<BenchRow[]> {
  return (await measureGas()).flatMap(rowsOf);
}

/** The measured acts without their peers. */
export async function measureGas(): Promise<GasMeasure[]> {
  const measures: GasMeasure[] = [];
  for (const part of PARTS) measures.push(...(await onFreshChain(part)));
  return measures;
}

async function onFreshChain(part: (chain: LocalChain) => Promise<GasMeasure[]>): Promise<GasMeasure[]> {
  const chain = await startWorld();
  try {
    return (await part(chain)).map((measure) => ({ ...measure, gas: Math.round(measure.gas) }));
  } finally {
    await chain.close();
  }
}

function rowsOf({ id, case: name, gas, bar }: GasMeasure): BenchRow[] {
  const ok = bar === null ? null : gas <= bar;
  const row = { id, case: name, value: gas, unit: "gas", bar, ok };
  const peers = PEERS[id] ?? [];
  if (peers.length === 0) return [{ ...row, peer: null, peerValue: null, ratio: null }];
  return peers.map(({ peer, gas: peerValue }) => ({ ...row, peer, peerValue, ratio: gas / peerValue }));
}
