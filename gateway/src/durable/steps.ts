import { readFileSync, rmSync } from "node:fs";

/**
 * The durable steps: places at which part of a piece of work has been made to last and the rest has not. A process may end
 * at any of them, and what a restart makes of it is held by test/faults/durable-steps.test.ts, which kills a gateway at each
 * one and fails for a step that it has no scenario for. A new step is named here, marked by {@link reached} in the code that
 * takes it, and given a scenario there.
 */
export const DURABLE_STEPS = {
  "object.drafted": "an object's bytes are on disk under the name of a draft, not yet under their own",
  "blob.stored": "a blob's bytes last; the database does not count them yet",
  "upload.opened": "an upload's row is written; its first piece has not come",
  "upload.piece": "a piece of an upload lasts; the upload was not prolonged",
  "upload.joined": "an upload's blob lasts; its pieces are still there",
  "upload.noted": "an upload's blob is counted; the upload's row is still there",
  "version.stored": "a version's key shares and row are committed; its sender has no answer",

  "log.appended": "decisions are in the log; nobody has the answer that they are about",

  "job.stored": "an order's row and task are committed; its buyer has no answer",
  "job.gathering": "an order's executor has begun to gather key shares",
  "job.running": "an order's records are open in memory, and its run is counted",
  "job.result": "a run's result lasts, sealed to the buyer; its order does not name it yet",
  "job.outcome": "an order names its run's outcome; no receipt is signed",
  "fail.sent": "the transaction of a failed order is sent, not mined",
  "fail.mined": "the transaction of a failed order is mined; its row says otherwise",

  "receipt.stored": "a cosigner keeps the sealed result; it has not signed",
  "receipt.signed": "a gateway's own signature of a receipt is written; nobody else has it",
  "receipt.collected": "an order has its receipt with all signatures; nothing was sent",
  "deliver.sent": "a delivery is sent, not mined",
  "deliver.mined": "a delivery is mined; the order's row says otherwise",
  "deliver.stored": "an order's row says delivered; its settlement does not wait in line yet",
  "settle.sent": "a settlement is sent, not mined",
  "settle.mined": "a settlement is mined; the order's row says otherwise",

  "release.fixed": "the records of a download's release are fixed; the buyer has no key share",
  "release.closed": "a gateway's statement of what it released is written; nobody has it",
  "report.sent": "a download's report is sent, not mined",
  "report.mined": "a download's report is mined; its settlement does not wait in line yet",

  "revoke.stored": "a revocation and the tasks that carry it on are committed; its subject has no answer",
  "revoke.told": "a revocation is passed on to the other gateways; its subject has no answer",
  "revoke.sent": "a revocation's transaction is sent, not mined",
  "revoke.mined": "a revocation is mined; the task that watches over it does not wait in line yet",

  "erase.stored": "a wish for erasure and the tasks that carry it on are committed; nothing is erased",
  "erase.tombstone": "a wish for erasure stands outside the database too; nothing is erased",
  "erase.unshared": "key shares are erased; ciphertexts are not",
  "erase.removed": "key shares and ciphertexts are erased; that is neither logged nor signed",
  "erase.signed": "an erasure is logged and its receipt written; its subject has no answer",
  "erase.told": "another gateway's receipt of an erasure is kept; its subject has no answer",

  "mandate.stored": "a mandate's job is kept; its buyer has no answer",
  "run.sent": "a mandate's run is sent, not mined",
  "run.mined": "a mandate's run is mined; its order is not taken on yet",

  "collect.sent": "a dataset's pots are on their way to its rewards, in no block yet",
  "root.kept": "a root of rewards is built and its file kept; nobody has signed it",
  "root.checked": "a gateway has built another one's root and kept its file; it has not signed",
  "root.sent": "a root of rewards is sent, not mined",
  "show.sent": "a leaf that was demanded of a right root is shown, in no block yet",
  "demand.sent": "a leaf is demanded of a wrong root whose file nobody has, in no block yet",
  "void.sent": "the end of a root whose leaf was not shown is sent, not mined",
  "challenge.sent": "the proof that a root is wrong is sent, not mined",

  "checkpoint.signed": "a gateway's own signature of its log's state is written; nobody else has it",
  "checkpoint.sent": "a checkpoint is sent, not mined",
} as const;

export type DurableStep = keyof typeof DURABLE_STEPS;

/** Steps of the transactions that a gateway sends, by the function that is called. */
const SENT: Readonly<Record<string, DurableStep>> = {
  fail: "fail.sent",
  deliver: "deliver.sent",
  settle: "settle.sent",
  report: "report.sent",
  revokeBySig: "revoke.sent",
  run: "run.sent",
  collect: "collect.sent",
  postRoot: "root.sent",
  showLeaf: "show.sent",
  demandLeaf: "demand.sent",
  voidUnshown: "void.sent",
  challengeDecrease: "challenge.sent",
  challengeOmission: "challenge.sent",
  challengeDisorder: "challenge.sent",
  post: "checkpoint.sent",
};

let crashFile: string | undefined;

/**
 * Makes this process end by SIGKILL at the step that a file names when it comes there; the file is removed before, so that
 * it happens once. For tests on a chain of one's own: the configuration refuses it anywhere else.
 */
export function crashAsTold(file: string): void {
  crashFile = file;
}

/** Marks that a durable step was taken. It does nothing but where a test has asked for a crash. */
export function reached(step: DurableStep): void {
  if (crashFile !== undefined && asked(crashFile) === step) {
    rmSync(crashFile);
    process.kill(process.pid, "SIGKILL");
  }
}

/** {@link reached}, for a transaction that was sent. */
export function reachedSent(functionName: string): void {
  const step = SENT[functionName];
  if (step) reached(step);
}

function asked(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
