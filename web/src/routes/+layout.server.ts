import { readPublicConfig } from "#lib/server/public-config.ts";
import type { LayoutServerLoad } from "./$types";

export const load: LayoutServerLoad = async ({ locals }) => ({
  theme: locals.theme,
  config: await readPublicConfig(),
});
