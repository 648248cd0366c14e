import { readAsset } from "@salus/sdk/assets/read-asset";
import { hashStruct } from "@salus/sdk/chain/hash-struct";
import { OrderKind, MandateState } from "@salus/sdk/generated/constants";
import { commitJob } from "@salus/sdk/gateway/commitments";
import { toWire } from "@salus/sdk/gateway/wire";
import { readMandateStatus } from "@salus/sdk/mandates/read-mandate";
import type { Mandate } from "@salus/sdk/types";
import type { Hex } from "viem";
import type { Context } from "../context.ts";
import { reached } from "../durable/steps.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { checkSpec } from "../orders/job-of.ts";

/** A mandate with the job of all its runs, as its buyer hands it in once. */
export type MandateHandedIn = { id: Hex; mandate: Mandate; spec: unknown; salt: Hex };

/**
 * Keeps a mandate's job, so that each of its runs finds it by its commitment, and watches the mandate from now on.
 * Handing it in again changes nothing.
 *
 * @throws GATEWAY_MANDATE_UNKNOWN, GATEWAY_NOT_EXECUTOR, GATEWAY_JOB_INVALID
 */
export async function acceptMandate(context: Context, handedIn: MandateHandedIn): Promise<void> {
  const { id, mandate, spec, salt } = handedIn;
  const { chain, deployment, db } = context;
  if (hashStruct(deployment, "Mandate", mandate) !== id) {
    throw new GatewayError("GATEWAY_MANDATE_UNKNOWN", `The mandate handed in is not ${id}.`);
  }
  const { state } = await readMandateStatus(chain.reader, id);
  if (state !== MandateState.Open) {
    throw new GatewayError("GATEWAY_MANDATE_UNKNOWN", `Mandate ${id} is not open on this chain.`);
  }
  const { custodian } = (await readAsset(chain.reader, mandate.asset)).cfg;
  if (custodian !== context.index) {
    throw new GatewayError(
      "GATEWAY_NOT_EXECUTOR",
      `Gateway ${custodian} executes the runs of this mandate, not this one.`,
    );
  }
  if (mandate.kind !== OrderKind.Analysis && mandate.kind !== OrderKind.Training) {
    throw new GatewayError("GATEWAY_JOB_INVALID", "Only analyses and trainings have a job to hand in.");
  }
  checkSpec(mandate, spec);
  if (commitJob(spec, salt) !== mandate.job) {
    throw new GatewayError("GATEWAY_JOB_INVALID", "This is not the job that the mandate commits to.");
  }
  await db
    .insertInto("mandates")
    .values({
      id,
      fixed: JSON.stringify(toWire("Mandate", mandate)),
      job: mandate.job,
      spec: JSON.stringify(spec),
      salt,
      closed: false,
      updated_at: context.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  reached("mandate.stored");
}
