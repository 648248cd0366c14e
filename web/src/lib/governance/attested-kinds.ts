/** What an issuer can be listed to attest, by the bit of the terms that ask for it. */
export const ATTESTED_KINDS: readonly { bit: bigint; label: string }[] = [
  { bit: 1n << 11n, label: "Approval by an ethics committee" },
  { bit: 1n << 5n, label: "Research of a certain kind" },
  { bit: 1n << 10n, label: "Collaboration with those who collected the data" },
  { bit: 1n << 15n, label: "Users of a certain kind" },
  { bit: 1n << 16n, label: "A certain project" },
  { bit: 1n << 17n, label: "A certain institution" },
];

/** The labels of the kinds in a set of bits. */
export function kindsOf(bits: bigint): string[] {
  return ATTESTED_KINDS.filter(({ bit }) => (bits & bit) !== 0n).map(({ label }) => label);
}
