import { DUO } from "@salus/sdk/generated/constants";

/** A dataset's term in a sentence, with its number in the Data Use Ontology where it has one. */
export interface TermWords {
  bit: bigint;
  duo: string | null;
  text: string;
}

/** Every term that can be set, in the order in which pages list them. */
export const TERMS: readonly TermWords[] = [
  { bit: DUO.NRES, duo: "DUO:0000004", text: "May be used for any purpose" },
  { bit: DUO.GRU, duo: "DUO:0000042", text: "May be used for research of any kind" },
  { bit: DUO.HMB, duo: "DUO:0000006", text: "May be used for research into health only" },
  { bit: DUO.DS, duo: "DUO:0000007", text: "May be used for research into one named disease only" },
  { bit: DUO.POA, duo: "DUO:0000011", text: "May be used for research into ancestry only" },
  { bit: DUO.NCU, duo: "DUO:0000046", text: "Not for commercial ends" },
  { bit: DUO.NPU, duo: "DUO:0000045", text: "Not for profit-making organisations" },
  { bit: DUO.NO_REIDENTIFICATION, duo: null, text: "No attempt to find out who a person is" },
];

/** The terms that are set. */
export function termsOf(duo: bigint): TermWords[] {
  return TERMS.filter((term) => (duo & term.bit) !== 0n);
}
