/**
 * Three gateways, each with its keys elsewhere: in another process, in an encrypted keystore, in a plain file. What they do
 * they do alike, and whatever they log at the most talkative level holds nothing personal and nothing that opens anything.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { keccak256, type Hex, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MODES, OrderKind, readSlots, signGrant, signRevocation, toHex as bytesToHex } from "@salus/sdk";
import {
  getAccessLog,
  getInfo,
  type GatewayTarget,
  putVeto,
  releaseShares,
  sendGrant,
  sendRevocation,
} from "@salus/sdk/gateway/index";
import { connectDatabase } from "../../gateway/src/database/connect.ts";
import { keysOf } from "../../gateway/src/keys/keys.ts";
import { memoryVault } from "../../gateway/src/keys/raw-keys.ts";
import { openShareStore } from "../../gateway/src/storage/shares.ts";
import {
  COUNT,
  type Dataset,
  deliveryOf,
  endow,
  listPatients,
  type Placed,
  placeOrder,
  resultOf,
  subjectOf,
} from "../support/gateway-market.ts";
import { type GatewayNetwork, startGatewayNetwork, until } from "../support/gateway-network.ts";

const ROOT = join(import.meta.dirname, "../..");
const PASSPHRASE = "planted passphrase of gateway two";
const NAME = "Plantedson";
const TOKEN = "planted-token-of-a-query";
const buyer = privateKeyToAccount(keccak256(toHex("buyer of the secrets tests")));

let network: GatewayNetwork;
let dataset: Dataset;
let vault: ChildProcess | undefined;
/** Where keys are put that a gateway must not reach. */
let safe: string;
/** What must not turn up in a log, by what it is. */
const planted = new Map<string, string[]>();

const plant = (what: string, ...texts: string[]) =>
  planted.set(what, [...(planted.get(what) ?? []), ...texts]);

beforeAll(async () => {
  safe = mkdtempSync(join(tmpdir(), "salus-safe-"));
  network = await startGatewayNetwork(23_480, async (index, folder) => {
    const told = { SALUS_LOG_LEVEL: "trace" };
    const keysFile = join(folder, "keys.json");
    if (index === 1) return { ...told, ...(await keysInAnotherProcess(keysFile)) };
    if (index === 2) return { ...told, ...keysInKeystore(folder, keysFile) };
    return told;
  });
  for (const { keys } of network.gateways) plant("keys", keys.operatorKey, keys.signerKey, keys.sealingKey);
  plant("passphrase", PASSPHRASE);
  plant("database password", "local-tests-only");
  await endow(network, buyer);
  dataset = await listPatients(network, 12, { mark: NAME });
  plant("record", NAME);
}, 180_000);

afterAll(async () => {
  await network?.stop();
  vault?.kill("SIGKILL");
  rmSync(safe, { recursive: true, force: true });
});

/** Gateway 1: its keys are taken out of its folder, and another process has them. */
async function keysInAnotherProcess(keysFile: string): Promise<Record<string, string>> {
  const moved = join(safe, "keys.json");
  renameSync(keysFile, moved);
  const socket = join(safe, "vault.sock");
  vault = spawn(process.execPath, [join(ROOT, "test/support/vault/process.ts"), moved, socket], {
    stdio: "ignore",
  });
  await until(async () => existsSync(socket), 20);
  return { TEST_GATEWAY_ENTRY: "test/support/vault/gateway.ts", TEST_VAULT_SOCKET: socket };
}

/** Gateway 2: its keys are converted by the command, and the plain file is gone. */
function keysInKeystore(folder: string, keysFile: string): Record<string, string> {
  const keystore = join(folder, "keystore.json");
  const passphraseFile = join(folder, "passphrase");
  writeFileSync(passphraseFile, `${PASSPHRASE}\n`, { mode: 0o600 });
  const args = ["convert", "--keystore", keystore, "--passphrase-file", passphraseFile, "--plain", keysFile];
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "gateway/src/keystore.ts"), ...args], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  rmSync(keysFile);
  return {
    SALUS_KEYS_FILE: "",
    SALUS_KEYSTORE_FILE: keystore,
    SALUS_KEYSTORE_PASSPHRASE_FILE: passphraseFile,
  };
}

