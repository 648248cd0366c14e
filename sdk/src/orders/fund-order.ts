import { parseSignature, type Hex } from "viem";
import type { SalusWriter } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { hashStruct } from "../chain/hash-struct.ts";
import { send, type SendOptions } from "../chain/send.ts";
import { accessEscrowAbi, testDollarAbi } from "../generated/abis.ts";
import type { Terms } from "../types.ts";
import type { OrderDraft } from "./build-order.ts";

const PERMIT_SECONDS = 3600n;

/**
 * Pays for an order in one transaction: by the standing allowance where it is enough, else with a permit that the buyer
 * signs (ERC-2612).
 *
 * @param terms the dataset's terms in full: paying agrees to them
 * @param evidence what the terms ask to be shown, from `encodeEvidence`; none by default
 * @returns the order's id
 * @throws AccessEscrow_… and ERC20… errors with a hint
 */
export async function fundOrder(
  salus: SalusWriter,
  { draft, terms, evidence = "0x" }: { draft: OrderDraft; terms: Terms; evidence?: Hex },
  options?: SendOptions,
): Promise<{ id: Hex }> {
  const { deployment, walletClient } = salus;
  const escrow = deployment.contracts.AccessEscrow;
  const id = hashStruct(deployment, "Order", draft.order);
  const allowance = await read(salus, draft, "allowance", [walletClient.account.address, escrow]);
  const call = { address: escrow, abi: accessEscrowAbi } as const;
  if (allowance >= draft.total) {
    await send(salus, { ...call, functionName: "fund", args: [draft.order, terms, evidence, "0x"] }, options);
  } else {
    const permit = await signPermit(salus, draft);
    const args = [draft.order, terms, evidence, "0x", permit] as const;
    await send(salus, { ...call, functionName: "fundWithPermit", args }, options);
  }
  return { id };
}

async function signPermit(salus: SalusWriter, { total, token }: OrderDraft) {
  const { deployment, publicClient, walletClient } = salus;
  const owner = walletClient.account.address;
  const spender = deployment.contracts.AccessEscrow;
  const nonce = await read(salus, { token }, "nonces", [owner]);
  const [, name, version] = await eip712Domain(salus, token);
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
    message: { owner, spender, value: total, nonce, deadline },
  });
  const { r, s, yParity } = parseSignature(signature);
  return { value: total, deadline, v: 27 + yParity, r, s };
}

function eip712Domain({ publicClient }: SalusWriter, token: `0x${string}`) {
  return publicClient.readContract({ address: token, abi: testDollarAbi, functionName: "eip712Domain" });
}

async function read(
  { publicClient }: SalusWriter,
  { token }: { token: `0x${string}` },
  functionName: "allowance" | "nonces",
  args: readonly unknown[],
): Promise<bigint> {
  try {
    const call = { address: token, abi: testDollarAbi, functionName, args };
    return (await publicClient.readContract(call as never)) as bigint;
  } catch (error) {
    throw explainRevert(error);
  }
}
