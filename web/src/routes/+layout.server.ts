import { SALUS_CHAIN_ID, SALUS_DEPLOYMENT, SALUS_GATEWAYS } from "$app/env/private";
import { readPublicConfig } from "#lib/server/config.ts";
import type { LayoutServerLoad } from "./$types";

export const load: LayoutServerLoad = ({ locals }) => ({
  theme: locals.theme,
  config: readPublicConfig({
    deployment: SALUS_DEPLOYMENT,
    chainId: SALUS_CHAIN_ID,
    gateways: SALUS_GATEWAYS,
  }),
});