/** A gateway whose requests' proofs are written down. */
function target(index: number): GatewayTarget {
  const tapped: typeof fetch = (url, init) => {
    const headers = new Headers(init?.headers);
    for (const name of ["authorization", "x-salus-upload"]) {
      const value = headers.get(name);
      if (value) plant(name, value.replace("Salus ", ""));
    }
    return fetch(url, init);
  };
  return { ...network.gateways[index - 1]!.target(), fetch: tapped };
}

describe("gateways whose keys lie elsewhere", () => {
  test("are who the registry says", async () => {
    expect(existsSync(join(network.folder, "gateway-1", "keys.json"))).toBe(false);
    expect(existsSync(join(network.folder, "gateway-2", "keys.json"))).toBe(false);
    for (const { index, keys } of network.gateways) {
      const { signer, operator, sealingKey } = await getInfo(target(index));
      expect([signer, operator].map((each) => each.toLowerCase())).toEqual(
        [keys.signer, keys.operator].map((each) => each.toLowerCase()),
      );
      expect(sealingKey).toBe(keys.sealingPublicKey);
    }
  });

  let placed: Placed;
  test("run a job to its result: shares sealed to them open, receipts, transactions and checkpoints are signed", async () => {
    placed = await placeOrder(network, {
      buyer,
      asset: dataset.asset,
      kind: OrderKind.Analysis,
      spec: COUNT,
    });
    plant("job's salt", placed.salt);
    plant("recipient's key", bytesToHex(placed.recipientKey.privateKey));
    const { opened } = await resultOf(network, placed, buyer);
    expect(opened.result).toMatchObject({ kind: "count" });
  });

  test("release a download and keep the shares at rest under a key derived in the vault", async () => {
    const download = await placeOrder(network, { buyer, asset: dataset.asset, kind: OrderKind.Download });
    await deliveryOf(download);
    const { chainId, contracts } = network.deployment;
    expect(chainId).toBe(31337);
    for (const index of [1, 2]) {
      const about = { id: download.id, order: download.order, signer: buyer };
      const keys = { recipientKey: download.recipientKey, escrow: contracts.AccessEscrow };
      let shares: { share: Uint8Array; salt: Uint8Array }[] = [];
      // The delivery has to be final first.
      await until(async () => {
        const release = await releaseShares(target(index), { ...about, ...keys });
        shares = release.shares;
        return shares.length > 0;
      }, 60);
      expect(shares).toHaveLength(12);
      for (const { share, salt } of shares) plant("key share", bytesToHex(share), bytesToHex(salt));
    }
    const db = await connectDatabase(network.gateways[0]!.databaseUrl);
    try {
      const { keys } = network.gateways[0]!;
      const { storage } = await keysOf(memoryVault(keys));
      plant("storage key", bytesToHex(storage));
      const held = await openShareStore(db, storage).get(
        { asset: dataset.asset, originVersion: 1 },
        dataset.built.manifest.entries.map(({ leaf }) => leaf.recordId),
      );
      expect(held.size).toBe(12);
    } finally {
      await db.destroy();
    }
  });

  test("take a word to stop, a consent, a veto and a question about a record", async () => {
    const person = subjectOf(3);
    const about = { dataset: dataset.asset, subject: person.address };
    const slot = async () => (await readSlots(network.reader, { ...about, subjects: [person.address] }))[0]!;
    const revocation = await signRevocation(
      network.deployment,
      { ...about, nonce: (await slot()).nonce },
      person,
    );
    plant("signature", revocation.signature);
    await sendRevocation(target(2), revocation);
    await until(async () => (await slot()).nonce > revocation.message.maxNonce);
    const grant = {
      ...about,
      purposes: 1n,
      expiry: 4_000_000_000,
      modes: MODES.ANALYSIS,
      nonce: (await slot()).nonce,
    };
    const granted = await signGrant(network.deployment, grant, person, grant.nonce);
    plant("signature", granted.signature);
    await sendGrant(target(1), granted);
    expect((await slot()).nonce).toBe(grant.nonce + 1);
    await getAccessLog(target(1), { dataset: dataset.asset, signer: person });
    const operator = privateKeyToAccount(network.gateways[0]!.keys.operatorKey);
    await putVeto(target(1), { dataset: dataset.asset, subject: subjectOf(4).address, signer: operator });
  });
});

