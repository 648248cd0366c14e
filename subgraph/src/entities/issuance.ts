import { Address, BigInt, Bytes } from "@graphprotocol/graph-ts";
import { EpochClosed, Minted, OrderRegistered } from "../../generated/Issuance/Issuance";
import { Issuance, FeePeriod, TokenEntitlement } from "../../generated/schema";
import { numberId, wordId } from "../lib/ids";
import { stamp } from "../lib/stamp";

const ONLY = Bytes.fromHexString("0x01");

/** A settled order's fee counts for its epoch. */
export function registerFee(event: OrderRegistered): void {
  const epoch = loadEpoch(event.params.epoch.toI32(), event.address);
  epoch.fees = epoch.fees.plus(event.params.fee);
  epoch.orderCount += 1;
  epoch.save();
  const issuance = loadIssuance(event.address);
  issuance.fees = issuance.fees.plus(event.params.fee);
  issuance.orderCount += 1;
  issuance.save();
  const entitlement = new TokenEntitlement(event.params.order);
  entitlement.order = event.params.order;
  entitlement.asset = wordId(event.params.asset);
  entitlement.epoch = epoch.id;
  entitlement.fee = event.params.fee;
  entitlement.custodianPayee = event.params.custodian;
  entitlement.curatorPayee = event.params.curator;
  entitlement.minted = false;
  stamp(entitlement, event);
  entitlement.save();
}

/** An epoch's price and cap were read. */
export function closeEpoch(event: EpochClosed): void {
  const epoch = loadEpoch(event.params.epoch.toI32(), event.address);
  epoch.price = event.params.price;
  epoch.cap = event.params.cap;
  epoch.treasury = event.params.treasury;
  epoch.supply = event.params.supply;
  epoch.closedAt = event.block.timestamp;
  epoch.save();
}

/** An order's tokens exist. */
export function mintTokens(event: Minted): void {
  const parts = event.params;
  const entitlement = TokenEntitlement.load(parts.order)!;
  entitlement.minted = true;
  entitlement.custodianTokens = parts.custodianTokens;
  entitlement.curatorTokens = parts.curatorTokens;
  entitlement.potTokens = parts.potTokens;
  entitlement.mintedAt = event.block.timestamp;
  entitlement.mintedIn = event.transaction.hash;
  entitlement.save();
  const tokens = parts.custodianTokens.plus(parts.curatorTokens).plus(parts.potTokens);
  const epoch = loadEpoch(parts.epoch.toI32(), event.address);
  epoch.minted = epoch.minted.plus(tokens);
  epoch.save();
  const issuance = loadIssuance(event.address);
  issuance.minted = issuance.minted.plus(tokens);
  issuance.save();
}

/** Whether an address is the issuance; it is known from the first order that was registered. */
export function isIssuance(address: Bytes): boolean {
  const issuance = Issuance.load(ONLY);
  return issuance != null && issuance.contract.equals(address);
}

function loadIssuance(contract: Address): Issuance {
  const known = Issuance.load(ONLY);
  if (known) return known;
  const issuance = new Issuance(ONLY);
  issuance.contract = contract;
  issuance.fees = BigInt.zero();
  issuance.minted = BigInt.zero();
  issuance.orderCount = 0;
  return issuance;
}

function loadEpoch(number: i32, contract: Address): FeePeriod {
  const id = numberId(number);
  const known = FeePeriod.load(id);
  if (known) return known;
  loadIssuance(contract).save();
  const epoch = new FeePeriod(id);
  epoch.number = number;
  epoch.fees = BigInt.zero();
  epoch.minted = BigInt.zero();
  epoch.orderCount = 0;
  return epoch;
}
