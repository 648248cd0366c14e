import {
  GatewayAdmitted,
  GatewayRemoved,
  GatewaySetCreated,
  GatewayUrlChanged,
  MinimumStakeChanged,
  StakeDeposited,
  StakeSlashed,
  StakeWithdrawalRequested,
  StakeWithdrawn,
} from "../../generated/GatewayRegistry/GatewayRegistry";
import { createGateway, createGatewaySet, removeGateway, setGatewayUrl } from "../entities/gateway";
import { setNumber } from "../entities/parameter";
import { depositStake, requestStake, slashStake, withdrawStake } from "../entities/stake";

export function handleGatewayAdmitted(event: GatewayAdmitted): void {
  createGateway(event);
}

export function handleGatewayRemoved(event: GatewayRemoved): void {
  removeGateway(event.params.gateway, event.block.timestamp);
}

export function handleGatewayUrlChanged(event: GatewayUrlChanged): void {
  setGatewayUrl(event.params.gateway, event.params.url);
}

export function handleGatewaySetCreated(event: GatewaySetCreated): void {
  createGatewaySet(event);
}

export function handleStakeDeposited(event: StakeDeposited): void {
  depositStake(event);
}

export function handleStakeWithdrawalRequested(event: StakeWithdrawalRequested): void {
  requestStake(event);
}

export function handleStakeWithdrawn(event: StakeWithdrawn): void {
  withdrawStake(event);
}

export function handleStakeSlashed(event: StakeSlashed): void {
  slashStake(event);
}

export function handleMinimumStakeChanged(event: MinimumStakeChanged): void {
  setNumber("GatewayRegistry.minimumStake", event.params.minimum, event);
}
