import { keccak256, toHex, type Address } from "viem";
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";

const made = new Map<string, PrivateKeyAccount>();

/** The account of a name: its key is a digest of it. */
export function accountOf(name: string): PrivateKeyAccount {
  const known = made.get(name);
  if (known) return known;
  const account = privateKeyToAccount(keccak256(toHex(`model ${name}`)));
  made.set(name, account);
  return account;
}

export function addressOf(name: string): Address {
  return accountOf(name).address;
}
