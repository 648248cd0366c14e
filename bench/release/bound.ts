import { recoverTypedDataAddress, toHex, type Address, type Hex, isAddressEqual } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { randomBytes } from "@salus/sdk/crypto/bytes";
import { encodeShareBatch, sealToRecipient, SHARE_BYTES } from "@salus/sdk/crypto/index";
import { freshness, REQUEST_TYPES, requestDomain, signRequest } from "@salus/sdk/gateway/requests";
import { signPromise } from "@salus/sdk/log/promise";
import { mustBe } from "../gas/measure.ts";

/** What the operations of a release are bound to. */
export type BoundScope = { chainId: number; gatewayRegistry: Address; escrow: Address };

/**
 * Only the HPKE and signature operations of a release, as a gateway does them: verify the request's signature, seal the key
 * shares to the asker, sign the promise that the decisions are in the log.
 *
 * @returns milliseconds that each took with `lanes` of them under way, and the seconds that all took
 */
export async function bound(
  scope: BoundScope,
  about: { signer: PrivateKeyAccount; recipientKey: Hex; records: number; count: number; lanes: number },
): Promise<{ ms: number[]; seconds: number }> {
  const { signer, recipientKey, records, count, lanes } = about;
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
  const typed = { domain, types, primaryType: "Request" as const, message, signature };
  const plaintext = encodeShareBatch(
    Array.from({ length: records }, () => ({
      recordId: toHex(randomBytes(32)),
      share: randomBytes(SHARE_BYTES),
      salt: randomBytes(32),
    })),
  );
  const orderId = toHex(randomBytes(32));
  const context = { chainId: scope.chainId, escrow: scope.escrow, orderId, purpose: "key-release" } as const;
  const once = async () => {
    const recovered = await recoverTypedDataAddress(typed as never);
    mustBe("The signer of the request", isAddressEqual(recovered, signer.address), true);
    await sealToRecipient({ recipientPublicKey: recipientKey, context, plaintext });
    const issuedAt = message.issuedAt;
    const position = { first: 1, size: 1 + records, root: orderId, issuedAt, deadline: issuedAt + 60 };
    await signPromise(scope, { gateway: 2, order: orderId, ...position }, signer);
  };
  for (let i = 0; i < lanes; i += 1) await once(); // the first runs compile
  const ms: number[] = [];
  let begun = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (begun++ < count) {
        const before = performance.now();
        await once();
        ms.push(performance.now() - before);
      }
    }),
  );
  return { ms, seconds: (performance.now() - start) / 1000 };
}
