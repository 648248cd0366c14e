import { parseAbi, type Address, type TransactionReceipt } from "viem";
import type { SalusReader, SalusWriter } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { send, type SendOptions } from "../chain/send.ts";

/** Of OpenZeppelin's VestingWallet. */
export const vestingWalletAbi = parseAbi([
  "function owner() view returns (address)",
  "function start() view returns (uint256)",
  "function end() view returns (uint256)",
  "function released(address token) view returns (uint256)",
  "function releasable(address token) view returns (uint256)",
  "function release(address token)",
]);

/** How a grant stands: times in seconds since 1970, amounts in the token's smallest unit. */
export type GrantState = {
  owner: Address;
  start: bigint;
  end: bigint;
  released: bigint;
  releasable: bigint;
};

/** Reads how a grant's wallet stands in its token, at the head. */
export async function readGrant(
  { publicClient }: SalusReader,
  { wallet, token }: { wallet: Address; token: Address },
): Promise<GrantState> {
  const at = { address: wallet, abi: vestingWalletAbi } as const;
  try {
    const [owner, start, end, released, releasable] = await Promise.all([
      publicClient.readContract({ ...at, functionName: "owner" }),
      publicClient.readContract({ ...at, functionName: "start" }),
      publicClient.readContract({ ...at, functionName: "end" }),
      publicClient.readContract({ ...at, functionName: "released", args: [token] }),
      publicClient.readContract({ ...at, functionName: "releasable", args: [token] }),
    ]);
    return { owner, start, end, released, releasable };
  } catch (error) {
    throw await explainRevert(error);
  }
}

/** Pays what has vested to the grant's owner. Anyone may. */
export function releaseGrant(
  salus: SalusWriter,
  { wallet, token }: { wallet: Address; token: Address },
  options?: SendOptions,
): Promise<TransactionReceipt> {
  const at = { address: wallet, abi: vestingWalletAbi } as const;
  return send(salus, { ...at, functionName: "release", args: [token] }, options);
}
