import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { type Address, type Hex, keccak256, toHex } from "viem";
import { hashStruct } from "@salus/sdk/chain/hash-struct";
import type { SalusReader } from "@salus/sdk/chain/client";
import { generateHpkeKeyPair, hpkeOpen, type HpkeKeyPair } from "@salus/sdk/crypto/hpke";
import type { GatewayTarget } from "@salus/sdk/gateway/requests";
import { commitJob, NO_JOB } from "@salus/sdk/gateway/commitments";
import { DUO, MODES, OrderKind } from "@salus/sdk/generated/constants";
import { buildVersion, type BuiltVersion } from "@salus/sdk/records/build-version";
import { descriptorDigest } from "@salus/sdk/records/descriptor";
import { hashTerms } from "@salus/sdk/chain/encode-struct";
import { newRecordId } from "@salus/sdk/records/prepare-record";
import { consentBasis, type ConsentLeaf } from "@salus/sdk/trees/leaves";
import { schemaDigest } from "@salus/sdk";
import type { Order } from "@salus/sdk/types";
import { openTermsReader } from "../../../gateway/src/chain/assets.ts";
import { openDirectory } from "../../../gateway/src/chain/directory.ts";
import { viewThrough } from "../../../gateway/src/chain/view.ts";
import type { Context } from "../../../gateway/src/context.ts";
import { connectDatabase } from "../../../gateway/src/database/connect.ts";
import { buildApp } from "../../../gateway/src/http/app.ts";
import type { TaskName, Tasks } from "../../../gateway/src/jobs/queue.ts";
import { taskList } from "../../../gateway/src/jobs/worker.ts";
import { storeBlobs } from "../../../gateway/src/storage/quota.ts";
import { openBlobStore } from "../../../gateway/src/storage/blobs.ts";
import { openShareStore } from "../../../gateway/src/storage/shares.ts";
import { openVersionStore } from "../../../gateway/src/storage/versions.ts";
import { acceptVersion } from "../../../gateway/src/versions/accept-version.ts";
import { COUNT, TERMS, ZERO, subjectOf } from "../gateway-market.ts";
import { TEST_DEPLOYMENT, testContext, testKey } from "../gateway-context.ts";
import type { TestPostgres } from "../postgres.ts";
import { ChainDouble, type Listed } from "./chain.ts";
import { privateKeyToAccount } from "viem/accounts";

/* Three gateways in one process, each with its own database: their routes, policy, consents and jobs as in production. */

export const GATEWAYS = [1, 2, 3] as const;
const ASSET = 77n;
const SCHEMA = {
  name: "note",
  mediaType: "text/csv" as const,
  columns: [{ name: "n", type: "integer" as const }],
};
/** Tables that a story fills. */
const STORIED = [
  "decisions",
  "log_nodes",
  "log_heads",
  "orders",
  "signed_receipts",
  "releases",
  "relays",
  "revocations",
  "request_nonces",
] as const;
/** Long after every story. */
export const FAR = 4_102_444_800;
export const buyer = privateKeyToAccount(testKey(90));
/** Salt of every analysis's job commitment. */
export const SALT: Hex = `0x${"5a".repeat(32)}`;

type Task = { [Name in TaskName]: { name: Name; payload: Tasks[Name] } }[TaskName];

export type InterleavedGateway = {
  index: number;
  context: Context;
  app: FastifyInstance;
  /** what waits in its queue, by key */
  tasks: Map<string, Task>;
  target: GatewayTarget;
};

export type Network = {
  gateways: InterleavedGateway[];
  built: BuiltVersion;
  leaves: ReadonlyMap<string, ConsentLeaf>;
  recipientKey: HpkeKeyPair;
  /** gateways that do not answer now */
  down: Set<number>;
  chain: ChainDouble;
  /** Forgets all that happened and begins anew on a fresh chain. */
  restart(time: number): Promise<void>;
  order(kind: number): { id: Hex; order: Order };
  runTask(gateway: InterleavedGateway, key: string): Promise<void>;
  stop(): Promise<void>;
};

/** The endpoints through which a gateway sees the chain, given one that is honest. */
export type Endpoints = (gateway: number, honest: SalusReader) => SalusReader[];

/**
 * Starts the network.
 *
 * @param consents what the people of the dataset allowed at listing, one record each
 */
