import type { Hex } from "viem";
import {
  algorithmId,
  ComputeError,
  type JobSpec,
  type NamedFeatures,
  parseJobSpec,
  privacyCost,
} from "@salus/compute/index";
import { algorithmDigest, commitJob, commitParameters, NO_JOB } from "@salus/sdk/gateway/commitments";
import { OrderKind } from "@salus/sdk/generated/constants";
import type { Order } from "@salus/sdk/types";
import { GatewayError } from "../errors/gateway-error.ts";

/** What an order runs, checked: for signing receipts, executor and cosigner alike. */
export type Job = {
  /** analysis and training */
  spec?: JobSpec;
  /** it is what the order commits to */
  matches: boolean;
  algorithm: Hex;
  parameters: Hex;
  privacyCost: bigint;
};

/** A model's input as the buyer sealed it. */
export type InferenceInput = { salt: Hex; features: NamedFeatures };

const NOTHING: Hex = `0x${"00".repeat(32)}`;

/**
 * Reads an order's job: of an analysis or training from spec and salt; a download runs nothing; that of a model use is
 * sealed to the executor, so that others know only which model runs.
 *
 * @param modelDigest SHA-256 of the model's file, for a model use
 * @throws GATEWAY_JOB_INVALID when the job is not of the catalogue, of another kind, or above the order's privacy cap
 */
export function jobOf(
  order: Order,
  given: { spec?: unknown; salt?: Hex | undefined },
  modelDigest?: Hex,
): Job {
  if (order.kind === OrderKind.Download) {
    const algorithm = algorithmDigest("salus/download/1");
    return { matches: order.job === NO_JOB, algorithm, parameters: NOTHING, privacyCost: 0n };
  }
  if (order.kind === OrderKind.ModelUse) {
    const algorithm = algorithmDigest(`salus/inference/1/${modelDigest ?? NOTHING}`);
    return { matches: true, algorithm, parameters: order.job, privacyCost: 0n };
  }
  const { spec, salt } = given;
  if (spec === undefined || !salt) throw invalid("An analysis or training comes with its job and salt.");
  const { parsed, cost } = checkSpec(order, spec);
  return {
    spec: parsed,
    matches: commitJob(spec, salt) === order.job,
    algorithm: algorithmDigest(algorithmId(parsed)),
    parameters: commitParameters(parsed.parameters, salt),
    privacyCost: cost,
  };
}

/**
 * A job of the catalogue that an order, or a mandate for its runs, may ask for, with its privacy cost.
 *
 * @throws GATEWAY_JOB_INVALID
 */
export function checkSpec(
  order: Pick<Order, "kind" | "privacyCap">,
  spec: unknown,
): { parsed: JobSpec; cost: bigint } {
  const parsed = parse(spec);
  const training = parsed.analysis === "logistic-regression";
  if (training !== (order.kind === OrderKind.Training)) {
    throw invalid(
      `The order is for ${training ? "an analysis" : "a training"}, but the job is ${parsed.analysis}.`,
    );
  }
  const cost = privacyCost(parsed);
  if (cost > order.privacyCap) {
    throw invalid(`The job costs ${cost}·10⁻⁹ rho, more than the order's cap of ${order.privacyCap}·10⁻⁹.`);
  }
  return { parsed, cost };
}

function parse(spec: unknown): JobSpec {
  try {
    return parseJobSpec(spec);
  } catch (error) {
    if (!(error instanceof ComputeError)) throw error;
    throw new GatewayError("GATEWAY_JOB_INVALID", error.message, { hint: error.hint, cause: error });
  }
}

function invalid(message: string): GatewayError {
  return new GatewayError("GATEWAY_JOB_INVALID", message);
}
