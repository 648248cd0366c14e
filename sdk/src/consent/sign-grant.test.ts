import { describe, expect, it } from "vitest";
import { privateKeyToAccount } from "viem/accounts";
import type { Deployment } from "../chain/deployment.ts";
import { signProxyWord } from "./proxies.ts";
import { signGrant } from "./sign-grant.ts";

const subject = privateKeyToAccount(`0x${"11".repeat(32)}`);
const registry = `0x${"22".repeat(20)}` as const;
const deployment = { chainId: 31337, contracts: { ConsentRegistry: registry } } as unknown as Deployment;
const grant = { dataset: 7n, subject: subject.address, purposes: 1n, expiry: 2_000_000_000, modes: 1 };
const refusal = expect.objectContaining({ code: "SDK_NONCE_TOO_FAR" });

describe("signing a grant", () => {
  // A direct revocation raises the nonce by 2^16 = 65,536 (design §5): whatever is signed below that is covered by it.
  it.each([5, 6, 5 + 65_535])("for nonce %i while the slot's is 5 is done", async (nonce) => {
    const { signature } = await signGrant(deployment, { ...grant, nonce }, subject, 5);
    expect(signature).toMatch(/^0x[0-9a-f]{130}$/);
  });

  it.each([4, 5 + 65_536, 1_000_000])("for nonce %i while the slot's is 5 is refused", async (nonce) => {
    await expect(signGrant(deployment, { ...grant, nonce }, subject, 5)).rejects.toThrow(refusal);
  });

  it("is refused to a proxy in the same way", async () => {
    const word = { ...grant, nonce: 5 + 65_536, proxy: subject.address, since: 4 };
    await expect(signProxyWord(deployment, "ProxyGrant", word, subject, 5)).rejects.toThrow(refusal);
    await signProxyWord(deployment, "ProxyGrant", { ...word, nonce: 5 }, subject, 5);
  });
});
