import { WebError } from "#lib/errors.ts";

/**
 * Asks gateways one after the other until one does what it is asked. If none does, the last one's reason is told.
 * @param names in the order in which they are asked; repeated names are asked once
 */
export async function firstToAccept<T>(
  names: readonly string[],
  send: (name: string) => Promise<T>,
): Promise<T> {
  let last: unknown = new WebError("WEB_GATEWAY_UNREACHABLE");
  for (const name of new Set(names)) {
    try {
      return await send(name);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}
