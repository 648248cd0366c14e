import type { Hex } from "viem";
import { hashStruct } from "@salus/sdk/chain/hash-struct";
import type { Order } from "@salus/sdk/types";
import type { Context } from "../context.ts";

const known = new WeakMap<Order, Hex>();

/** The id that an order's fixed part gives. An order is hashed once, wherever it is asked for: nobody changes one. */
export function orderIdOf({ deployment }: Pick<Context, "deployment">, order: Order): Hex {
  let id = known.get(order);
  if (!id) known.set(order, (id = hashStruct(deployment, "Order", order)));
  return id;
}
