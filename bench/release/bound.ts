import { toHex, type Address, type Hex } from "viem";
import { randomBytes } from "@salus/sdk/crypto/bytes";
import { encodeShareBatch, sealToRecipient, SHARE_BYTES } from "@salus/sdk/crypto/index";
import { typedDigest } from "@salus/sdk/chain/typed-digest";
import { freshness, REQUEST_TYPES, requestDomain, signRequest } from "@salus/sdk/gateway/requests";
import { signPromise } from "@salus/sdk/log/promise";
import { recoverSigner } from "../../gateway/src/threads/cryptography.worker.ts";
import { keysOf } from "../../gateway/src/keys/keys.ts";
import { memoryVault, type RawKeys } from "../../gateway/src/keys/raw-keys.ts";
import { mustBe } from "../gas/measure.ts";
import { ownCpu } from "./cpu.ts";

/** What the operations of a release are bound to. */
export type BoundScope = { chainId: number; gatewayRegistry: Address; escrow: Address };

/** Milliseconds that each took with `lanes` under way, seconds that all took, and milliseconds of processor time. */
export type Measured = { ms: number[]; seconds: number; cpu: number };

/**
 * Only the HPKE and signature operations of a release, by the functions that a gateway does them with: verify the request's
 * signature, seal the key shares to the asker, sign the promise that the decisions are in the log.
 *
 * @returns measures so many of them
 */
export async function prepareBound(
  scope: BoundScope,
  about: { keys: RawKeys; recipientKey: Hex; records: number; lanes: number },
): Promise<(count: number) => Promise<Measured>> {
  const { keys, recipientKey, records, lanes } = about;
  const { signer } = await keysOf(memoryVault(keys));
  const message = {
    signer: signer.address,
    method: "POST",
    path: "/v1/peer/shares",
    body: toHex(randomBytes(32)),
    gateway: 2,
    ...freshness(),
  };
  const types = { Request: REQUEST_TYPES.Request };
  const signature = await signRequest({ ...scope, signer, primaryType: "Request", message });
  const domain = requestDomain(scope.chainId, scope.gatewayRegistry);
  const plaintext = encodeShareBatch(
    Array.from({ length: records }, () => ({
      recordId: toHex(randomBytes(32)),
      share: randomBytes(SHARE_BYTES),
      salt: randomBytes(32),
    })),
  );
  const order = toHex(randomBytes(32));
  const context = {
    chainId: scope.chainId,
    escrow: scope.escrow,
    orderId: order,
    purpose: "key-release",
  } as const;
  const { issuedAt } = message;
  const position = { first: 1, size: 1 + records, root: order, issuedAt, deadline: issuedAt + 60 };
  const once = async () => {
    const typed = { domain, types, primaryType: "Request", message };
    const recovered = await recoverSigner({ hash: typedDigest(typed), signature });
    mustBe("The signer of the request", recovered, signer.address);
    await sealToRecipient({ recipientPublicKey: recipientKey, context, plaintext });
    await signPromise(scope, { gateway: 2, order, ...position }, signer);
  };
  return (count) => measure(once, count, lanes);
}

async function measure(once: () => Promise<void>, count: number, lanes: number): Promise<Measured> {
  const ms: number[] = [];
  let begun = 0;
  const [cpu, start] = [ownCpu(), performance.now()];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (begun++ < count) {
        const before = performance.now();
        await once();
        ms.push(performance.now() - before);
      }
    }),
  );
  return { ms, seconds: (performance.now() - start) / 1000, cpu: ownCpu() - cpu };
}
