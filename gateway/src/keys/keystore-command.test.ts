import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openKeystore } from "./keystore-file.ts";
import { runKeystoreCommand } from "./keystore-command.ts";
import { openKeyVault } from "./open-keys.ts";

const PASSPHRASE = "a passphrase of this test";
const PLAIN = {
  operatorKey: "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
  signerKey: "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
  sealingKey: "0x77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
};

let folder: string;
let passphraseFile: string;
const at = (name: string) => join(folder, name);
const write = (name: string, text: string, mode = 0o600) => {
  writeFileSync(at(name), text, { mode });
  chmodSync(at(name), mode);
  return at(name);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "salus-keystore-"));
  passphraseFile = write("passphrase", `${PASSPHRASE}\nnot this line\n`);
  write("plain.json", JSON.stringify(PLAIN));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  let [out, err] = ["", ""];
  const code = await runKeystoreCommand(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
  });
  for (const secret of [PASSPHRASE, ...Object.values(PLAIN).map((key) => key.slice(2))]) {
    expect(out + err).not.toContain(secret);
  }
  return { code, out, err };
}
const files = (keystore: string) => ["--keystore", at(keystore), "--passphrase-file", passphraseFile];

describe("the keystore command", () => {
  it("creates a keystore of three keys that only its owner may read, and shows its public halves", async () => {
    const made = await run("create", ...files("new.json"), "--json");
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(statSync(at("new.json")).mode & 0o777).toBe(0o600);
    const keys = await openKeystore(readFileSync(at("new.json"), "utf8"), PASSPHRASE);
    expect(new Set(Object.values(keys)).size).toBe(3);
    expect(JSON.parse(made.out)).toEqual(JSON.parse((await run("show", ...files("new.json"), "--json")).out));
    const vault = await openKeyVault({ keystore: at("new.json"), passphraseFile });
    expect(JSON.parse(made.out)).toMatchObject({
      operator: vault.operator.address,
      signer: vault.signer.address,
      sealing: vault.sealing.publicKey,
    });
    expect((await run("show", ...files("new.json"))).out).toContain(vault.signer.address);
  });

  it("converts a plain file, key by key", async () => {
    expect((await run("convert", ...files("converted.json"), "--plain", at("plain.json"))).code).toBe(0);
    expect(await openKeystore(readFileSync(at("converted.json"), "utf8"), PASSPHRASE)).toEqual(PLAIN);
  });

  it("never writes over a file, and refuses with 1 what cannot be done", async () => {
    write("there.json", "precious");
    expect((await run("create", ...files("there.json"))).code).toBe(1);
    expect(readFileSync(at("there.json"), "utf8")).toBe("precious");
    write("short", "too short");
    const short = await run("create", "--keystore", at("x.json"), "--passphrase-file", at("short"));
    expect(short).toMatchObject({ code: 1, err: expect.stringMatching(/fewer than 12/) });
    expect(existsSync(at("x.json"))).toBe(false);
    write("open", PASSPHRASE, 0o644);
    expect((await run("create", "--keystore", at("x.json"), "--passphrase-file", at("open"))).err).toMatch(
      /chmod/,
    );
    expect((await run("show", ...files("there.json"), "--json")).err).toMatch(
      /^\{"error":"The file is no keystore/,
    );
    expect((await run("show", ...files("missing.json"))).code).toBe(1);
    write("other", "another passphrase altogether");
    const locked = await run("show", "--keystore", at("converted.json"), "--passphrase-file", at("other"));
    expect(locked).toMatchObject({ code: 1, err: expect.stringMatching(/passphrase is not/) });
  });

  it("says with 2 what it does not understand, and helps", async () => {
    for (const args of [
      [],
      ["destroy", ...files("x.json")],
      ["create"],
      ["create", "--keystore", at("x.json")],
      ["create", ...files("x.json"), "--plain", at("plain.json")],
      ["convert", ...files("x.json")],
      ["create", ...files("x.json"), "--passphrase", PASSPHRASE.slice(0, 3)],
    ]) {
      expect(await run(...args), args.join(" ")).toMatchObject({ code: 2, out: "" });
    }
    expect(await run("--help")).toMatchObject({ code: 0, out: expect.stringContaining("Exit codes") });
  });
});

describe("the keys that the environment names", () => {
  it("open, or name the variable that is wrong", async () => {
    const keystore = at("converted.json");
    const wrong: [string, string, string, RegExp][] = [
      ["SALUS_KEYSTORE_FILE", at("missing.json"), passphraseFile, /cannot be read/],
      [
        "SALUS_KEYSTORE_FILE",
        write("open.json", readFileSync(keystore, "utf8"), 0o640),
        passphraseFile,
        /chmod/,
      ],
      ["SALUS_KEYSTORE_FILE", at("plain.json"), passphraseFile, /no keystore/],
      ["SALUS_KEYSTORE_PASSPHRASE_FILE", keystore, at("missing"), /cannot be read/],
      ["SALUS_KEYSTORE_PASSPHRASE_FILE", keystore, at("open"), /chmod/],
      ["SALUS_KEYSTORE_PASSPHRASE_FILE", keystore, write("empty", "\nsecond line"), /first line is empty/],
      ["SALUS_KEYSTORE_PASSPHRASE_FILE", keystore, at("other"), /not this keystore's/],
    ];
    for (const [variable, file, phrase, said] of wrong) {
      const opening = openKeyVault({ keystore: file, passphraseFile: phrase });
      await expect(opening).rejects.toMatchObject({
        variable,
        message: expect.stringMatching(said) as unknown,
      });
    }
    expect((await openKeyVault({ plainFile: at("plain.json") })).operator.address).toBe(
      "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    );
  });
});
