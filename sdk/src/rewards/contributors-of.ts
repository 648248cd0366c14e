import type { Hex } from "viem";
import { type Cohort } from "../cohort/compute-cohort.ts";
import { SalusError } from "../errors.ts";
import { consentBasis, type ConsentLeaf } from "../trees/leaves.ts";
import type { Contributor, ContributorSource } from "./merge.ts";
import { compareSubjects } from "./reward-leaf.ts";

/**
 * The contributors of a receipt, from its cohort and the version's consent leaves.
 * @throws SDK_REWARDS_INCOMPLETE when the cohort is not the one that the receipt names
 */
export function contributorsOf(
  cohort: Pick<Cohort, "contributors" | "contributorsRoot">,
  consents: readonly ConsentLeaf[],
  contributorsRoot: Hex,
): ContributorSource {
  if (cohort.contributorsRoot.toLowerCase() !== contributorsRoot.toLowerCase()) {
    throw new SalusError({
      code: "SDK_REWARDS_INCOMPLETE",
      message: `The cohort has the contributors root ${cohort.contributorsRoot}, the receipt ${contributorsRoot}.`,
      hint: "Compute the cohort from the version, the blocks and the exclusions that the receipt names.",
      details: { computed: cohort.contributorsRoot, receipt: contributorsRoot },
    });
  }
  const attested = new Set(
    consents
      .filter(({ basis }) => basis === consentBasis.custodianAttested)
      .map(({ subject }) => subject.toLowerCase()),
  );
  const people: Contributor[] = cohort.contributors
    .map(({ subject, weight }) => ({ subject, weight, attested: attested.has(subject.toLowerCase()) }))
    .sort((a, b) => compareSubjects(a.subject, b.subject));
  return () => [people];
}
