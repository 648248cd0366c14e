import type { Hex } from "viem";
import { accessEscrowAbi } from "@salus/sdk/generated/abis";
import type { Receipt } from "@salus/sdk/types";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";

/**
 * The receipt on which an order was delivered, from the escrow's event.
 *
 * @throws GATEWAY_NOT_FINAL when there is none
 */
export async function findDelivery(
  { chain }: Context,
  id: Hex,
): Promise<{ receipt: Receipt; signers: readonly number[] }> {
  const [event] = await chain.read(async ({ publicClient, deployment }) => {
    const events = await publicClient.getContractEvents({
      address: deployment.contracts.AccessEscrow,
      abi: accessEscrowAbi,
      eventName: "OrderDelivered",
      args: { id },
      fromBlock: BigInt(deployment.startBlock),
      strict: true,
    });
    return events.map(({ args }) => ({ receipt: args.receipt, signers: args.signers }));
  });
  if (event) return event;
  throw new GatewayError("GATEWAY_NOT_FINAL", `Order ${id} has no delivery on chain.`);
}
