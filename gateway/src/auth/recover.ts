import { Tinypool } from "tinypool";
import type { Address } from "viem";
import type { SignedDigest } from "./recover.worker.ts";

/** Digests that the thread may have waiting, so that it never waits for the next itself. */
const WAITING = 64;

let thread: Tinypool | undefined;

/**
 * {@link import("./recover.worker.ts").default} in a thread beside the one that does everything else: recovering is most of a
 * request's cryptography, and needs no key. One thread recovers several hundred signers a second, more than the rest of a
 * gateway can serve. It begins with the first signature and sees nothing of the gateway's environment.
 *
 * @throws what ended the thread, if something did: then nobody is let through
 */
export function recoverSigner(signed: SignedDigest): Promise<Address | undefined> {
  thread ??= new Tinypool({
    filename: new URL("./recover.worker.ts", import.meta.url).href,
    minThreads: 1,
    maxThreads: 1,
    concurrentTasksPerWorker: WAITING,
    env: {},
  });
  return thread.run(signed) as Promise<Address | undefined>;
}
