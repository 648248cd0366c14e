import { SalusError } from "@salus/sdk/errors";
import { Tinypool } from "tinypool";
import type { Address } from "viem";
import type { Sealed, Sealing, SignedDigest } from "./cryptography.worker.ts";

/** Pieces of work that the thread may have waiting, so that it never waits for the next itself. */
const WAITING = 64;

let begun: Tinypool | undefined;

/**
 * A thread beside the one that does everything else, for what is most of a request's cryptography and needs no key of the
 * gateway. One does more than the rest of a gateway can serve. It begins with the first piece of work and sees nothing of the
 * environment.
 */
function thread(): Tinypool {
  begun ??= new Tinypool({
    filename: new URL("./cryptography.worker.ts", import.meta.url).href,
    minThreads: 1,
    maxThreads: 1,
    concurrentTasksPerWorker: WAITING,
    env: {},
  });
  return begun;
}

/**
 * {@link import("./cryptography.worker.ts").recoverSigner} in the thread.
 *
 * @throws what ended the thread, if something did: then nobody is let through
 */
export function recoverSigner(signed: SignedDigest): Promise<Address | undefined> {
  return thread().run(signed, { name: "recoverSigner" }) as Promise<Address | undefined>;
}

/**
 * Seals in the thread, to which the plaintext is handed over: it is of no use here afterwards.
 *
 * @param sealing its plaintext is a whole buffer of its own
 * @throws what `sealToRecipient` of the sdk throws
 */
export async function sealToRecipient(sealing: Sealing): Promise<Uint8Array> {
  const handedOver = { name: "sealToRecipient", transferList: [sealing.plaintext.buffer as ArrayBuffer] };
  const done = (await thread().run(sealing, handedOver)) as Sealed;
  if ("sealed" in done) return done.sealed;
  throw new SalusError(done.refused as ConstructorParameters<typeof SalusError>[0]);
}
