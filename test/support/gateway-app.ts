import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import pg from "pg";
import { type Address, toHex } from "viem";
import type { ConsentLeaf } from "@salus/sdk/trees/leaves";
import { openTermsReader } from "../../gateway/src/chain/assets.ts";
import { openDirectory } from "../../gateway/src/chain/directory.ts";
import { viewThrough } from "../../gateway/src/chain/view.ts";
import type { Context } from "../../gateway/src/context.ts";
import { connectDatabase } from "../../gateway/src/database/connect.ts";
import { buildApp } from "../../gateway/src/http/app.ts";
import { openQueue } from "../../gateway/src/jobs/worker.ts";
import { keysOf } from "../../gateway/src/keys/keys.ts";
import { memoryVault } from "../../gateway/src/keys/raw-keys.ts";
import { openBlobs } from "../../gateway/src/storage/blobs.ts";
import { openFileObjects } from "../../gateway/src/storage/file-objects.ts";
import { openShareStore } from "../../gateway/src/storage/shares.ts";
import { openVersionStore, type HeldVersion } from "../../gateway/src/storage/versions.ts";
import { testContext } from "./gateway-context.ts";
import { devAccount, type LocalChain, startLocalChain } from "./local-chain.ts";
import { startPostgres } from "./postgres.ts";

/** A gateway's routes in the test's process, over a real database and the contracts on Hardhat's chain. */
export type GatewayApp = {
  app: FastifyInstance;
  context: Context;
  chain: LocalChain;
  databaseUrl: string;
  folder: string;
  /** Another app over the same database and chain, as a replica has it. */
  replica(change?: Partial<Context>): Promise<FastifyInstance>;
  /** Makes subjects known here, as records of a dataset that is otherwise empty. */
  know(dataset: bigint, ...subjects: Address[]): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts gateway 1 of three; the other two do not answer.
 * @param firstPort of the database
 * @param startChain another chain, as one with a public deployment's periods
 */
export async function startGatewayApp(
  firstPort: number,
  change: (context: Context) => Partial<Context> = () => ({}),
  startChain: () => Promise<LocalChain> = startLocalChain,
): Promise<GatewayApp> {
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    return await start(await startChain(), firstPort, change, ends, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  chain: LocalChain,
  firstPort: number,
  change: (context: Context) => Partial<Context>,
  ends: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<GatewayApp> {
  ends.push(() => chain.close());
  const folder = mkdtempSync(join(tmpdir(), "salus-app-"));
  ends.push(async () => rmSync(folder, { recursive: true, force: true }));
  const { timestamp } = await chain.reader.publicClient.getBlock();
  await chain.advance(Math.max(1, Math.floor(Date.now() / 1000) - Number(timestamp)));
  const postgres = await startPostgres(firstPort);
  ends.push(() => postgres.stop());
  const databaseUrl = await postgres.create("gateway_1");
  const db = await connectDatabase(databaseUrl);
  ends.push(() => db.destroy());
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  ends.push(() => pool.end());
  const given = testContext(1, db);
  const { queue, close } = await openQueue(pool, db, given.logger);
  ends.push(close);

  const operator = devAccount(1);
  const writer = chain.as(operator);
  const view = viewThrough([chain.reader]);
  const blobs = openBlobs(await openFileObjects(join(folder, "blobs")));
  const versions = openVersionStore(db, blobs);
  const known = new Map<bigint, Map<string, ConsentLeaf>>();
  const vault = memoryVault({
    operatorKey: toHex(operator.getHdKey().privateKey!),
    signerKey: toHex(1001, { size: 32 }),
    sealingKey: toHex(3001, { size: 32 }),
  });
  const context = testContext(1, db, {
    deployment: chain.deployment,
    environment: {
      ...given.environment,
      maxHeadAge: 3600,
      relayGas: { aDay: 10_000_000, aSubject: 1_000_000 },
    },
    keys: await keysOf(vault),
    chain: view,
    terms: openTermsReader(view),
    directory: openDirectory(view),
    sender: inLine((transaction) => transaction(writer)),
    queue,
    blobs,
    results: openBlobs(await openFileObjects(join(folder, "results"))),
    tombstones: await openFileObjects(join(folder, "tombstones")),
    probe: await openFileObjects(join(folder, "probe")),
    shares: openShareStore(db, new Uint8Array(32).fill(1)),
    contributors: new Map(),
    versions: {
      ...versions,
      get: async (dataset, number) => {
        const leaves = known.get(dataset);
        return leaves
          ? ({ leaves, entries: new Map() } as unknown as HeldVersion)
          : versions.get(dataset, number);
      },
    },
  });
  Object.assign(context, change(context));
  const apps: FastifyInstance[] = [];
  ends.push(() => Promise.all(apps.map((app) => app.close())));
  const build = async (about: Context) => {
    const app = await buildApp(about);
    apps.push(app);
    await app.ready();
    return app;
  };
  return {
    app: await build(context),
    context,
    chain,
    databaseUrl,
    folder,
    replica: (other = {}) => build({ ...context, ...other }),
    async know(dataset, ...subjects) {
      const leaves = known.get(dataset) ?? new Map<string, ConsentLeaf>();
      for (const subject of subjects) leaves.set(subject.toLowerCase(), { subject } as ConsentLeaf);
      known.set(dataset, leaves);
      const empty = "0x" as const;
      await db
        .insertInto("versions")
        .values({
          asset: dataset.toString(),
          number: 1,
          version_hash: empty,
          content_root: empty,
          consent_root: empty,
          descriptor: empty,
          consents_cid: "",
          manifest_cid: "",
          records: leaves.size,
          stored_at: 0,
        } as never)
        // Whoever is added to a version that is listed already is to be listed too.
        .onConflict((conflict) =>
          conflict.columns(["asset", "number"]).doUpdateSet({ subjects_listed: false }),
        )
        .execute();
    },
    stop,
  };
}

/** Transactions one after the other, as the gateway's own sender has them. */
function inLine(send: Context["sender"]): Context["sender"] {
  let last: Promise<unknown> = Promise.resolve();
  return (transaction) => {
    const next = last.then(() => send(transaction));
    last = next.catch(() => undefined);
    return next;
  };
}
