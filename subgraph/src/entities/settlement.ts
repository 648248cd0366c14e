import { Bytes } from "@graphprotocol/graph-ts";
import { OrderSettled } from "../../generated/AccessEscrow/AccessEscrow";
import { Asset, Gateway, Order, Settlement } from "../../generated/schema";
import { stamp } from "../lib/stamp";

/** The exact split. The escrow pays whoever operates the custodian and owns the asset at this moment. */
export function createSettlement(order: Order, event: OrderSettled): Settlement {
  const settlement = new Settlement(order.id);
  settlement.order = order.id;
  settlement.asset = order.asset;
  settlement.token = order.token;
  settlement.pot = event.params.pot;
  settlement.custodian = event.params.custodian;
  settlement.custodianPayee = operatorOf(order.custodian);
  settlement.curator = event.params.curator;
  settlement.curatorPayee = curatorOf(order.asset);
  settlement.fee = event.params.fee;
  settlement.refund = event.params.refund;
  stamp(settlement, event);
  settlement.save();
  return settlement;
}

function operatorOf(custodian: Bytes): Bytes {
  const gateway = Gateway.load(custodian);
  return gateway ? gateway.operator : new Bytes(20);
}

function curatorOf(id: Bytes): Bytes {
  const asset = Asset.load(id);
  return asset ? asset.curator : new Bytes(20);
}
