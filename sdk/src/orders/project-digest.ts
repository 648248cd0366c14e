import { concat, keccak256, stringToHex, type Hex } from "viem";

/** A project as its buyer describes it: the salt keeps the public digest from being guessed. */
export type ProjectWords = { text: string; salt: Hex };

/** Digest of a project, as orders and attestations name it: Keccak-256 of salt and text. */
export function projectDigest({ text, salt }: ProjectWords): Hex {
  return keccak256(concat([salt, stringToHex(text)]));
}
