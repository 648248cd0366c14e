import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Address } from "viem";

/** The role whose tokens the commons itself gets: where protocol fees go. */
export const COMMONS = "commons treasury";

const DAY = 24 * 3600;
const TOKEN = 10n ** 18n;
const WHOLE_BPS = 10_000n;

/**
 * A published genesis allocation: whole tokens by role, the caps that it keeps (shares of the supply in basis points), and
 * how long a part is locked.
 */
export type GenesisFile = {
  chains: string;
  supply: number;
  caps: { roleBps: number; unlockedBps: number; holderUnlockedBps: number };
  parts: {
    role: string;
    why: string;
    tokens: number;
    lock?: { delayDays: number; vestingDays: number };
  }[];
};

/** One holder's part of a genesis allocation, in 10⁻¹⁸ tokens; a lock counts its seconds from the deployment. */
export type GenesisPart = {
  role: string;
  /** nobody for the commons' own part */
  holder?: Address;
  amount: bigint;
  lock?: { delay: number; period: number };
};

/**
 * Reads a published allocation and checks sum and caps.
 * @throws Error naming the first rule that it breaks
 */
export function readGenesis(name: "production" | "local"): GenesisFile {
  const path = join(import.meta.dirname, "genesis", `${name}.json`);
  return checkGenesis(JSON.parse(readFileSync(path, "utf8")) as GenesisFile);
}

/** Checks numbers, sum and caps of an allocation. @throws Error naming the first rule that it breaks */
export function checkGenesis(genesis: GenesisFile): GenesisFile {
  const { supply, caps, parts } = genesis;
  for (const { role, tokens, lock } of parts) {
    const numbers = [tokens, ...(lock ? [lock.delayDays, lock.vestingDays] : [])];
    if (!numbers.every((n) => Number.isSafeInteger(n) && n > 0)) {
      throw new Error(`Tokens and days of "${role}" have to be whole and above zero.`);
    }
  }
  const total = sumOf(parts);
  if (total !== supply) throw new Error(`The parts sum up to ${total} tokens; the supply is ${supply}.`);
  const roles = parts.map(({ role }) => role);
  const repeated = roles.find((role, i) => roles.indexOf(role) !== i);
  if (repeated !== undefined) throw new Error(`The role "${repeated}" stands twice.`);
  for (const { role, tokens } of parts) {
    if (tokens * 10_000 > supply * caps.roleBps) throw new Error(`"${role}" gets more than its cap.`);
  }
  if (sumOf(parts.filter(({ lock }) => !lock)) * 10_000 > supply * caps.unlockedBps) {
    throw new Error("More is free from the start than the cap allows.");
  }
  const commons = parts.find(({ role }) => role === COMMONS);
  if (commons && !commons.lock) throw new Error("The commons' part has to be locked.");
  return genesis;
}

/**
 * Gives the roles of an allocation their holders, who share a role's tokens equally; what a division leaves goes to the
 * first. The commons' part needs none.
 * @throws Error when a role has no holder, a holder has no role, or one would have too much that is free
 */
export function allocate(
  genesis: GenesisFile,
  holders: Readonly<Record<string, readonly Address[]>>,
): GenesisPart[] {
  const { supply, caps, parts } = genesis;
  for (const role of Object.keys(holders)) {
    if (!parts.some((part) => part.role === role)) throw new Error(`The allocation knows no role "${role}".`);
  }
  const shared = parts.flatMap(({ role, tokens, lock }): GenesisPart[] => {
    const locked = lock ? { lock: { delay: lock.delayDays * DAY, period: lock.vestingDays * DAY } } : {};
    const amount = BigInt(tokens) * TOKEN;
    if (role === COMMONS) return [{ role, amount, ...locked }];
    const list = holders[role] ?? [];
    if (list.length === 0) throw new Error(`Nobody is named for the role "${role}".`);
    const share = amount / BigInt(list.length);
    const rest = amount - share * BigInt(list.length);
    return list.map((holder, i) => ({ role, holder, amount: i === 0 ? share + rest : share, ...locked }));
  });
  const free = new Map<string, bigint>();
  for (const { holder, amount, lock } of shared) {
    if (!holder || lock) continue;
    const sum = (free.get(holder.toLowerCase()) ?? 0n) + amount;
    free.set(holder.toLowerCase(), sum);
    if (sum * WHOLE_BPS > BigInt(supply) * TOKEN * BigInt(caps.holderUnlockedBps)) {
      throw new Error(`${holder} would have more free tokens than the cap for one holder allows.`);
    }
  }
  return shared;
}

function sumOf(parts: readonly { tokens: number }[]): number {
  return parts.reduce((sum, { tokens }) => sum + tokens, 0);
}
