import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keysOf } from "./keys.ts";
import { readPlainKeys } from "./plain-file.ts";
import { memoryVault } from "./raw-keys.ts";

/** RFC 7748 §6.1: Alice's private and public key. */
const PRIVATE = "0x77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
const PUBLIC = "0x8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
/** Account 0 of the development mnemonic "test test … junk" and its address. */
const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "salus-keys-"));
  path = join(folder, "keys.json");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(value: unknown, mode = 0o600): void {
  rmSync(path, { force: true });
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  chmodSync(path, mode);
}

const good = { operatorKey: KEY, signerKey: KEY, sealingKey: PRIVATE };

describe("the plain keys file", () => {
  it("gives accounts and the public half of the sealing key", async () => {
    write(good);
    const keys = await keysOf(memoryVault(readPlainKeys(path)));
    expect(keys.operator.address).toBe(ADDRESS);
    expect(keys.sealing.publicKey).toBe(PUBLIC);
    expect(keys.storage).toHaveLength(32);
    expect(keys.derive("a", "b")).toMatch(/^0x[0-9a-f]{64}$/);
    expect(keys.derive("a", "b")).not.toBe(keys.derive("ab", ""));
  });

  it.each([0o640, 0o604, 0o660])("is refused when others may read it (mode %o)", (mode) => {
    write(good, mode);
    expect(() => readPlainKeys(path)).toThrow(/chmod it to 600/);
  });

  it("is refused when a key is missing or malformed, and never quoted", () => {
    for (const bad of [
      { ...good, signerKey: undefined },
      { ...good, sealingKey: "0x1234" },
      `{"operatorKey":"${KEY}`,
    ]) {
      write(bad);
      expect(() => readPlainKeys(path)).toThrow(expect.objectContaining({ variable: "SALUS_KEYS_FILE" }));
      expect(() => readPlainKeys(path)).not.toThrow(new RegExp(KEY.slice(10)));
    }
    rmSync(path);
    expect(() => readPlainKeys(path)).toThrow(/cannot be read/);
  });
});
