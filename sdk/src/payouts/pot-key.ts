import { encodeAbiParameters, keccak256, toHex, type Hex } from "viem";

const NO_CONTRIBUTORS: Hex = `0x${"00".repeat(32)}`;

/**
 * Name of a pot: the asset's own, or that of the people whose data trained a model. Twin of the Solidity library `Pots`.
 * @param contributorsRoot contributors of the training receipt; left out for the asset's own pot
 */
export function potKey(asset: bigint, contributorsRoot: Hex = NO_CONTRIBUTORS): Hex {
  if (contributorsRoot === NO_CONTRIBUTORS) return toHex(asset, { size: 32 });
  return keccak256(
    encodeAbiParameters([{ type: "uint256" }, { type: "bytes32" }], [asset, contributorsRoot]),
  );
}
