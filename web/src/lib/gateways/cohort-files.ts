import type { SalusReader } from "@salus/sdk/chain/client";
import type { CohortFiles } from "@salus/sdk/cohort/recompute-cohort";
import { getExclusions } from "@salus/sdk/gateway/get-exclusions";
import { readGateways } from "@salus/sdk/gateways/read-gateways";
import type { Order } from "@salus/sdk/types";
import type { PublicConfig } from "#lib/config.ts";
import type { Hex } from "#lib/data/types.ts";
import { gatewayAddress } from "./reach.ts";
import { readVersionFiles } from "./version-files.ts";

/**
 * The public files from which an order's cohort is worked out again.
 *
 * The custodian is asked first: only it keeps the file of subjects left out beyond what the chain says.
 */
export async function cohortFiles(
  salus: SalusReader,
  config: PublicConfig,
  id: Hex,
  { asset, version, custodian }: Order,
): Promise<CohortFiles> {
  const executor = (await readGateways(salus)).find(({ index }) => index === custodian)?.name;
  const names = [...new Set([...(executor ? [executor] : []), ...config.gateways])];
  const { manifest, consents } = await readVersionFiles(salus, names, { asset, number: version });
  const { excluded } = executor ? await getExclusions(gatewayAddress(executor), id) : { excluded: [] };
  return { records: manifest.entries.map(({ leaf }) => leaf), consents: consents.leaves, excluded };
}
