import {
  ChannelClosed,
  ChannelCloseRequested,
  ChannelOpened,
  ChannelToppedUp,
  VoucherClaimed,
} from "../../generated/UsageChannel/UsageChannel";
import { askToClose, claimVoucher, closeChannel, openChannel, topUpChannel } from "../entities/channel";

export function handleChannelOpened(event: ChannelOpened): void {
  openChannel(event);
}

export function handleChannelToppedUp(event: ChannelToppedUp): void {
  topUpChannel(event);
}

export function handleVoucherClaimed(event: VoucherClaimed): void {
  claimVoucher(event);
}

export function handleChannelCloseRequested(event: ChannelCloseRequested): void {
  askToClose(event);
}

export function handleChannelClosed(event: ChannelClosed): void {
  closeChannel(event);
}
