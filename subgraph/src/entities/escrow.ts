import { Address, BigInt, Bytes, crypto, ValueKind } from "@graphprotocol/graph-ts";
import { Escrow } from "../../generated/schema";
import { LaterEscrow, LaterMandates } from "../../generated/templates";
import { loadProtocol } from "./protocol";

/** An escrow by its address; the caller saves it. */
export function loadEscrow(address: Bytes): Escrow {
  const known = Escrow.load(address);
  if (known) return known;
  const escrow = new Escrow(address);
  escrow.appointed = false;
  return escrow;
}

/**
 * The registry points new orders at an escrow. The first one is a data source of its own and spoke when it was
 * constructed; one that nobody has heard of yet gets listened to from here on.
 */
export function appointEscrow(address: Address, timestamp: BigInt): void {
  if (!Escrow.load(address)) {
    LaterEscrow.create(address);
    LaterMandates.create(mandatesOf(address));
  }
  const escrow = loadEscrow(address);
  if (!escrow.appointed) escrow.appointedAt = timestamp;
  escrow.appointed = true;
  escrow.save();
  const protocol = loadProtocol();
  protocol.escrow = address;
  if (knowsFee(escrow)) protocol.feeBps = escrow.feeBps;
  else protocol.unset("feeBps");
  protocol.save();
}

/** An escrow's constructor makes its mandates: the first contract of that account, so RLP of (address, nonce 1). */
function mandatesOf(escrow: Address): Address {
  const encoded = Bytes.fromHexString("0xd694").concat(escrow).concat(Bytes.fromHexString("0x01"));
  return Address.fromBytes(Bytes.fromUint8Array(crypto.keccak256(encoded).subarray(12)));
}

/** An escrow told its fee. */
export function setEscrowFee(address: Address, feeBps: i32): void {
  const escrow = loadEscrow(address);
  escrow.feeBps = feeBps;
  escrow.save();
  const protocol = loadProtocol();
  const current = protocol.escrow;
  if (!current || !current.equals(address)) return;
  protocol.feeBps = feeBps;
  protocol.save();
}

/** An order tells the fee of an escrow that was constructed before anyone listened to it. */
export function learnEscrowFee(address: Address, feeBps: i32): void {
  if (!knowsFee(loadEscrow(address))) setEscrowFee(address, feeBps);
}

/** An unknown Int reads as zero, and zero is a fee. */
function knowsFee(escrow: Escrow): boolean {
  const value = escrow.get("feeBps");
  return value !== null && value.kind != ValueKind.NULL;
}

/** Whether a depositor is or was the registry's escrow, so that what it deposits is a settlement. */
export function isEscrow(depositor: Address): boolean {
  const escrow = Escrow.load(depositor);
  return escrow !== null && escrow.appointed;
}
