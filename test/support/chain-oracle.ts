import { toFunctionSelector, type Abi, type AbiFunction, type Hex } from "viem";
import { accessEscrowAbi } from "@salus/sdk";
import type { GatewayNetwork } from "./gateway-network.ts";

/* What the chain itself says was done about an order, whatever a gateway says. */

type About = { id: Hex; order: { salt: Hex } };

/** How often the escrow told of an order. */
export async function escrowEvents(
  network: GatewayNetwork,
  eventName: "OrderDelivered" | "OrderSettled" | "OrderFailed" | "OrderReported",
  { id }: Pick<About, "id">,
): Promise<number> {
  const { publicClient, deployment } = network.reader;
  const address = deployment.contracts.AccessEscrow;
  const args = { id };
  return (
    await publicClient.getContractEvents({ address, abi: accessEscrowAbi, eventName, args, fromBlock: 0n })
  ).length;
}

/** Transactions about an order that a gateway's operator sent, those included that were refused when they were mined. */
export async function escrowTransactions(
  network: GatewayNetwork,
  gateway: number,
  functionName: "deliver" | "settle" | "fail" | "report",
  { order }: Pick<About, "order">,
): Promise<number> {
  // The order's fixed part stands in calldata; of it the salt is its own.
  const inputs = await sentInputs(network, gateway, accessEscrowAbi, functionName);
  return inputs.filter((input) => input.includes(order.salt.slice(2))).length;
}

/** Calldata of every call of a function that a gateway's operator sent, oldest first, refused ones included. */
export async function sentInputs(
  network: GatewayNetwork,
  gateway: number,
  abi: Abi,
  functionName: string,
): Promise<Hex[]> {
  const { publicClient } = network.reader;
  const item = abi.find((each) => each.type === "function" && each.name === functionName);
  const selector = toFunctionSelector(item as AbiFunction);
  const from = network.gateways[gateway - 1]!.keys.operator.toLowerCase();
  const last = Number(await publicClient.getBlockNumber());
  const blocks = await Promise.all(
    Array.from({ length: last + 1 }, (_, number) =>
      publicClient.getBlock({ blockNumber: BigInt(number), includeTransactions: true }),
    ),
  );
  return blocks
    .flatMap(({ transactions }) => transactions)
    .filter((each) => each.from === from && each.input.startsWith(selector))
    .map(({ input }) => input);
}
