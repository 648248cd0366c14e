import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isAddressEqual } from "viem";
import pg from "pg";
import type { Logger } from "pino";
import { sweepNonces } from "./auth/nonces.ts";
import { openTermsReader } from "./chain/assets.ts";
import { type Directory, openDirectory } from "./chain/directory.ts";
import { openSender } from "./chain/sender.ts";
import { openChainView } from "./chain/view.ts";
import { ConfigError } from "./config/config-error.ts";
import type { Environment } from "./config/environment.ts";
import { type Keys, keysOf } from "./keys/keys.ts";
import { openKeyVault } from "./keys/open-keys.ts";
import type { KeyVault } from "./keys/vault.ts";
import type { Context } from "./context.ts";
import { connectDatabase } from "./database/connect.ts";
import { buildApp } from "./http/app.ts";
import { createMetrics } from "./http/metrics.ts";
import { logCrashes } from "./logging/crash.ts";
import { createLogger } from "./logging/logger.ts";
import { openQueue, startWorker } from "./jobs/worker.ts";
import { reapplyErasures } from "./erasure/reapply-erasures.ts";
import { openBlobs } from "./storage/blobs.ts";
import { openFileObjects } from "./storage/file-objects.ts";
import { openS3Objects } from "./storage/s3-objects.ts";
import { tendRewards } from "./rewards/tend-rewards.ts";
import { sweepRelays } from "./relay/spending.ts";
import { openShareStore } from "./storage/shares.ts";
import { sweepUploads } from "./storage/uploads.ts";
import { openVersionStore } from "./storage/versions.ts";

/** A running gateway. */
export type RunningGateway = {
  /** where it listens */
  url: string;
  context: Context;
  /** Lets running requests and tasks end, then closes everything. */
  stop(): Promise<void>;
};

const SWEEP_MS = 60_000;
/** Looks at the rewards while one gateway has its turn: a root that is wrong must be seen within its window. */
const LOOKS_AN_EPOCH = 4;

/**
 * Starts a gateway.
 *
 * @param openVault where its keys lie; as the environment says unless told otherwise
 * @throws ConfigError; pg's error when the database cannot be reached
 */
export async function startGateway(
  environment: Environment,
  openVault: (environment: Environment) => Promise<KeyVault> = ({ keys }) => openKeyVault(keys),
): Promise<RunningGateway> {
  const keys = await keysOf(await openVault(environment));
  const logger = createLogger(environment);
  logCrashes(process, logger);
  const db = await connectDatabase(environment.databaseUrl);
  const workerPool = new pg.Pool({ connectionString: environment.databaseUrl, max: 12 });
  const lost = (error: Error) => logger.error({ err: error }, "the worker lost a database connection");
  workerPool.on("error", lost);
  workerPool.on("connect", (client) => client.on("error", lost));
  const lock = await takeOnlyLock(environment);
  const { deployment, storageDir } = environment;
  const chain = openChainView(deployment, environment.rpcUrls);
  const directory = openDirectory(chain);
  const index = await findOwnIndex(directory, keys, logger);
  const { queue, close: closeQueue } = await openQueue(workerPool, logger);
  const openObjects = async (folder: string) =>
    environment.s3 ? openS3Objects(environment.s3, folder) : openFileObjects(join(storageDir, folder));
  const blobs = openBlobs(await openObjects("blobs"));
  const stopping = new AbortController();
  const context: Context = {
    stopping: stopping.signal,
    environment,
    deployment,
    index,
    keys,
    db,
    blobs,
    results: openBlobs(await openObjects("results")),
    tombstones: await openObjects("tombstones"),
    probe: await openObjects("probe"),
    shares: openShareStore(db, keys.storage),
    versions: openVersionStore(db, blobs),
    contributors: new Map(),
    chain,
    terms: openTermsReader(chain),
    directory,
    sender: openSender(deployment, environment.rpcUrls[0]!, keys.operator),
    queue,
    metrics: createMetrics(),
    logger,
    now: () => Math.floor(Date.now() / 1000),
  };
  await reapplyErasures(context); // before anything is served: database and files may come from a backup
  const app = await buildApp(context);
  const url = await app.listen({ host: environment.host, port: environment.port });
  const worker = await startWorker(context, workerPool);
  // A sweep that fails leaves old nonces and uploads for the next one: no request depends on it.
  const sweep = () =>
    Promise.all([sweepNonces(db, context.now()), sweepUploads(context), sweepRelays(context)]).catch(
      (err: unknown) => logger.warn({ err }, "sweep failed"),
    );
  let sweeping: Promise<unknown> = sweep();
  const sweeper = setInterval(() => void (sweeping = sweep()), SWEEP_MS);
  const stopTending = tendEvery(context);
  logger.info({ url, index }, "ready");
  return {
    url,
    context,
    async stop() {
      logger.info("stopping");
      clearInterval(sweeper);
      stopping.abort();
      await stopTending();
      await app.close();
      await sweeping;
      await worker.stop();
      await closeQueue();
      await workerPool.end();
      await db.destroy();
      await lock.end();
      await keys.close();
      logger.info("stopped");
    },
  };
}

/** Tends the rewards several times an epoch, one look after the other; returns what ends it. */
function tendEvery(context: Context): () => Promise<void> {
  const ms = (context.environment.rewardSeconds * 1000) / LOOKS_AN_EPOCH;
  let running = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = tendRewards(context)
      .catch((err: unknown) => context.logger.warn({ err }, "the rewards were not tended this time"))
      .finally(() => (busy = false));
  }, ms);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** Two processes on one gateway's database would take each other's tasks for left behind. */
async function takeOnlyLock({ databaseUrl }: Environment): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const deadline = Date.now() + 10_000;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(
      "select pg_try_advisory_lock(hashtext('salus.gateway')) as taken",
    );
    if (rows[0]!.taken) return client;
    if (Date.now() > deadline) {
      await client.end();
      throw new ConfigError("SALUS_DATABASE_URL", "another gateway process uses this database");
    }
    await wait(250);
  }
}

/** The registry says which gateway the signer's key is. Waits, since a fresh chain may not have admitted it yet. */
async function findOwnIndex(directory: Directory, keys: Keys, logger: Logger): Promise<number> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const own = await directory.all().then(
      (all) => [...all.values()].find(({ signer }) => isAddressEqual(signer, keys.signer.address)),
      (error: unknown) => logger.warn({ err: error }, "the gateway registry cannot be read yet"),
    );
    if (own) {
      if (own.sealingKey.toLowerCase() === keys.sealing.publicKey) return own.index;
      throw new ConfigError(
        "SALUS_KEYSTORE_FILE",
        "sealingKey is not the one that the registry holds for this signer",
      );
    }
    if (Date.now() > deadline)
      throw new ConfigError("SALUS_KEYSTORE_FILE", "no gateway in the registry has this signer");
    await wait(1000);
  }
}
