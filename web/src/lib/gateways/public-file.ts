import { cidOf } from "@salus/sdk/cid";
import { WebError } from "#lib/errors.ts";

/**
 * A public file (descriptor, consent leaves, manifest) by its content id, from the first gateway that has it. Bytes that
 * do not belong to the content id are passed over.
 * @param gateways names of gateways, the likeliest first
 * @throws WEB_FILE_MISSING
 */
export async function getPublicFile(gateways: readonly string[], cid: string): Promise<Uint8Array> {
  const refusals: string[] = [];
  for (const name of gateways) {
    const found = await ask(name, cid);
    if (found instanceof Uint8Array) return found;
    refusals.push(`${name}: ${found}`);
  }
  throw new WebError("WEB_FILE_MISSING", { detail: `${cid} (${refusals.join("; ") || "no gateway known"})` });
}

async function ask(name: string, cid: string): Promise<Uint8Array | string> {
  let answer: Response;
  try {
    answer = await fetch(`/api/gateway/${name}/ipfs/${cid}?format=raw`);
  } catch {
    return "no answer";
  }
  if (!answer.ok) return `answered ${answer.status}`;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return cidOf(bytes) === cid ? bytes : "served other bytes";
}