describe("the logs of all of it", () => {
  test("hold what happened, also of requests that fail", async () => {
    const { url } = network.gateways[2]!;
    const json = { "content-type": "application/json" };
    const header = { authorization: `Salus ${Buffer.from(NAME.repeat(20)).toString("base64url")}` };
    plant("authorization", header.authorization.slice(6));
    plant("query", TOKEN);
    const asked: [string, RequestInit][] = [
      [`/v1/orders/${placedId()}?token=${TOKEN}`, {}],
      [`/${NAME}/${TOKEN}`, {}],
      [`/v1/access-log?token=${TOKEN}`, { method: "POST", headers: json, body: `{"subject": ${NAME}` }],
      ["/v1/access-log", { method: "POST", headers: json, body: JSON.stringify({ subject: NAME }) }],
      [`/v1/orders/${placedId()}/result`, { headers: header }],
      [
        "/v1/uploads",
        { method: "POST", headers: { ...json, "x-salus-upload": header.authorization }, body: "{}" },
      ],
      [`/v1/blobs/${NAME}`, {}],
    ];
    for (const [path, init] of asked)
      expect((await fetch(`${url}${path}`, init)).status).toBeGreaterThanOrEqual(400);
  });

  test("hold nothing of what a broken database says of the row that it could not read", async () => {
    const { url, databaseUrl } = network.gateways[2]!;
    const db = await connectDatabase(databaseUrl);
    try {
      const fail = sql`create function fail() returns trigger language plpgsql as $$ begin
        raise exception 'row % of ${sql.raw(NAME)}', new; end $$`;
      await fail.execute(db);
      await sql`create trigger fail before insert on request_nonces for each row execute function fail()`.execute(
        db,
      );
      await expect(
        getAccessLog(target(3), { dataset: dataset.asset, signer: subjectOf(5) }),
      ).rejects.toMatchObject({ code: "GATEWAY_INTERNAL" });
      expect((await fetch(`${url}/health`)).status).toBe(200);
    } finally {
      await sql`drop trigger if exists fail on request_nonces`.execute(db);
      await db.destroy();
    }
    expect(readFileSync(network.gateways[2]!.logFile, "utf8")).toContain("P0001");
  });

  test("hold nothing when a gateway cannot start", async () => {
    const gateway = network.gateways[1]!;
    await gateway.stop();
    const folder = join(network.folder, "gateway-2");
    const keystore = {
      SALUS_KEYS_FILE: "",
      SALUS_KEYSTORE_FILE: join(folder, "keystore.json"),
      SALUS_KEYSTORE_PASSPHRASE_FILE: join(folder, "passphrase"),
    };
    const database = { SALUS_DATABASE_URL: `postgresql://postgres:${TOKEN}@127.0.0.1:1/none` };
    await expect(gateway.start({ ...keystore, ...database })).rejects.toThrow(/ended/);
    await expect(gateway.start({ ...keystore, SALUS_LOG_LEVEL: TOKEN })).rejects.toThrow(/SALUS_LOG_LEVEL/);
    writeFileSync(join(folder, "wrong"), `${TOKEN}\n`, { mode: 0o600 });
    const locked = { ...keystore, SALUS_KEYSTORE_PASSPHRASE_FILE: join(folder, "wrong") };
    await expect(gateway.start(locked)).rejects.toThrow(/SALUS_KEYSTORE_PASSPHRASE_FILE/);
  }, 120_000);

  test("hold none of the keys, shares, salts, records, signatures, tokens and passwords that were planted", () => {
    for (const what of [
      "authorization",
      "job's salt",
      "key share",
      "keys",
      "passphrase",
      "record",
      "signature",
    ]) {
      expect(planted.has(what), what).toBe(true);
    }
    for (const { name, logFile } of network.gateways) {
      const log = readFileSync(logFile, "utf8");
      expect(log.length).toBeGreaterThan(1000);
      for (const [what, texts] of planted) {
        for (const form of texts.flatMap(formsOf)) {
          const at = log.indexOf(form);
          expect(at, `${name} logged a ${what}: ${log.slice(Math.max(0, at - 200), at + 80)}`).toBe(-1);
        }
      }
    }
  });

  const placedId = (): Hex => `0x${"0d".repeat(32)}`;
});

/** A text as it is, and bytes in hexadecimal as they may be written otherwise. */
function formsOf(text: string): string[] {
  if (!/^0x([0-9a-f]{2})+$/i.test(text)) return [text];
  const bytes = Buffer.from(text.slice(2), "hex");
  return [
    text.slice(2).toLowerCase(),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    bytes.join(","),
  ];
}
