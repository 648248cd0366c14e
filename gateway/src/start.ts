import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isAddressEqual } from "viem";
import pg from "pg";
import type { Logger } from "pino";
import { sweepNonces } from "./auth/nonces.ts";
import { assertChain } from "./chain/assert-chain.ts";
import { openTermsReader } from "./chain/assets.ts";
import { type Directory, openDirectory } from "./chain/directory.ts";
import { openSender } from "./chain/sender.ts";
import { openChainView } from "./chain/view.ts";
import { sweepRevocations } from "./consents/hold-revocation.ts";
import { ConfigError } from "./config/config-error.ts";
import type { Environment } from "./config/environment.ts";
import { type Keys, keysOf } from "./keys/keys.ts";
import { openKeyVault } from "./keys/open-keys.ts";
import type { KeyVault } from "./keys/vault.ts";
import type { Context } from "./context.ts";
import { connectDatabase } from "./database/connect.ts";
import { buildApp } from "./http/app.ts";
import { sweepWrites } from "./http/idempotent-writes.ts";
import { createMetrics } from "./http/metrics.ts";
import { openSharedRates } from "./http/shared-rates.ts";
import { logCrashes } from "./logging/crash.ts";
import { createLogger } from "./logging/logger.ts";
import { crashAsTold } from "./durable/steps.ts";
import { createLifecycle } from "./http/lifecycle.ts";
import { openQueue, startWorker } from "./jobs/worker.ts";
import { fetchErasures } from "./erasure/fetch-erasures.ts";
import { reapplyErasures } from "./erasure/reapply-erasures.ts";
import { joinReplicas } from "./replicas/replica.ts";
import { repeat } from "./replicas/repeat.ts";
import { openBlobs } from "./storage/blobs.ts";
import { openFileObjects } from "./storage/file-objects.ts";
import type { ObjectStore } from "./storage/objects.ts";
import { openS3Objects } from "./storage/s3-objects.ts";
import { tendRewards } from "./rewards/tend-rewards.ts";
import { sweepRelays } from "./relay/spending.ts";
import { openShareStore } from "./storage/shares.ts";
import { vouchForListed } from "./storage/quota.ts";
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
/** Between two times that replicas tell one another who has used much of a rate. */
const RATES_MS = 1_000;
/** Looks at the rewards while one gateway has its turn: a root that is wrong must be seen within its window. */
const LOOKS_AN_EPOCH = 4;

/**
 * Starts a gateway, or one more replica of it.
 *
 * @param openVault where its keys lie; as the environment says unless told otherwise
 * @throws ConfigError; pg's error when the database cannot be reached
 */
export async function startGateway(
  environment: Environment,
  openVault: (environment: Environment) => Promise<KeyVault> = ({ keys }) => openKeyVault(keys),
): Promise<RunningGateway> {
  if (environment.crashFile) crashAsTold(environment.crashFile);
  const keys = await keysOf(await openVault(environment));
  const logger = createLogger(environment);
  logCrashes(process, logger);
  const db = await connectDatabase(environment.databaseUrl);
  const workerPool = openWorkerPool(environment, logger);
  const replica = await joinReplicas(environment.databaseUrl, logger);
  const { deployment, storageDir } = environment;
  const chain = openChainView(deployment, environment.rpcUrls);
  await assertChain(chain);
  const directory = openDirectory(chain);
  const index = await findOwnIndex(directory, keys, logger);
  const { queue, close: closeQueue } = await openQueue(workerPool, db, logger);
  const stores: ObjectStore[] = [];
  const openObjects = async (folder: string) => {
    const objects = environment.s3
      ? openS3Objects(environment.s3, folder)
      : await openFileObjects(join(storageDir, folder));
    stores.push(objects);
    return objects;
  };
  const blobs = openBlobs(await openObjects("blobs"));
  const lifecycle = createLifecycle();
  const context: Context = {
    stopping: lifecycle.callingOff,
    lifecycle,
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
    sender: openSender({
      deployment,
      rpcUrl: environment.rpcUrls[0]!,
      account: keys.operator,
      inLine: replica.inLine,
    }),
    queue,
    replica,
    rates: openSharedRates({ db, keys }),
    metrics: createMetrics(),
    logger,
    now: () => Math.floor(Date.now() / 1000),
  };
  // Before anything is served: database and files may come from a backup.
  await reapplyErasures(context);
  await fetchErasures(context);
  const app = await buildApp(context);
  const url = await app.listen({ host: environment.host, port: environment.port });
  const worker = await startWorker(context, workerPool);
  // A sweep that fails leaves old nonces and uploads for the next one: no request depends on it.
  const sweep = () =>
    Promise.all([
      sweepNonces(db, context.now()),
      sweepWrites(db, context.now()),
      sweepUploads(context),
      sweepRelays(context),
      sweepRevocations(context),
      vouchForListed(context),
      ...stores.map((store) => store.sweep?.()),
    ]);
  const unswept = (err: unknown) => logger.warn({ err }, "sweep failed");
  const stopSweeping = repeat(SWEEP_MS, sweep, unswept, { atOnce: true });
  const stopTending = tendEvery(context);
  const untold = (err: unknown) => logger.warn({ err }, "the replicas' rates were not exchanged this time");
  const stopExchanging = repeat(RATES_MS, () => context.rates!.exchange(), untold);
  logger.info({ url, index, replica: replica.id() }, "ready");
  return {
    url,
    context,
    async stop() {
      logger.info("stopping");
      lifecycle.drain();
      const ends = [stopSweeping(), stopTending(), stopExchanging(), worker.stop(), lifecycle.quiet()];
      const ending = Promise.all(ends);
      const calm = await lifecycle.within(environment.shutdownSeconds, ending);
      const closed = app.close();
      app.server.closeAllConnections();
      if (!calm) {
        // Its locks end with it: another replica, or the next start, goes on with what still runs.
        logger.warn("stopped before everything had ended");
        return replica.close();
      }
      await closed;
      await closeQueue();
      await workerPool.end();
      await replica.close();
      await db.destroy();
      await keys.close();
      logger.info("stopped");
    },
  };
}

function openWorkerPool({ databaseUrl }: Environment, logger: Logger): pg.Pool {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 12 });
  const lost = (error: Error) => logger.error({ err: error }, "the worker lost a database connection");
  pool.on("error", lost);
  pool.on("connect", (client) => client.on("error", lost));
  return pool;
}

/** Tends the rewards several times an epoch, by one replica at a time; returns what ends it. */
function tendEvery(context: Context): () => Promise<void> {
  const ms = (context.environment.rewardSeconds * 1000) / LOOKS_AN_EPOCH;
  return repeat(
    ms,
    () => context.replica.alone("rewards", () => tendRewards(context)),
    (err) => context.logger.warn({ err }, "the rewards were not tended this time"),
  );
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
