import type { Hex } from "viem";
import type { KeptWord } from "../consents/keep-hand-over.ts";
import type { Db } from "../database/connect.ts";

/** What is done in the background, with its payload. */
export type Tasks = {
  /** runs an order's job to its delivery or failure */
  "run-order": { id: Hex };
  /** looks after a delivered order until it is settled, and both are final */
  "settle-order": { id: Hex };
  /** collects statements on a download and reports it */
  "report-download": { id: Hex };
  /** funds runs of the mandates kept here and takes their jobs up, again and again */
  "watch-mandates": Record<string, never>;
  /** brings a received revocation on chain, until its effect is final */
  "submit-revocation": { dataset: string; subject: string; maxNonce: number };
  /** looks after a hand-over or an objection to one until its effect is final */
  "keep-hand-over": KeptWord;
  /** passes a received revocation on to one other gateway */
  "gossip-revocation": { dataset: string; subject: string; maxNonce: number; gateway: number };
  /** passes a wish for erasure on to one other gateway, and keeps its receipt */
  "pass-on-erasure": { dataset: string; subject: string; gateway: number };
  /** asks another gateway for the wishes for erasure that it knows */
  "fetch-erasures": { dataset: string; gateway: number };
  /** brings the log's state on chain when it grew, again and again */
  "checkpoint-log": Record<string, never>;
  /** shows the chain that another gateway signed two logs of one size */
  "prove-equivocation": { id: string };
};

export type TaskName = keyof Tasks;

/** Puts work into the durable queue. */
export type Queue = {
  /**
   * With a key, a task that waits already is replaced, not doubled.
   *
   * @param options.tx the transaction whose work the task goes on with: both last, or neither does
   */
  add<Name extends TaskName>(
    name: Name,
    payload: Tasks[Name],
    options?: { key?: string; delaySeconds?: number; attempts?: number; tx?: Db },
  ): Promise<void>;
  /** Takes a task out that need not be done any more; one that runs or is done is left alone. */
  remove(key: string): Promise<void>;
};
