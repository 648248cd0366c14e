import type { Hex } from "viem";
import { send } from "@salus/sdk/chain/send";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import type { PeerReportRequest, PeerReportResponse } from "@salus/sdk/gateway/types";
import { fromWire } from "@salus/sdk/gateway/wire";
import { accessEscrowAbi } from "@salus/sdk/generated/abis";
import { OrderState } from "@salus/sdk/generated/constants";
import { readOrderStatus } from "@salus/sdk/orders/read-order-status";
import { refundOrder } from "@salus/sdk/orders/refund-order";
import { gatewaySetOf } from "../chain/reads.ts";
import type { Context } from "../context.ts";
import { reached } from "../durable/steps.ts";
import { isGatewayError } from "../errors/gateway-error.ts";
import { askPeer, peersOf } from "../peers/ask-peer.ts";
import { closeRelease } from "./close-release.ts";
import { findOrderRow, orderOf, type OrderRow, updateOrder } from "./order-rows.ts";

/** Seconds between two rounds. */
const AGAIN = 3;

/**
 * As a download's custodian: collects the gateways' statements of what they released and reports as soon as t of them
 * are equal. Without that by the deadline the buyer is refunded.
 */
export async function reportDownload(context: Context, id: Hex): Promise<void> {
  const row = await findOrderRow(context, id);
  if (!row || row.state !== "delivered") return;
  const order = orderOf(row);
  const status = await readOrderStatus(context.chain.reader, id);
  if (status.state !== OrderState.Delivered || status.reported) return lookAfter(context, id);
  const { head } = await context.chain.snapshot();
  if (head.time > status.changedAt + order.reportWindow) return giveBack(context, row);
  const agreed = agreeing(await statements(context, row), order.threshold);
  if (!agreed) {
    await context.queue.add("report-download", { id }, { key: `report:${id}`, delaySeconds: AGAIN });
    return;
  }
  await context.sender((writer) =>
    send(writer, {
      address: context.deployment.contracts.AccessEscrow,
      abi: accessEscrowAbi,
      functionName: "report",
      args: [
        order,
        fromWire("ReleaseReport", agreed[0]!.report),
        agreed.map(({ gateway, signature }) => ({ gateway, signature })),
      ],
    }),
  );
  reached("report.mined");
  await lookAfter(context, id);
}

async function statements(context: Context, row: OrderRow): Promise<PeerReportResponse[]> {
  const { members } = await gatewaySetOf(context.chain, orderOf(row).gatewaySet);
  const json: PeerReportRequest = { order: row.fixed };
  const asked = [
    ownStatement(context, row.id),
    ...(await peersOf(context, members)).map((peer) => peerStatement(context, peer, json)),
  ];
  return (await Promise.all(asked)).flatMap((statement) => statement ?? []);
}

async function ownStatement(context: Context, id: Hex): Promise<PeerReportResponse | undefined> {
  try {
    return await closeRelease(context, id);
  } catch (error) {
    if (isGatewayError(error, "GATEWAY_NOT_RELEASED")) return undefined;
    throw error;
  }
}

async function peerStatement(
  context: Context,
  peer: number,
  json: PeerReportRequest,
): Promise<PeerReportResponse | undefined> {
  try {
    return await askPeer<PeerReportResponse>(context, peer, {
      method: "POST",
      path: "/v1/peer/report",
      json,
    });
  } catch (error) {
    if (!(error instanceof GatewayRequestError)) throw error;
    context.logger.debug({ peer, code: error.code }, "a peer has no statement on a download");
    return undefined;
  }
}

/** At least t statements that are the same, ascending by gateway. */
function agreeing(all: readonly PeerReportResponse[], threshold: number): PeerReportResponse[] | undefined {
  const groups = Map.groupBy(all, ({ report }) => `${report.count}/${report.root}`);
  const found = [...groups.values()].find((group) => group.length >= threshold);
  return found?.toSorted((a, b) => a.gateway - b.gateway);
}

/** From its report on it is settled like any other; until that is final a reorganisation may undo it. */
async function lookAfter({ queue }: Context, id: Hex): Promise<void> {
  await queue.add("settle-order", { id }, { key: `settle:${id}`, delaySeconds: 1 });
}

async function giveBack(context: Context, row: OrderRow): Promise<void> {
  const { transactionHash } = await context.sender((writer) => refundOrder(writer, orderOf(row)));
  const failure = {
    code: "GATEWAY_NOT_REPORTED",
    message: "Too few gateways released the same records before the deadline; the order was refunded.",
    hint: "Order again, and fetch the key shares from every gateway of the set.",
  };
  await updateOrder(context, row.id, { state: "failed", failure, transaction: transactionHash });
}
