import { decodeErrorResult, type Hex } from "viem";

const word = (name: string, type: "address" | "uint256") => ({ name, type });

/** What a token says when one of our contracts takes money from somebody who has too little (ERC-6093). */
const TOKEN_ERRORS = [
  {
    type: "error",
    name: "ERC20InsufficientBalance",
    inputs: [word("sender", "address"), word("balance", "uint256"), word("needed", "uint256")],
  },
  {
    type: "error",
    name: "ERC20InsufficientAllowance",
    inputs: [word("spender", "address"), word("allowance", "uint256"), word("needed", "uint256")],
  },
] as const;

/** The token's own refusal in what a call reverted with; nothing when it is another contract's, which nobody here knows. */
export function tokenRefusalIn(data: Hex): { errorName: string; args?: readonly unknown[] } | undefined {
  try {
    return decodeErrorResult({ abi: TOKEN_ERRORS, data });
  } catch {
    return undefined;
  }
}
