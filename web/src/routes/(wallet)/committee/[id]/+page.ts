import { WebError } from "#lib/errors.ts";
import type { PageLoad } from "./$types";

export const load: PageLoad = ({ params: { id } }) => {
  if (!/^0x[0-9a-f]{64}$/.test(id)) throw new WebError("WEB_NOT_FOUND");
  return { id: id as `0x${string}` };
};
