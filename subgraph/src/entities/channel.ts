import { BigInt, Bytes } from "@graphprotocol/graph-ts";
import {
  ChannelClosed,
  ChannelCloseRequested,
  ChannelOpened,
  ChannelToppedUp,
  VoucherClaimed,
} from "../../generated/UsageChannel/UsageChannel";
import { Channel, ChannelTopUp, VoucherClaim } from "../../generated/schema";
import { eventId, numberId, wordId } from "../lib/ids";
import { stamp } from "../lib/stamp";
import { loadProtocol } from "./protocol";

/** A payer prepaid a model. */
export function openChannel(event: ChannelOpened): void {
  const fixed = event.params.channel;
  const channel = new Channel(event.params.id);
  channel.payer = fixed.payer;
  channel.salt = fixed.salt;
  channel.asset = wordId(fixed.asset);
  channel.version = fixed.version;
  channel.uses = fixed.uses;
  channel.country = fixed.country;
  channel.disease = fixed.disease;
  channel.project = fixed.project;
  channel.termsHash = fixed.termsHash;
  channel.tokenIndex = fixed.token;
  channel.price = fixed.price;
  channel.feeBps = fixed.feeBps;
  channel.custodianBps = fixed.custodianBps;
  channel.curatorBps = fixed.curatorBps;
  channel.custodian = numberId(fixed.custodian);
  channel.until = fixed.until;
  channel.state = "Open";
  channel.paidIn = fixed.deposit;
  channel.balance = fixed.deposit;
  channel.claimed = BigInt.zero();
  channel.fees = BigInt.zero();
  channel.nonce = BigInt.zero();
  channel.openedAt = event.block.timestamp;
  channel.save();
  const protocol = loadProtocol();
  protocol.usageChannel = event.address;
  protocol.channelCount += 1;
  protocol.save();
}

/** Somebody added to the deposit. */
export function topUpChannel(event: ChannelToppedUp): void {
  const channel = Channel.load(event.params.id);
  if (!channel) return;
  channel.paidIn = channel.paidIn.plus(event.params.amount);
  channel.balance = event.params.balance;
  channel.save();
  const topUp = new ChannelTopUp(eventId(event));
  topUp.channel = channel.id;
  topUp.from = event.params.from;
  topUp.amount = event.params.amount;
  stamp(topUp, event);
  topUp.save();
}

/** The custodian claimed what the latest voucher owed. */
export function claimVoucher(event: VoucherClaimed): void {
  const channel = Channel.load(event.params.id);
  if (!channel) return;
  channel.balance = event.params.balance;
  channel.claimed = event.params.amount;
  channel.fees = channel.fees.plus(event.params.fee);
  channel.nonce = event.params.nonce;
  channel.save();
  const claim = new VoucherClaim(eventId(event));
  claim.channel = channel.id;
  claim.nonce = event.params.nonce;
  claim.total = event.params.amount;
  claim.pot = event.params.pot;
  claim.custodian = event.params.custodian;
  claim.curator = event.params.curator;
  claim.fee = event.params.fee;
  stamp(claim, event);
  claim.save();
}

/** The payer wants to close alone. */
export function askToClose(event: ChannelCloseRequested): void {
  const channel = Channel.load(event.params.id);
  if (!channel) return;
  channel.closesAt = event.params.closesAt;
  channel.save();
}

/** The rest went back to the payer. */
export function closeChannel(event: ChannelClosed): void {
  const channel = Channel.load(event.params.id);
  if (!channel) return;
  channel.state = "Closed";
  channel.balance = BigInt.zero();
  channel.refund = event.params.refund;
  channel.closedAt = event.block.timestamp;
  channel.save();
}

/** Whether a depositor is the channels' contract, so that what it deposits was earned by a voucher. */
export function isUsageChannel(depositor: Bytes): boolean {
  const known = loadProtocol().usageChannel;
  return known !== null && known.equals(depositor);
}
