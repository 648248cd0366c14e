import { keccak256, toHex, type Hex } from "viem";
import { countrySet, DUO, MODES, permits, type Terms } from "@salus/sdk";
import type { DatasetDescription, DuoTerm, Mode } from "./world/world.ts";

const NO_DISEASE: Hex = `0x${"00".repeat(32)}`;

/** Text of the demo's data-use agreement; its digest is part of every dataset's terms. */
export const AGREEMENT =
  "The requester uses the results for the declared purpose only, tries to identify nobody, and reports a breach at once.";

/** Terms in full from their DUO names. */
export function termsOf({
  terms: names,
  countries = [],
  royaltyBps,
}: Pick<DatasetDescription, "terms" | "countries" | "royaltyBps">): Terms {
  return {
    duo: duoOf(names),
    disease: NO_DISEASE,
    royaltyBps,
    agreement: keccak256(toHex(AGREEMENT)),
    countries: countrySet(countries),
    dates: 0n,
  };
}

/** Every declared use, alone or with its qualities, that terms with these names permit, as bits. */
export function purposesOf(names: readonly DuoTerm[]): bigint {
  const terms = { duo: duoOf(names), disease: NO_DISEASE, dates: 0n };
  const around = { shown: 0n, time: 0, until: 0 };
  const activities = bits(DUO.ACTIVITIES).filter((use) => ok(use));
  const qualities = bits(DUO.KNOWN_USES & ~DUO.ACTIVITIES & ~DUO.UNDERTAKINGS).filter((quality) =>
    activities.some((use) => ok(use | quality)),
  );
  return [...activities, ...qualities].reduce((all, bit) => all | bit, 0n);

  function ok(uses: bigint): boolean {
    return permits(terms, { uses, disease: NO_DISEASE }, around) === "Permitted";
  }
}

/** Modes as bits. */
export function modesOf(names: readonly Mode[]): number {
  const bit: Record<Mode, number> = {
    analysis: MODES.ANALYSIS,
    training: MODES.TRAINING,
    download: MODES.DOWNLOAD,
  };
  return names.reduce((all, name) => all | bit[name], 0);
}

function duoOf(names: readonly DuoTerm[]): bigint {
  return names.reduce((all, name) => all | DUO[name], 0n);
}

function bits(mask: bigint): bigint[] {
  return Array.from({ length: 128 }, (_, i) => 1n << BigInt(i)).filter((bit) => mask & bit);
}
