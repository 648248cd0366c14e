import type { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { GenesisPart } from "./genesis.ts";

type Builder = Parameters<Parameters<typeof buildModule>[1]>[0];
/** A contract of the module, by whatever way it came in. */
type Future = Parameters<Builder["send"]>[1];

/**
 * Deploys a lock for each locked part, and says who holds what when the token is made: the locks and the free holders.
 * @param commons contract that the commons' locked part vests to
 */
export function genesisHolders(m: Builder, parts: readonly GenesisPart[], commons: Future) {
  const holders = parts.map(({ holder, lock }, i) => {
    const beneficiary = holder ?? commons;
    if (!lock) return beneficiary;
    const id = `GenesisLock_${i + 1}`;
    return m.contract("GenesisLock", [beneficiary, lock.delay, lock.period], { id });
  });
  return { holders, amounts: parts.map(({ amount }) => amount) };
}
