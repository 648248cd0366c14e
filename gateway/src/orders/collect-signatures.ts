import type { Hex } from "viem";
import { toBase64 } from "@salus/sdk/gateway/base64";
import { logsDigest } from "@salus/sdk/gateway/commitments";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import type { CosignRequest, CosignResponse, LogPosition } from "@salus/sdk/gateway/types";
import { toWire } from "@salus/sdk/gateway/wire";
import { typedData } from "@salus/sdk/chain/typed-data";
import type { Receipt } from "@salus/sdk/types";
import { verifySignature } from "../auth/verify.ts";
import { gatewaySetOf } from "../chain/reads.ts";
import type { Context } from "../context.ts";
import type { ExcludedRow, GatewaySignatureRow, OutcomeRow } from "../database/schema.ts";
import { askPeer, peersOf } from "../peers/ask-peer.ts";
import { isGatewayError } from "../errors/gateway-error.ts";
import { cohortMoved, gatewaysMissing } from "./execution-error.ts";
import type { Job } from "./job-of.ts";
import type { Judgement } from "./judge.ts";
import { orderOf, type OrderRow } from "./order-rows.ts";
import { signedAbout, signReceipt } from "./sign-receipt.ts";

/** A receipt with enough signatures. */
export type SignedReceipt = { receipt: Receipt; signatures: GatewaySignatureRow[] };

const NOTHING: Hex = `0x${"00".repeat(32)}`;
const COSIGNED = 1;

/**
 * Builds the receipt of a run and has it cosigned by enough other gateways, which recompute it and store the result. The
 * executor signs last, so that no receipt of its own is about without its cosigners'.
 *
 * @throws ExecutionError (retry) when too few gateways sign
 */
export async function collectSignatures(
  context: Context,
  run: { row: OrderRow; job: Job; judgement: Judgement; outcome: OutcomeRow },
): Promise<SignedReceipt> {
  const { row, judgement } = run;
  const order = orderOf(row);
  const { members } = await gatewaySetOf(context.chain, order.gatewaySet);
  const willing = await logPositions(context, await peersOf(context, members));
  const needed = order.threshold - 1;
  let lastFault: unknown;
  // One choice of cosigners after the other: the receipt names their logs, so each choice is a receipt of its own.
  for (let first = 0; first + needed <= willing.length; first += 1) {
    const chosen = willing.slice(first, first + needed);
    const logs = [judgement.log, ...chosen];
    const receipt = buildReceipt(run, logs);
    try {
      const cosigned = await Promise.all(
        chosen.map(({ gateway }) => cosign(context, { ...run, receipt, logs, gateway })),
      );
      const own = {
        gateway: context.index,
        signature: await signReceipt(
          context,
          receipt,
          signedAbout(judgement.basis, judgement.cohort?.contributors),
        ),
      };
      return { receipt, signatures: [own, ...cosigned].toSorted((a, b) => a.gateway - b.gateway) };
    } catch (error) {
      if (isGatewayError(error, "GATEWAY_COSIGN_MISMATCH")) throw cohortMoved(error);
      if (!(error instanceof GatewayRequestError)) throw error;
      lastFault = error;
      context.logger.warn({ order: row.id, code: error.code }, `a cosigner refused: ${error.message}`);
    }
  }
  throw gatewaysMissing(
    `Too few gateways cosigned the receipt; ${needed} besides the executor are needed.`,
    lastFault,
  );
}

function buildReceipt(
  run: { row: OrderRow; job: Job; judgement: Judgement; outcome: OutcomeRow },
  logs: readonly LogPosition[],
): Receipt {
  const { row, job, judgement, outcome } = run;
  const { head, finalized } = judgement.snapshot!;
  const { cohort } = judgement;
  return {
    order: row.id,
    job: orderOf(row).job,
    algorithm: job.algorithm,
    parameters: job.parameters,
    output: outcome.output,
    result: outcome.result,
    inputRoot: cohort?.inputRoot ?? NOTHING,
    contributorsRoot: cohort?.contributorsRoot ?? NOTHING,
    totalWeight: cohort?.totalWeight ?? 0n,
    cohort: cohort?.records.length ?? 0,
    excludedRoot: cohort?.excludedRoot ?? NOTHING,
    grantBlock: Number(finalized.number),
    consentBlock: Number(head.number),
    consentBlockHash: head.hash,
    privacyCost: job.privacyCost,
    logs: logsDigest(logs),
    attestation: COSIGNED,
  };
}

/** Where the logs of those peers stand that answer. */
async function logPositions(context: Context, peers: readonly number[]): Promise<LogPosition[]> {
  const answers = await Promise.allSettled(
    peers.map((peer) =>
      askPeer<LogPosition>(context, peer, { method: "GET", path: "/v1/log", patience: 3_000 }),
    ),
  );
  return answers.flatMap((answer, i) =>
    answer.status === "fulfilled" ? [{ ...answer.value, gateway: peers[i]! }] : [],
  );
}

async function cosign(
  context: Context,
  about: {
    row: OrderRow;
    judgement: Judgement;
    receipt: Receipt;
    logs: LogPosition[];
    gateway: number;
  },
): Promise<GatewaySignatureRow> {
  const { row, judgement, receipt, logs, gateway } = about;
  const json: CosignRequest = {
    order: row.fixed,
    receipt: toWire("Receipt", receipt),
    ...(row.spec === null ? {} : { spec: row.spec }),
    ...(row.salt ? { salt: row.salt } : {}),
    excluded: judgement.excluded satisfies ExcludedRow[],
    logs,
    sealedResult: toBase64(await context.results.get(receipt.result)),
  };
  const request = { method: "POST", path: "/v1/peer/cosign", json, patience: 20_000 } as const;
  const { signature } = await askPeer<CosignResponse>(context, gateway, request);
  const { signer } = await context.directory.get(gateway);
  if (
    await verifySignature(context.chain, signer, typedData(context.deployment, "Receipt", receipt), signature)
  ) {
    return { gateway, signature };
  }
  throw new GatewayRequestError({
    code: "GATEWAY_SIGNATURE_INVALID",
    message: `Gateway ${gateway} answered with a signature that is not its signer's.`,
    hint: "Report the gateway to its operator.",
    status: 0,
    gateway: String(gateway),
  });
}
