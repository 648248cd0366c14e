import { parseSignature, type Address, type Hex } from "viem";
import type { SalusWriter } from "./client.ts";
import { explainRevert } from "./explain-revert.ts";
import { testDollarAbi } from "../generated/abi/testDollar.ts";

const PERMIT_SECONDS = 3600n;

/** An ERC-2612 permit as the contracts take it. */
export type Permit = { value: bigint; deadline: bigint; v: number; r: Hex; s: Hex };

/** What a permit is about: `value` of a token that `spender` may take from the writer. */
export type PermitRequest = { token: Address; spender: Address; value: bigint };

/** What a spender may take of the writer's tokens as it stands. */
export function readAllowance(
  salus: SalusWriter,
  { token, spender }: { token: Address; spender: Address },
): Promise<bigint> {
  return read(salus, token, "allowance", [salus.walletClient.account.address, spender]);
}

/** Signs an ERC-2612 permit of the writer, good for an hour. The token tells its EIP-712 domain (ERC-5267). */
export async function signPermit(
  salus: SalusWriter,
  { token, spender, value }: PermitRequest,
): Promise<Permit> {
  const { deployment, publicClient, walletClient } = salus;
  const owner = walletClient.account.address;
  const nonce = await read(salus, token, "nonces", [owner]);
  const [, name, version] = await publicClient.readContract({
    address: token,
    abi: testDollarAbi,
    functionName: "eip712Domain",
  });
  const { timestamp } = await publicClient.getBlock();
  const deadline = timestamp + PERMIT_SECONDS;
  const signature = await walletClient.signTypedData({
    domain: { name, version, chainId: deployment.chainId, verifyingContract: token },
    types: {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType: "Permit",
    message: { owner, spender, value, nonce, deadline },
  });
  const { r, s, yParity } = parseSignature(signature);
  return { value, deadline, v: 27 + yParity, r, s };
}

async function read(
  { publicClient }: SalusWriter,
  token: Address,
  functionName: "allowance" | "nonces",
  args: readonly unknown[],
): Promise<bigint> {
  try {
    const call = { address: token, abi: testDollarAbi, functionName, args };
    return (await publicClient.readContract(call as never)) as bigint;
  } catch (error) {
    throw await explainRevert(error);
  }
}
