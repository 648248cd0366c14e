import { deriveSubjectKey, type DerivedKey } from "@salus/sdk/accounts/derive";
import type { PublicConfig } from "#lib/config.ts";
import type { App } from "#lib/context.ts";
import type { Hex } from "#lib/data/types.ts";
import { WebError } from "#lib/errors.ts";

/** A person's key in one dataset; its address is their pseudonym there. */
export type SubjectKey = DerivedKey;

/**
 * The person's key in each of these datasets, derived on this device.
 * @throws WEB_NO_ACCOUNT, WEB_DEPLOYMENT
 */
export function subjectKeys(app: App, datasets: readonly Hex[]): Promise<SubjectKey[]> {
  const registry = registryOf(app.config);
  return app.session.withSecret(async (secret) =>
    datasets.map((dataset) =>
      deriveSubjectKey(secret, { chainId: app.config.chainId, registry, dataset: BigInt(dataset) }),
    ),
  );
}

function registryOf({ contracts }: Pick<PublicConfig, "contracts">): Hex {
  const registry = contracts["AssetRegistry"];
  if (!registry) throw new WebError("WEB_DEPLOYMENT");
  return registry;
}
