import type { Logger } from "pino";
import type { Hex } from "viem";
import type { Deployment } from "@salus/sdk/chain/deployment";
import type { ContributorSource } from "@salus/sdk/rewards/merge";
import type { TermsReader } from "./chain/assets.ts";
import type { Directory } from "./chain/directory.ts";
import type { Sender } from "./chain/sender.ts";
import type { ChainView } from "./chain/view.ts";
import type { Environment } from "./config/environment.ts";
import type { Keys } from "./keys/keys.ts";
import type { Db } from "./database/connect.ts";
import type { Queue } from "./jobs/queue.ts";
import type { Lifecycle } from "./http/lifecycle.ts";
import type { Metrics } from "./http/metrics.ts";
import type { SharedRates } from "./http/shared-rates.ts";
import type { Replica } from "./replicas/replica.ts";
import type { BlobStore } from "./storage/blobs.ts";
import type { ObjectStore } from "./storage/objects.ts";
import type { ShareStore } from "./storage/shares.ts";
import type { VersionStore } from "./storage/versions.ts";

/** All that routes and jobs work with; made once at start. */
export type Context = {
  environment: Environment;
  deployment: Deployment;
  /** this gateway's number in the registry */
  index: number;
  keys: Keys;
  db: Db;
  blobs: BlobStore;
  /** results sealed to their buyers, handed out only after final delivery */
  results: BlobStore;
  /** wishes for erasure, kept apart from the database so that a restored one finds them */
  tombstones: ObjectStore;
  /** written to and read from to see whether the storage works */
  probe: ObjectStore;
  shares: ShareStore;
  versions: VersionStore;
  /** contributors of receipts that rewards were built from, by their root */
  contributors: Map<Hex, ContributorSource>;
  chain: ChainView;
  terms: TermsReader;
  directory: Directory;
  sender: Sender;
  queue: Queue;
  /** this process among others of the same gateway */
  replica: Replica;
  /** what other replicas counted; absent where there are none to tell */
  rates?: SharedRates;
  metrics: Metrics;
  logger: Logger;
  /** aborted when what still runs is called off, some time after the gateway was asked to stop */
  stopping: AbortSignal;
  lifecycle: Lifecycle;
  /** the gateway's clock, in whole seconds */
  now(): number;
};