export async function startNetwork(
  postgres: TestPostgres,
  consents: readonly Pick<ConsentLeaf, "purposes" | "modes" | "expiry">[],
  time: number,
  endpoints: Endpoints = (_, honest) => [honest],
): Promise<Network> {
  const folder = mkdtempSync(join(tmpdir(), "salus-interleaving-"));
  const sealing = await Promise.all(GATEWAYS.map(() => generateHpkeKeyPair()));
  const { built, leaves, listed } = await makeDataset(consents, sealing);
  const state = { chain: new ChainDouble(listed, time), down: new Set<number>(), salts: 0 };
  const gateways: InterleavedGateway[] = [];
  for (const index of GATEWAYS) {
    const db = await connectDatabase(await postgres.create(`gateway_${index}`));
    gateways.push(
      await makeGateway(
        index,
        db,
        join(folder, String(index)),
        sealing[index - 1]!,
        () => state.chain,
        endpoints,
      ),
    );
  }
  for (const gateway of gateways) await giveVersion(gateway, built, listed);
  const recipientKey = await generateHpkeKeyPair();
  return {
    gateways,
    built,
    leaves,
    recipientKey,
    get down() {
      return state.down;
    },
    get chain() {
      return state.chain;
    },
    async restart(at) {
      state.chain = new ChainDouble(listed, at);
      state.down.clear();
      for (const { context, tasks } of gateways) {
        tasks.clear();
        // Deleting a few rows is quicker than truncating files.
        await Promise.all(STORIED.map((table) => context.db.deleteFrom(table).execute()));
        await context.db.updateTable("log_state").set({ size: 0, frontier: "[]" }).execute();
      }
    },
    order(kind) {
      const order = draft(listed, recipientKey, kind, (state.salts += 1), state.chain.head.time);
      return { id: hashStruct(TEST_DEPLOYMENT, "Order", order), order };
    },
    async runTask(gateway, key) {
      const task = gateway.tasks.get(key);
      if (!task) return;
      gateway.tasks.delete(key);
      await (taskList(gateway.context)[task.name] as (payload: unknown) => Promise<void>)(task.payload);
    },
    async stop() {
      for (const { app, context } of gateways) {
        await app.close();
        await context.db.destroy();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Carries requests between the gateways, and the test's to them, into their servers; a gateway that is down does not answer. */
export function innerFetch(network: () => Network): typeof fetch {
  return (async (input: URL | string, init: RequestInit = {}) => {
    const url = new URL(input);
    const index = Number(/gateway-(\d)/.exec(url.hostname)![1]);
    const { down, gateways } = network();
    if (down.has(index)) throw new TypeError("fetch failed");
    const answer = await gateways[index - 1]!.app.inject({
      method: (init.method ?? "GET") as "GET",
      url: url.pathname + url.search,
      headers: init.headers as Record<string, string>,
      ...(init.body ? { payload: Buffer.from(init.body as Uint8Array) } : {}),
    });
    const body = answer.statusCode === 204 ? null : answer.rawPayload;
    return new Response(body as BodyInit | null, { status: answer.statusCode });
  }) as typeof fetch;
}

async function makeDataset(
  consents: readonly Pick<ConsentLeaf, "purposes" | "modes" | "expiry">[],
  sealing: readonly HpkeKeyPair[],
) {
  const leaves = consents.map((word, i): ConsentLeaf => ({
    ...word,
    subject: subjectOf(i).address,
    basis: consentBasis.subjectSigned,
    evidence: keccak256(toHex(`evidence ${i}`)),
    weight: 1,
    originVersion: 1,
  }));
  const built = await buildVersion({
    context: {
      chainId: 31337,
      registry: TEST_DEPLOYMENT.contracts.AssetRegistry,
      dataset: ASSET,
      version: 1,
    },
    gatewaySet: GATEWAYS.map((index, i) => ({ index, hpkePublicKey: sealing[i]!.publicKey })),
    threshold: 2,
    records: leaves.map(({ subject }, n) => ({
      recordId: newRecordId(),
      subject,
      schema: schemaDigest(SCHEMA),
      plaintext: new TextEncoder().encode(JSON.stringify({ n })),
    })),
    consents: leaves,
    descriptor: {
      title: "Notes",
      description: "Made up.",
      country: "AT",
      conditions: [],
      schemas: [SCHEMA],
      contact: { name: "Test hospital" },
    },
  });
  const listed: Listed = {
    asset: ASSET,
    terms: TERMS,
    modes: MODES.ANALYSIS | MODES.TRAINING | MODES.DOWNLOAD,
    threshold: 2,
    version: {
      contentRoot: built.contentRoot,
      consentRoot: built.consentRoot,
      count: built.recordCount,
      gatewaySet: 1,
      eligibility: ZERO,
      descriptor: descriptorDigest(built.descriptorFile),
    },
    gateways: GATEWAYS.map((index, i) => ({
      index,
      operator: privateKeyToAccount(testKey(10 + index)).address,
      signer: privateKeyToAccount(testKey(20 + index)).address,
      sealingKey: sealing[i]!.publicKey,
    })),
  };
  return { built, listed, leaves: new Map(leaves.map((leaf) => [leaf.subject.toLowerCase(), leaf])) };
}

async function makeGateway(
  index: number,
  db: Context["db"],
  folder: string,
  sealing: HpkeKeyPair,
  chainNow: () => ChainDouble,
  endpoints: Endpoints,
): Promise<InterleavedGateway> {
  const tasks = new Map<string, Task>();
  const base = testContext(index, db);
  // A new chain at each restart, so that each call asks which one it is.
  const reader = {
    deployment: TEST_DEPLOYMENT,
    get publicClient() {
      return chainNow().reader(index).publicClient;
    },
  };
  const view = viewThrough(endpoints(index, reader));
  const heads = async () => {
    const blocks = await view.heads();
    chainNow().looked(index, blocks[0]!.hash);
    return blocks;
  };
  const chain = { ...view, heads };
  const blobs = await openBlobStore(join(folder, "blobs"));
  const context = testContext(index, db, {
    keys: {
      ...base.keys,
      sealing: {
        publicKey: sealing.publicKey,
        open: (message) => hpkeOpen({ recipientKey: sealing, ...message }),
      },
      storage: new Uint8Array(32).fill(index),
      derive: (purpose: string, about: string) =>
        `0x${createHmac("sha256", `${index}`).update(`${purpose}\n${about}`).digest("hex")}`,
    },
    blobs,
    results: await openBlobStore(join(folder, "results")),
    shares: openShareStore(db, new Uint8Array(32).fill(index)),
    versions: openVersionStore(db, blobs),
    chain,
    terms: openTermsReader(chain),
    directory: openDirectory(chain),
    sender: (transaction) => transaction(chainNow().writer(index)),
    queue: {
      async add(name, payload, { key } = {}) {
        tasks.set(key ?? `${name}:${tasks.size}`, { name, payload } as Task);
      },
      remove: async (key) => void tasks.delete(key),
    },
  });
  const { chainId, contracts } = TEST_DEPLOYMENT;
  const target = {
    url: `http://gateway-${index}.test`,
    index,
    chainId,
    gatewayRegistry: contracts.GatewayRegistry,
  };
  return { index, context, app: await buildApp(context), tasks, target };
}

async function giveVersion(
  { context }: InterleavedGateway,
  built: BuiltVersion,
  listed: Listed,
): Promise<void> {
  const curator: Address = buyer.address;
  const upload = { asset: ASSET, curator, custodian: 1, signer: curator, byOperator: false, stranger: null };
  const files = [built.descriptorFile, built.consentFile, built.manifestFile, ...built.ciphertexts];
  await storeBlobs(
    context,
    upload,
    files.map(({ bytes }) => bytes),
  );
  const sealedShares = built.sealedShares.find(({ gateway }) => gateway === context.index)!.bytes;
  await acceptVersion(context, { upload, asset: ASSET, number: 1, version: listed.version, sealedShares });
}

/** Seconds that an order has until its deadline. */
export const DELIVERY = 60;

function draft(listed: Listed, recipientKey: HpkeKeyPair, kind: number, salt: number, time: number): Order {
  return {
    buyer: buyer.address,
    salt: toHex(salt, { size: 32 }),
    asset: listed.asset,
    version: 1,
    kind,
    uses: DUO.USE_HEALTH,
    country: 40,
    disease: ZERO,
    project: ZERO,
    job: kind === OrderKind.Download ? NO_JOB : commitJob(COUNT, SALT),
    recipientKey: recipientKey.publicKey,
    termsHash: hashTerms(listed.terms),
    token: 1,
    price: 100n,
    maxFee: 2n,
    privacyCap: 1_000_000_000n,
    custodianBps: 2_000,
    curatorBps: 1_000,
    gatewaySet: 1,
    threshold: listed.threshold,
    custodian: 1,
    arbitrator: "0x0000000000000000000000000000000000000000",
    deliverBy: time + DELIVERY,
    disputeWindow: 4,
    reportWindow: 30,
  };
}
