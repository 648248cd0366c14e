import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import type { Address, Hex } from "viem";
import { describe, expect, it } from "vitest";
import {
  commitToKey,
  commitToShare,
  encodeRecordContext,
  gatewaySetDigest,
  hashShareCommitments,
  deriveHpkeKeyPair,
  openEnvelope,
  openSealed,
  openShares,
  sealRecord,
  toHex,
  type GatewaySet,
  type RecordContext,
} from "./index.ts";

/*
 * Unless another source is named, expected values were computed with Python: cryptography's AES-GCM and HPKE, and a
 * Keccak written from FIPS 202. They pin the formats: a change here breaks every record that is already listed.
 */
const context: RecordContext = {
  chainId: 31337,
  registry: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  dataset: 7n,
  originVersion: 3,
  recordId: `0x${"aa".repeat(32)}`,
  schema: `0x${"bb".repeat(32)}`,
};
const range = (from: number, length: number) => Uint8Array.from({ length }, (_, i) => from + i);
const key = range(100, 32);
const salt = range(200, 32);
const plaintext = new TextEncoder().encode('{"resourceType":"Patient"}');

describe("record envelope", () => {
  it("opens as written by another implementation", async () => {
    const header = Buffer.concat([Buffer.from("SALR\x01"), range(0, 12), salt]);
    const framed = Buffer.alloc(1024);
    framed.writeUInt32BE(plaintext.length);
    framed.set(plaintext, 4);
    const cipher = createCipheriv("aes-256-gcm", key, range(0, 12));
    cipher.setAAD(Buffer.concat([encodeRecordContext(context), header]));
    const body = Buffer.concat([cipher.update(framed), cipher.final(), cipher.getAuthTag()]);
    const envelope = Buffer.concat([header, body]);
    expect(createHash("sha256").update(envelope).digest("hex")).toBe(
      "cfc42ba6d72aace32ab9fb19a1c9dcd5448e4b10d5fdd166eecf11e47f2dc6b1",
    );
    expect(await openEnvelope(context, envelope, key)).toEqual(plaintext);
  });

  it("is read by another implementation", async () => {
    const { envelope, key: fresh, keySalt } = await sealRecord(context, plaintext);
    const header = envelope.subarray(0, 49);
    expect(Buffer.from(header.subarray(0, 5)).toString("latin1")).toBe("SALR\x01");
    expect(header.subarray(17)).toEqual(keySalt);
    const decipher = createDecipheriv("aes-256-gcm", fresh, header.subarray(5, 17));
    decipher.setAAD(Buffer.concat([encodeRecordContext(context), header]));
    decipher.setAuthTag(envelope.subarray(-16));
    const framed = Buffer.concat([decipher.update(envelope.subarray(49, -16)), decipher.final()]);
    expect(framed.readUInt32BE()).toBe(plaintext.length);
    expect(new Uint8Array(framed.subarray(4, 4 + plaintext.length))).toEqual(plaintext);
  });
});

describe("commitments", () => {
  it("to key and share are keccak256 over tag, context digest, index, salt and secret", () => {
    const keyCommitment = "0xcb67a7cb0f15fcaee69e3fb1433e0d6c1df148a99418428bbce984767fc9d33d";
    const commitment = "0x7835d6a964a6e1960f89cee359ee5b5b7c700c08134d7da26b0413031891b815";
    expect(commitToKey(context, salt, key)).toBe(keyCommitment);
    expect(commitToShare(context, 2, { share: range(0, 33), salt: range(50, 32) })).toBe(commitment);
    expect(hashShareCommitments([commitment, keyCommitment])).toBe(
      "0xe6a773d350e6d57802dda38a8743bbe08cacb8f306e15ba5b01e5d5c15df4184",
    );
  });
});

describe("HPKE", () => {
  // RFC 9180, appendix A.1.1
  const ikmR = "6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037";
  const ikmE = "7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234";
  const pkRm = "0x3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d";
  const skRm = "0x4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8";
  const receiver = () => deriveHpkeKeyPair(Buffer.from(ikmR, "hex"));

  it("derives the key pair of RFC 9180 A.1.1", async () => {
    const pair = await receiver();
    expect(pair.publicKey).toBe(pkRm);
    expect(toHex(pair.privateKey)).toBe(skRm);
  });

  it("in the library used encrypts as RFC 9180 A.1.1", async () => {
    const suite = new CipherSuite({
      kem: new DhkemX25519HkdfSha256(),
      kdf: new HkdfSha256(),
      aead: new Aes128Gcm(),
    });
    const recipientPublicKey = await suite.kem.deserializePublicKey(Buffer.from(pkRm.slice(2), "hex"));
    const info = new TextEncoder().encode("Ode on a Grecian Urn");
    const parameters = { recipientPublicKey, info, ekm: Buffer.from(ikmE, "hex") };
    const text = new TextEncoder().encode("Beauty is truth, truth beauty");
    const { ct, enc } = await suite.seal(parameters, text, new TextEncoder().encode("Count-0"));
    expect(Buffer.from(enc).toString("hex")).toBe(
      "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
    );
    expect(Buffer.from(ct).toString("hex")).toBe(
      "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
    );
  });

  it("opens a result sealed by another implementation", async () => {
    const sealed = Buffer.from(
      "53414c48012ab72f09f613fcc59fcec71b792806af7a7c30672299acd6fcad7837d3ba9e49c684d71ebc95c5666741fa1a1c9c0bcfdf6e0509c17a8614",
      "hex",
    );
    const escrow: Address = `0x${"22".repeat(20)}`;
    const orderId: Hex = `0x${"cc".repeat(32)}`;
    const opened = await openSealed({
      recipientKey: await receiver(),
      context: { chainId: 31337, escrow, orderId, purpose: "result" },
      sealed,
    });
    expect(new TextDecoder().decode(opened)).toBe("a result");
  });

  it("opens key shares sealed by another implementation to the same gateway set", async () => {
    const hpkePublicKey = (byte: string): Hex => `0x${byte.repeat(32)}`;
    const gatewaySet: GatewaySet = {
      gateways: ["01", "02", "03"].map((byte, i) => ({ index: i + 1, hpkePublicKey: hpkePublicKey(byte) })),
      threshold: 2,
    };
    expect(gatewaySetDigest(gatewaySet)).toBe(
      "0xf9edb01caa9bd87ca3d7b5291030c3ee91502bfb833da9000da9d65a7b8686bb",
    );
    const withReceiver = {
      ...gatewaySet,
      gateways: gatewaySet.gateways.map((g) => (g.index === 1 ? { ...g, hpkePublicKey: pkRm as Hex } : g)),
    };
    const sealed = Buffer.from(
      "53414c4801f9ee8c68df6c4788a6eade61b348f99c2bb6df670f2d455c34375819468d5861a8bfe0f9d14281e203bd0cdbf6a3abe7f5f310c2e9cc609b1861e5aeea6192c8ff2d4219f28ee61c86abc4c48fd41e2aef29e9f5138a49b26b2bb5937b19a9b5a82460609a369e09c8276510e6c150083ed9a76bb6c7d19fecae973666e44c3b1f977497380186b2d6b3623826fa9e1388868782559aede241ab",
      "hex",
    );
    const shares = await openShares({
      context: { ...context, version: 3, gatewaySet: withReceiver, gateway: 1 },
      recipientKey: await receiver(),
      sealed,
    });
    expect(shares).toEqual([{ recordId: context.recordId, share: range(0, 33), salt: range(50, 32) }]);
  });
});
